"""Leftovers: an environment holds the same things before and after a chapter."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import resources

from handbook.environment import Inspecting, Provider
from handbook.errors import CouldNotRun
from handbook.performance import Performed
from handbook.progress import Progress

LONGEST = 90.0
"""Seconds that things may take to be gone after they were deleted, on a machine that is as fast as others."""

PAUSE = 1.0
FEW = 5
"""So many things are told by name."""


def objects_script() -> str:
    """A shell script for providers: it prints what a cluster holds, and the files of the folders that are its arguments."""
    return resources.files("handbook").joinpath("assets/cluster-objects.sh").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Inspection:
    """Looks at an environment before a chapter and after it.

    Parameters:
        provider: The environment, while it is up.
        progress: Where to say what is waited for.
        patience: How many times as long as usual things may take there.
        is_stopped: Tells whether somebody has ended the chapters.
    """

    provider: Provider
    progress: Progress
    patience: float
    is_stopped: Callable[[], bool]

    def holdings(self) -> frozenset[str]:
        """What the environment holds; nothing where its provider does not look.

        Raises:
            CouldNotRun: Where nobody answers for long.
        """
        deadline = self._deadline()
        while True:
            try:
                return self._look()
            except CouldNotRun:
                if time.monotonic() > deadline:
                    raise
            self._pause()

    def proved(self, before: frozenset[str], steps: Sequence[Performed]) -> tuple[Performed, ...]:
        """The steps of a chapter; the last of the author's own has a problem where they left the environment other than it was.

        Parameters:
            before: What it held before the first step.
            steps: All of them, in the order in which they ran.
        """
        own = [number for number, done in enumerate(steps) if not done.step.options.hidden]
        if not own or any(done.problem for done in steps):
            return tuple(steps)
        problem = self._changed(before)
        last = own[-1]
        return (*steps[:last], replace(steps[last], problem=problem), *steps[last + 1 :]) if problem else tuple(steps)

    def _changed(self, before: frozenset[str]) -> str:
        """What is not as it was, as a sentence, when its time to go is over; empty where all is."""
        deadline, told = self._deadline(), False
        while True:
            try:
                problem = _difference(before, self._look())
            except CouldNotRun as error:
                problem = f"after it the environment does not answer: {error}"
            if not problem or time.monotonic() > deadline:
                return problem
            if not told:
                self.progress.say("waiting until everything is as it was before the chapter")
                told = True
            self._pause()

    def _look(self) -> frozenset[str]:
        return frozenset(self.provider.holds()) if isinstance(self.provider, Inspecting) else frozenset()

    def _deadline(self) -> float:
        return time.monotonic() + LONGEST * self.patience

    def _pause(self) -> None:
        if self.is_stopped():
            raise KeyboardInterrupt
        time.sleep(PAUSE)


def _difference(before: frozenset[str], after: frozenset[str]) -> str:
    found = [*_told(after - before, "left"), *_told(before - after, "gone")]
    return f"the chapter does not clean up: {'; '.join(found)}" if found else ""


def _told(things: frozenset[str], what: str) -> list[str]:
    more = [f"{len(things) - FEW} more"] if len(things) > FEW else []
    return [f"{what}: {', '.join([*sorted(things)[:FEW], *more])}"] if things else []
