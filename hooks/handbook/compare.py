"""Comparison: two recordings of a chapter, and everything that means something about how they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from handbook.comparison.captures import captured_pairs
from handbook.comparison.layout import layout_difference
from handbook.comparison.output_reader import OutputReader, Reading
from handbook.comparison.plain_lines import NameFinder, prints_other, same_lines
from handbook.comparison.shared_lines import SharedLines, as_parts
from handbook.comparison.step_pairs import StepPair, Unmatched, pair_steps
from handbook.comparison.walk import Position, Walk
from handbook.computed.contradictions import contradictions
from handbook.computed.known import Known, known_of
from handbook.computed.layers import wrong_stacks
from handbook.computed.promises import broken_promises
from handbook.drift import Change, Difference, Drift
from handbook.recording import RecordedStep, Recording
from handbook.tree import place_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing two recordings of a chapter.

    Parameters:
        chapter: The chapter's name.
        old: The environment of the old recording.
        new: The environment of the new one.
        drifts: One for each step that differs, in the order of the chapter; those of mere layout too.
        only_old: Steps that the new recording lacks: variants of a chapter, or a chapter that was edited.
        only_new: Steps that the old recording lacks.
        notes: What people should know about the comparison itself, such as an output that its kind could not read.
    """

    chapter: str
    old: str
    new: str
    drifts: tuple[Drift, ...] = ()
    only_old: tuple[Unmatched, ...] = ()
    only_new: tuple[Unmatched, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def means_something(self) -> bool:
        """True where a step drifted in more than its layout."""
        return any(drift.means_something for drift in self.drifts)

    @property
    def tells_something(self) -> bool:
        """True where it drifted, and where one of the recordings has steps that the other lacks."""
        return self.means_something or bool(self.only_old or self.only_new)


class Alone(NamedTuple):
    """What only one of two environments recorded.

    Parameters:
        environment: Its name.
        chapters: Their names; there may be none.
    """

    environment: str
    chapters: tuple[str, ...]


def compare(old: Recording, new: Recording) -> Comparison:
    """Compare two recordings of a chapter under one renaming.

    Parameters:
        old: What is known.
        new: What was seen now, or in another environment.
    """
    pairing = pair_steps(old, new)
    work = _Work(OutputReader(old, new), pairing.pairs)
    work.run()
    work.compute(known_of(old), known_of(new))
    work.stack(step.output for snippet in old.snippets for step in snippet.steps)
    drifts = tuple(
        Drift(new.chapter, at.snippet, at.new, pair.new.command, pair.old, pair.new, tuple(differences), work.note(at))
        for pair in pairing.pairs
        if (differences := work.differences.get(at := pair.position))
    )
    return Comparison(new.chapter, old.environment, new.environment, drifts, pairing.only_old, pairing.only_new, tuple(work.notes))


def agrees(old: Recording, new: Recording) -> bool:
    """Tell whether a new recording means the same as the stored one, so that the stored file may stay as it is."""
    return _outline(old) == _outline(new) and not compare(old, new).means_something


def _outline(recording: Recording) -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [
        (snippet.id, snippet.target, [(step.command, step.options) for step in snippet.steps]) for snippet in recording.snippets
    ]


class _Work:
    """The comparison of a chapter while it goes on."""

    def __init__(self, reader: OutputReader, pairs: tuple[StepPair, ...]) -> None:
        self._reader = reader
        self._pairs = pairs
        self._plain = {pair.position: same_lines(pair.old, pair.new) for pair in pairs}
        self._readings: dict[Position, Reading] = {}
        self._walk = Walk()
        self.differences: dict[Position, list[Difference]] = {}

    @property
    def notes(self) -> list[str]:
        """What people should know about the readings."""
        return [f"step {at.new} of {at.snippet} is {reading.note}" for at, reading in self._readings.items() if reading.note]

    def note(self, position: Position) -> str:
        """What people should know about the reading of a step; empty where there is nothing to know."""
        return self._readings[position].note if position in self._readings else ""

    def run(self) -> None:
        """Compare every step; into lines that are the same in both recordings look only where a name in them became another one."""
        self.differences = {pair.position: found for pair in self._pairs if (found := list(_outside(pair)))}
        finder = NameFinder(frozenset())
        while [pair for pair in self._pairs if self._read(pair, finder)]:
            finder = NameFinder(self._walk_through())
        for pair in self._pairs:
            if (reading := self._readings.get(pair.position)) and (told := self.differences.get(pair.position)):
                sides = SharedLines(pair.old.output, reading.old), SharedLines(pair.new.output, reading.new)
                self.differences[pair.position] = as_parts(told, *sides)

    def compute(self, before: Known, now: Known) -> None:
        """Look for what cannot be right in an output, unless the same was wrong before."""
        for pair in self._pairs:
            told = {difference.sentence for difference in _impossible(pair.old, before)}
            found = [difference for difference in _impossible(pair.new, now) if difference.sentence not in told]
            if found:
                self.differences.setdefault(pair.position, []).extend(found)

    def stack(self, outputs: Iterable[str]) -> None:
        """Look for stacks of layers that are not called what follows from what became of their layers."""
        if not self._walk.moved():
            return
        for name, sentence in wrong_stacks(outputs, partial(self._walk.became, "id")):
            for pair in self._pairs:
                if place := place_of(name, pair.new.output):
                    found = Difference(Change.RELATION, f"line {place.line}: {sentence}", None, place)
                    self.differences.setdefault(pair.position, []).append(found)
                    break

    def _read(self, pair: StepPair, finder: NameFinder) -> bool:
        """Read a step, or read it again because names in its plain lines matter after all; tells whether it had to be."""
        plain = self._plain[pair.position]
        in_play = finder.lines(pair.new.output, plain)
        if not in_play and (pair.position in self._readings or not prints_other(pair.old, pair.new)):
            return False
        self._plain[pair.position] = plain - in_play
        self._readings[pair.position] = self._reader.read(pair, plain - in_play)
        return True

    def _walk_through(self) -> frozenset[str]:
        """Walk through the chapter; returns the names that became others."""
        walk = self._walk = Walk()
        self.differences = {}
        for pair in self._pairs:
            found = list(_outside(pair))
            if reading := self._readings.get(pair.position):
                walk.begin(pair.position)
                captured = list(walk.bind(captured_pairs(pair, reading.old.stdout, reading.new.stdout)))
                found += [*captured, *_inside(walk, reading)] or _layout(reading, pair)
            if found:
                self.differences[pair.position] = found
        for position, difference in walk.settle():
            self.differences.setdefault(position, []).append(difference)
        return walk.moved()


def _impossible(step: RecordedStep, known: Known) -> Iterator[Difference]:
    """What cannot be right in a step's output, whatever it is compared with."""
    yield from broken_promises(step)
    yield from contradictions(step, known)


def _inside(walk: Walk, reading: Reading) -> list[Difference]:
    """What differs in the output, line by line."""
    stderr = walk.compare(reading.old.stderr, reading.new.stderr)
    found = walk.compare(reading.old.stdout, reading.new.stdout)
    found += (replace(difference, sentence=f"standard error, {difference.sentence}") for difference in stderr)
    return sorted(found, key=_line)


def _line(difference: Difference) -> int:
    place = difference.new or difference.old
    return place.line if place else 0


def _layout(reading: Reading, pair: StepPair) -> Iterator[Difference]:
    if difference := layout_difference(reading.old.stdout, reading.new.stdout, pair.old.output, pair.new.output):
        yield difference
    if {span.style for span in pair.old.spans} != {span.style for span in pair.new.spans}:
        yield Difference(Change.COSMETIC, "other colours")


def _outside(pair: StepPair) -> Iterator[Difference]:
    """What differs beside the output."""
    old, new = pair.old, pair.new
    if old.exit != new.exit:
        yield Difference(Change.VALUE, f"exit status {new.exit} where {old.exit} was")
    if pair.targets[0] != pair.targets[1]:
        yield Difference(Change.STRUCTURAL, f"it runs on {pair.targets[1]} and no longer on {pair.targets[0]}")
    if bool(old.truncated) != bool(new.truncated):
        which = f"it printed {new.truncated} bytes, more than is kept" if new.truncated else "it no longer prints more than is kept"
        yield Difference(Change.STRUCTURAL, which)
