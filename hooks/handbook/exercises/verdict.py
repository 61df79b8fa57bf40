"""Verdicts: what a form of an exercise does in a stack. Recordings tell it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from handbook.applicability import may_hold
from handbook.book import Book
from handbook.chapter import Chapter
from handbook.compare import compare
from handbook.comparison.step_pairs import pair_steps
from handbook.condition import Condition
from handbook.drift import Drift
from handbook.edition import Edition, PrintedStep, make_edition
from handbook.exercises.form import Form
from handbook.exercises.list import Stack
from handbook.recording import RecordedStep, Recording
from handbook.snippet import Snippet


@dataclass(frozen=True, slots=True)
class Printed:
    """It ran there.

    Parameters:
        environment: Where.
        step: The step as it is written now.
        record: What it did.
        stale: True where it, or something that runs before it, changed since.
        before: The environment of the stack before, if the two outputs can be compared; else empty.
        drift: How it differs from what it did there; None where it means the same, or cannot be compared.
    """

    environment: str
    step: PrintedStep
    record: RecordedStep
    stale: bool
    before: str = ""
    drift: Drift | None = None


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """It could run there, or may be able to, and nobody has recorded that.

    Parameters:
        environment: Where.
    """

    environment: str


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """No environment of the stack can run it.

    Parameters:
        environment: The stack's first one.
        needs: The condition that it does not meet.
    """

    environment: str
    needs: str


Verdict = Printed | NotRecorded | NotApplicable


class Witness:
    """What the recordings of a book tell about exercises; every file is read once.

    Parameters:
        book: The book.
    """

    def __init__(self, book: Book) -> None:
        self._store = book.store
        self._files = {environment.name: environment for environment in book.environments}
        self._load = cache(book.store.load)
        self._editions: dict[tuple[str, str], Edition | None] = {}
        self._pairs: dict[tuple[str, str, str], Mapping[tuple[int, int], Drift | None]] = {}

    def verdicts(self, form: Form, stacks: Sequence[Stack]) -> Iterator[Verdict]:
        """What a form does in each stack.

        Parameters:
            form: The form.
            stacks: The stacks, the oldest in front.

        Raises:
            InputError: Where a recording is broken.
        """
        before: Printed | None = None
        for stack in stacks:
            verdict = self._verdict(form, stack)
            if isinstance(verdict, Printed):
                before, verdict = verdict, self._compared(form.chapter.name, before, verdict) if before else verdict
            yield verdict

    def _verdict(self, form: Form, stack: Stack) -> Verdict:
        for name in stack.environments:
            for snippet, number in form.variants:
                if self._holds(form.chapter.requires, name) and self._holds(snippet.when, name):
                    return self._told(form.chapter, snippet, number, name)
        return NotApplicable(stack.environments[0], self._needs(form, stack.environments[0]))

    def _told(self, chapter: Chapter, snippet: Snippet, number: int, name: str) -> Printed | NotRecorded:
        edition = self._edition(chapter, name)
        printed = edition.of(snippet) if edition else None
        step = printed.steps[number] if printed else None
        return Printed(name, step, step.record, printed.stale) if printed and step and step.record else NotRecorded(name)

    def _holds(self, condition: Condition, name: str) -> bool:
        """Tell whether a condition is true for an environment, or may be, where nothing was ever recorded in it."""
        known = self._store.environment(name)
        return condition.holds(known.fingerprint) if known else may_hold(condition, self._files[name].facts)

    def _needs(self, form: Form, name: str) -> str:
        if not self._holds(form.chapter.requires, name):
            return form.chapter.requires.text
        return " or ".join(dict.fromkeys(snippet.when.text for snippet, _ in form.variants))

    def _edition(self, chapter: Chapter, name: str) -> Edition | None:
        key = (chapter.name, name)
        if key not in self._editions:
            recording, environment = self._load(name, chapter.name), self._store.environment(name)
            target = self._files[name].target if name in self._files else "node"
            self._editions[key] = make_edition(chapter, recording, environment, 0, target) if recording and environment else None
        return self._editions[key]

    def _compared(self, chapter: str, old: Printed, new: Printed) -> Printed:
        """Beside what it did in the stack before. The whole chapter is compared, as everywhere."""
        key = (chapter, old.environment, new.environment)
        if key not in self._pairs:
            before, now = self._load(old.environment, chapter), self._load(new.environment, chapter)
            self._pairs[key] = dict(_pairs(before, now)) if before and now else {}
        pair = (id(old.record), id(new.record))
        return replace(new, before=old.environment, drift=self._pairs[key][pair]) if pair in self._pairs[key] else new


def _pairs(before: Recording, now: Recording) -> Iterator[tuple[tuple[int, int], Drift | None]]:
    """Steps that two recordings share, by their identity, and how they differ in more than their layout."""
    drifts = {id(drift.new): drift for drift in compare(before, now).drifts if drift.means_something}
    for pair in pair_steps(before, now).pairs:
        yield (id(pair.old), id(pair.new)), drifts.get(id(pair.new))
