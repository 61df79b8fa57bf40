"""Drift: differences between two recordings, each with what it means, where it stands and one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from handbook.fingerprint import Fingerprint
from handbook.recording import RecordedStep
from handbook.tree import Place


class Change(StrEnum):
    """What became different."""

    STRUCTURAL = "structural"
    """A line, a column, a key, a chain family came or went."""
    VALUE = "value"
    """An exact part changed."""
    RELATION = "relation"
    """A name is no longer the same in all its places."""
    COSMETIC = "cosmetic"
    """Layout only: it means nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs between two runs of a step.

    Parameters:
        change: What became different.
        sentence: The same for people, without a full stop at its end.
        old: Where it stands in the old output, or would stand in a line that is there; None where it is not part of the output.
        new: Where it stands in the new output, likewise.
        subject: What it is about, such as "column READY"; empty for the output as a whole.
        whole: True where a whole line, entry or section came or went, and not a part of one.
        height: How many lines it fills, counted from where it begins.
    """

    change: Change
    sentence: str
    old: Place | None = None
    new: Place | None = None
    subject: str = ""
    whole: bool = False
    height: int = 1

    @property
    def came(self) -> bool:
        """True where a whole thing is new."""
        return self.whole and bool(self.new) and not _holds_something(self.old)

    @property
    def went(self) -> bool:
        """True where a whole thing is gone."""
        return self.whole and bool(self.old) and not _holds_something(self.new)

    @property
    def about(self) -> str:
        """The subject, where the sentence does not name it."""
        return "" if self.subject in self.sentence else self.subject

    @property
    def means_something(self) -> bool:
        """False where only the layout differs."""
        return self.change is not Change.COSMETIC


def _holds_something(place: Place | None) -> bool:
    """False for the empty place in which something would stand."""
    return bool(place and place.start < place.end)


@dataclass(frozen=True, slots=True)
class Drift:
    """What differs in one step.

    Parameters:
        chapter: The chapter's name.
        snippet: The snippet's id.
        step: Which of its steps, counted from 1, in the new recording.
        command: The step's command as written.
        old: What the step did in the old recording.
        new: What it did in the new one.
        differences: At least one, in the order of the output.
        note: Why it was compared as text, where its kind could not read it; else empty.
    """

    chapter: str
    snippet: str
    step: int
    command: str
    old: RecordedStep
    new: RecordedStep
    differences: tuple[Difference, ...]
    note: str = ""

    @property
    def means_something(self) -> bool:
        """False where only the layout differs."""
        return self.first.means_something

    @property
    def meaningful(self) -> tuple[Difference, ...]:
        """The differences that mean something, in order."""
        return tuple(difference for difference in self.differences if difference.means_something)

    @property
    def first(self) -> Difference:
        """The first difference that means something, or else the first one."""
        return next((difference for difference in self.differences if difference.means_something), self.differences[0])

    @property
    def change(self) -> Change:
        """What became different first."""
        return self.first.change

    @property
    def sentence(self) -> str:
        """The first difference that means something, for people."""
        return self.first.sentence


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact in which two fingerprints differ, so that it could explain a drift.

    Parameters:
        name: The fact.
        old: Its old value; empty where it was absent.
        new: Its new value; empty where it is absent.
    """

    name: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.name} {self.old or '(absent)'} -> {self.new or '(absent)'}"


def differing_facts(old: Fingerprint, new: Fingerprint) -> tuple[FactChange, ...]:
    """The facts in which two fingerprints differ, in the order in which they are shown."""
    names: Iterable[str] = {**old.facts, **new.facts}
    pairs = (FactChange(name, old.get(name), new.get(name)) for name in names)
    return tuple(pair for pair in pairs if pair.old != pair.new)
