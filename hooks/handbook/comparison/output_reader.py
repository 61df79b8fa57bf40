"""Outputs as trees: the kind reads what came on standard output; standard error is always text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from handbook.comparison.captures import captured_roles, captured_values
from handbook.comparison.renaming import SHORT_ID
from handbook.comparison.step_pairs import StepPair
from handbook.kinds import FALLBACK, Kind, Unreadable, kind_named, kind_of
from handbook.reading.step_options import recorded_options
from handbook.recognition.context import Context, typed_values
from handbook.recognition.patterns import RANDOM
from handbook.recording import RecordedStep, Recording
from handbook.tree import Leaf, Node, Ordered, leaves

NOTHING = Ordered(())
# What some commands print alone of longer names, by role; a number is a hash or an id only where the longer name is.
PARTS = {
    "template hash": re.compile(rf"\b[a-z][a-z0-9-]*-(?!\d+-)({RANDOM}{{8,10}})-{RANDOM}{{5}}\b"),
    "endpoint chain": re.compile(r"KUBE-SEP-([A-Z2-7]{16})\b"),
    "id": re.compile(rf"\b(\d{{{SHORT_ID}}})[0-9a-f]{{52}}\b"),
}
# The hash of a template follows from the template and the version of Kubernetes; a restart writes the time into the template.
RESTARTED = re.compile(r"\brollout restart\b|restartedAt")


class Trees(NamedTuple):
    """An output of two channels.

    Parameters:
        stdout: What came on standard output.
        stderr: What came on standard error.
    """

    stdout: Node
    stderr: Node


class Reading(NamedTuple):
    """What one step printed in both recordings.

    Parameters:
        old: In the old one.
        new: In the new one.
        note: Why it is compared as text, where its kind could not read one of them; else empty.
    """

    old: Trees
    new: Trees
    note: str = ""


class OutputReader:
    """Reads the outputs of two recordings of one chapter.

    Parameters:
        old: The old recording.
        new: The new one.
    """

    def __init__(self, old: Recording, new: Recording) -> None:
        self._recordings = old, new
        steps = [step for recording in (old, new) for snippet in recording.snippets for step in snippet.steps]
        self._typed = typed_values({step.command for step in steps})
        self._lessons = _lessons(old, new, steps)
        self._parts = _parts(old), _parts(new)

    def read(self, pair: StepPair, plain: frozenset[int]) -> Reading:
        """Read the two outputs of a step, both as the same kind.

        Parameters:
            pair: The step.
            plain: Numbers of lines that need no look.
        """
        contexts = self._complete(pair.old, pair.targets[0], 0, plain), self._complete(pair.new, pair.targets[1], 1, plain)
        kind = kind_of(pair.new.command, recorded_options(pair.new.options).kind)
        try:
            return Reading(_trees(kind, pair.old, contexts[0]), _trees(kind, pair.new, contexts[1]))
        except Unreadable as error:
            text = kind_named(FALLBACK)
            note = f"compared as text: it cannot be read as {kind.name} ({error})"
            return Reading(_trees(text, pair.old, contexts[0]), _trees(text, pair.new, contexts[1]), note)

    def _complete(self, step: RecordedStep, target: str, side: int, plain: frozenset[int]) -> Context:
        context = self._context(step, target)
        return replace(context, captured=self._captured[side], plain=plain, parts=self._parts[side])

    def _context(self, step: RecordedStep, target: str) -> Context:
        ignore = recorded_options(step.options).ignore
        pattern = re.compile(ignore) if ignore else None
        return Context(step.command, target, self._typed, ignore=pattern, lessons=self._lessons)

    @cached_property
    def _captured(self) -> tuple[Mapping[str, str], ...]:
        """The captured values of both recordings, each with its role."""
        roles = captured_roles(self._recordings, self._recognised)
        return tuple(captured_values(recording, roles) for recording in self._recordings)

    def _recognised(self, step: RecordedStep, target: str) -> Iterator[Leaf]:
        """The leaves of what a step printed, whatever was captured."""
        context, kind = self._context(step, target), kind_of(step.command, recorded_options(step.options).kind)
        try:
            trees = _trees(kind, step, context)
        except Unreadable:
            trees = _trees(kind_named(FALLBACK), step, context)
        return (leaf for tree in trees for leaf in leaves(tree))


def _lessons(old: Recording, new: Recording, steps: Iterable[RecordedStep]) -> frozenset[str]:
    """Roles of names that cannot be others in another run of this chapter."""
    if old.environment != new.environment or any(RESTARTED.search(step.command) for step in steps):
        return frozenset()
    return frozenset({"template hash"})


def _parts(recording: Recording) -> Mapping[str, str]:
    """What stands in the names of objects and may stand alone, with its role."""
    outputs = {step.output for snippet in recording.snippets for step in snippet.steps}
    return {text: role for role, regex in PARTS.items() for output in outputs for text in regex.findall(output)}


def _trees(kind: Kind, step: RecordedStep, context: Context) -> Trees:
    if not step.stderr:
        return Trees(kind.parse(step.output, context), NOTHING)
    lines, numbers = step.output.split("\n"), frozenset(step.stderr)
    stderr = kind_named(FALLBACK).parse(_only(lines, numbers, wanted=True), context)
    return Trees(kind.parse(_only(lines, numbers, wanted=False), context), stderr)


def _only(lines: Sequence[str], numbers: frozenset[int], *, wanted: bool) -> str:
    """The lines of one channel; those of the other are empty, so that line numbers hold."""
    return "\n".join(line if (number in numbers) == wanted else "" for number, line in enumerate(lines, 1))
