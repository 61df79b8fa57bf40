"""Leftovers: an environment holds the same things before and after a chapter."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources

from handbook.environment import Inspecting, Provider
from handbook.errors import CouldNotRun
from handbook.performance import Performed

LONGEST = 90.0
"""Seconds that things may take to be gone after they were deleted."""

PAUSE = 1.0
FEW = 5
"""So many things are told by name."""


def objects_script() -> str:
    """A shell script for providers: it prints what a cluster holds, and the files of the folders that are its arguments."""
    return resources.files("handbook").joinpath("assets/cluster-objects.sh").read_text(encoding="utf-8")


def holdings(provider: Provider) -> frozenset[str]:
    """What an environment holds; nothing where its provider does not look."""
    return frozenset(provider.holds()) if isinstance(provider, Inspecting) else frozenset()


def proved(provider: Provider, before: frozenset[str], steps: Sequence[Performed]) -> tuple[Performed, ...]:
    """The steps of a chapter; the last one has a problem where they left the environment other than it was.

    Parameters:
        provider: The environment, still up.
        before: What it held before the first step.
        steps: All of them, in the order in which they ran.
    """
    if not steps or any(step.problem for step in steps):
        return tuple(steps)
    changed = _changed(provider, before)
    return (*steps[:-1], replace(steps[-1], problem=changed)) if changed else tuple(steps)


def _changed(provider: Provider, before: frozenset[str]) -> str:
    """What is not as it was, as a sentence, when its time to go is over; empty where all is."""
    deadline = time.monotonic() + LONGEST
    while True:
        try:
            problem = _difference(before, holdings(provider))
        except CouldNotRun as error:
            problem = f"after it the environment does not answer: {error}"
        if not problem or time.monotonic() > deadline:
            return problem
        time.sleep(PAUSE)


def _difference(before: frozenset[str], after: frozenset[str]) -> str:
    found = [*_told(after - before, "left"), *_told(before - after, "gone")]
    return f"the chapter does not clean up: {'; '.join(found)}" if found else ""


def _told(things: frozenset[str], what: str) -> list[str]:
    more = [f"{len(things) - FEW} more"] if len(things) > FEW else []
    return [f"{what}: {', '.join([*sorted(things)[:FEW], *more])}"] if things else []
