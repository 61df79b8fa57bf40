"""Comparison: two recordings of a chapter, and everything that means something about how they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from handbook.drift import Change, Difference, Drift
from handbook.layout import layout_difference
from handbook.output_reader import OutputReader, Trees
from handbook.recording import RecordedStep, Recording
from handbook.step_pairs import StepPair, Unmatched, pair_steps
from handbook.walk import Position, Walk


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


def compare(old: Recording, new: Recording) -> Comparison:
    """Compare two recordings of a chapter under one renaming.

    Parameters:
        old: What is known.
        new: What was seen now, or in another environment.
    """
    pairing = pair_steps(old, new)
    work = _Work(OutputReader(old, new), pairing.pairs)
    work.run()
    drifts = tuple(
        Drift(new.chapter, pair.position.snippet, pair.position.new, pair.new.command, pair.old, pair.new, tuple(differences))
        for pair in pairing.pairs
        if (differences := work.differences.get(pair.position))
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
        self._walk = Walk()
        self.differences: dict[Position, list[Difference]] = {}
        self.notes: list[str] = []

    def run(self) -> None:
        """Compare every step. Where all outputs are equal, every name means itself and no tree is needed."""
        names_matter = any(_prints_other(pair.old, pair.new) for pair in self._pairs)
        for pair in self._pairs:
            found = list(_outside(pair))
            if names_matter:
                found += self._inside(pair)
            if found:
                self.differences[pair.position] = found
        for position, difference in self._walk.settle():
            self.differences.setdefault(position, []).append(difference)

    def _inside(self, pair: StepPair) -> list[Difference]:
        """What differs in the output."""
        self._walk.begin(pair.position)
        if not _prints_other(pair.old, pair.new):
            trees = self._reader.read_same(pair.new, pair.targets[1])
            return self._walk.same(trees.stdout) + self._walk.same(trees.stderr)
        old, new, note = self._reader.read(pair.old, pair.new, pair.targets)
        if note:
            self.notes.append(f"step {pair.position.new} of {pair.position.snippet} is {note}")
        found = self._walk.compare(old.stdout, new.stdout)
        found += (replace(one, sentence=f"standard error, {one.sentence}") for one in self._walk.compare(old.stderr, new.stderr))
        return found or list(_layout(old, new, pair))


def _prints_other(old: RecordedStep, new: RecordedStep) -> bool:
    return old.output != new.output or old.stderr != new.stderr


def _layout(old: Trees, new: Trees, pair: StepPair) -> Iterator[Difference]:
    if difference := layout_difference(old.stdout, new.stdout, pair.old.output, pair.new.output):
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
    if old.options != new.options:
        yield Difference(Change.STRUCTURAL, f"its options are {new.options or 'none'} where they were {old.options or 'none'}")
    if bool(old.truncated) != bool(new.truncated):
        which = f"it printed {new.truncated} bytes, more than is kept" if new.truncated else "it no longer prints more than is kept"
        yield Difference(Change.STRUCTURAL, which)
