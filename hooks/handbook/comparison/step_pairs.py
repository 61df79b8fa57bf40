"""Which step of one recording is which step of another: the one with the same command, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from handbook.comparison.walk import Position
from handbook.recording import RecordedSnippet, RecordedStep, Recording

HIDDEN = re.compile(r"\bhidden\b")  # what no reader sees is no news


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A step that only one of two recordings has.

    Parameters:
        snippet: The snippet's id.
        step: Which of its steps, counted from 1.
        command: As written.
    """

    snippet: str
    step: int
    command: str


@dataclass(frozen=True, slots=True)
class StepPair:
    """One step in two recordings.

    Parameters:
        position: Where it stands in both.
        old: What it did in the old one.
        new: What it did in the new one.
        targets: Where it ran, in the old one and in the new one.
    """

    position: Position
    old: RecordedStep
    new: RecordedStep
    targets: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pairing:
    """The steps of two recordings.

    Parameters:
        pairs: Steps that both have, in the order of the new recording.
        only_old: Steps that the new recording lacks.
        only_new: Steps that the old recording lacks.
    """

    pairs: tuple[StepPair, ...]
    only_old: tuple[Unmatched, ...]
    only_new: tuple[Unmatched, ...]


def pair_steps(old: Recording, new: Recording) -> Pairing:
    """Pair the steps of two recordings of a chapter: snippets by id, steps of a snippet by command."""
    before = {snippet.id: snippet for snippet in old.snippets}
    now = {snippet.id for snippet in new.snippets}
    pairs: list[StepPair] = []
    only_old = [step for snippet in old.snippets if snippet.id not in now for step in _unmatched(snippet)]
    only_new: list[Unmatched] = []
    for snippet in new.snippets:
        if snippet.id not in before:
            only_new += _unmatched(snippet)
            continue
        matched = list(_matched(before[snippet.id], snippet))
        pairs += matched
        only_old += _without(before[snippet.id], {pair.position.old for pair in matched})
        only_new += _without(snippet, {pair.position.new for pair in matched})
    return Pairing(tuple(pairs), tuple(only_old), tuple(only_new))


def _matched(old: RecordedSnippet, new: RecordedSnippet) -> Iterator[StepPair]:
    commands = [step.command for step in old.steps], [step.command for step in new.steps]
    if commands[0] == commands[1]:
        blocks = [(0, 0, len(new.steps))]
    else:
        blocks = [(one, other, size) for one, other, size in SequenceMatcher(None, *commands, autojunk=False).get_matching_blocks()]
    for one, other, size in blocks:
        for index in range(size):
            position = Position(new.id, one + index + 1, other + index + 1)
            yield StepPair(position, old.steps[one + index], new.steps[other + index], (old.target, new.target))


def _unmatched(snippet: RecordedSnippet) -> list[Unmatched]:
    shown = ((number, step) for number, step in enumerate(snippet.steps, 1) if not HIDDEN.search(step.options))
    return [Unmatched(snippet.id, number, step.command) for number, step in shown]


def _without(snippet: RecordedSnippet, matched: set[int]) -> list[Unmatched]:
    return [step for step in _unmatched(snippet) if step.step not in matched]
