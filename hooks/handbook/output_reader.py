"""Outputs as trees: the kind reads what came on standard output; standard error is always text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from handbook.kinds import FALLBACK, Kind, Unreadable, kind_named, kind_of
from handbook.recognition.context import Context, typed_values
from handbook.recording import RecordedStep, Recording
from handbook.step import NO_OPTIONS, StepOptions
from handbook.step_options import OptionError, parse_options
from handbook.tree import Node, Ordered

NOTHING = Ordered(())


class Trees(NamedTuple):
    """An output of two channels.

    Parameters:
        stdout: What came on standard output.
        stderr: What came on standard error.
    """

    stdout: Node
    stderr: Node


class OutputReader:
    """Reads the outputs of two recordings of one chapter.

    Parameters:
        old: The old recording.
        new: The new one.
    """

    def __init__(self, old: Recording, new: Recording) -> None:
        steps = [step for recording in (old, new) for snippet in recording.snippets for step in snippet.steps]
        self._typed = typed_values({step.command for step in steps})
        self._captured = _captured(old), _captured(new)

    def read(self, old: RecordedStep, new: RecordedStep, targets: tuple[str, str]) -> tuple[Trees, Trees, str]:
        """Read two outputs of one step, both as the same kind.

        Parameters:
            old: The step in the old recording.
            new: The step in the new one.
            targets: Where it ran.

        Returns:
            The trees of both, and a note where the kind could not read one of them; else an empty string.
        """
        contexts = self._context(old, targets[0], 0), self._context(new, targets[1], 1)
        kind = kind_of(new.command, _options(new.options).kind)
        try:
            return _trees(kind, old, contexts[0]), _trees(kind, new, contexts[1]), ""
        except Unreadable as error:
            text = kind_named(FALLBACK)
            note = f"compared as text: it cannot be read as {kind.name} ({error})"
            return _trees(text, old, contexts[0]), _trees(text, new, contexts[1]), note

    def read_same(self, step: RecordedStep, target: str) -> Trees:
        """Read an output that is the same in both recordings."""
        return self.read(step, step, (target, target))[0]

    def _context(self, step: RecordedStep, target: str, side: int) -> Context:
        ignore = _options(step.options).ignore
        return Context(step.command, target, self._typed, self._captured[side], re.compile(ignore) if ignore else None)


@lru_cache(maxsize=1024)
def _options(text: str) -> StepOptions:
    """The options of a recorded step; ones that no longer exist are those of a stale recording and say nothing."""
    try:
        return parse_options(text) if text else NO_OPTIONS
    except OptionError:
        return NO_OPTIONS


def _captured(recording: Recording) -> frozenset[str]:
    return frozenset(value for snippet in recording.snippets for step in snippet.steps for _, value in step.captured)


def _trees(kind: Kind, step: RecordedStep, context: Context) -> Trees:
    if not step.stderr:
        return Trees(kind.parse(step.output, context), NOTHING)
    lines, numbers = step.output.split("\n"), frozenset(step.stderr)
    stderr = kind_named(FALLBACK).parse(_only(lines, numbers, wanted=True), context)
    return Trees(kind.parse(_only(lines, numbers, wanted=False), context), stderr)


def _only(lines: Sequence[str], numbers: frozenset[int], *, wanted: bool) -> str:
    """The lines of one channel; those of the other are empty, so that line numbers hold."""
    return "\n".join(line if (number in numbers) == wanted else "" for number, line in enumerate(lines, 1))
