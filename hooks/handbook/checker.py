"""Checking: stored recordings against the chapters, without any environment; or a live run against what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from handbook.chapter import Chapter, recorded
from handbook.compare import compare
from handbook.computed.contradictions import contradictions
from handbook.computed.known import Known, known_of
from handbook.computed.promises import broken_promises
from handbook.drift import Drift, FactChange, differing_facts
from handbook.expectation import Mismatch, mismatch
from handbook.fingerprint import Fingerprint
from handbook.performance import Performance, Performed
from handbook.recording import RecordedEnvironment, RecordedStep, Recording
from handbook.secrets import leaks
from handbook.snippet import Snippet
from handbook.staleness import Place, first_stale, in_run_order
from handbook.step import Step
from handbook.store import Store

# Lines that are shown of what a step printed which did not pass.
LAST = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree.

    Parameters:
        path: The chapter's file.
        line: The line of the step, 1 where it is about the whole chapter.
        chapter: The chapter's name.
        environment: The environment's name.
        snippet: The snippet's id; empty where it is about the whole chapter.
        step: Which step of it, counted from 1; 0 where it is about more than one.
        problem: What does not agree, as a sentence.
        remedy: The command that mends or accepts it.
        stale: True where the recording is not one of the chapter as it is; then it says nothing about any step from this one on.
        drift: The drift, where it is one.
        facts: In what the environment is no longer the one that was recorded; the drift may come from that.
        shown: Lines that show it: of both outputs, or the last ones that a step printed which did not pass.
    """

    path: Path
    line: int
    chapter: str
    environment: str
    snippet: str
    step: int
    problem: str
    remedy: str
    stale: bool = False
    drift: Drift | None = None
    facts: tuple[FactChange, ...] = ()
    shown: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = " ".join(filter(None, (self.environment, self.snippet and f"#{self.snippet}")))
        return ": ".join(filter(None, (f"{self.path}:{self.line}", where, self.problem))) + f"\n  next: {self.remedy}"


def replay(chapter: Chapter, store: Store, environment: RecordedEnvironment, default_target: str = "node") -> Iterator[Finding]:
    """Check a stored recording of a chapter against the chapter: staleness, expectations, exit statuses, secrets.

    Parameters:
        chapter: The chapter.
        store: Where its recordings are.
        environment: The environment whose recording is checked.
        default_target: The environment's own target.
    """
    if not chapter.applies(environment.fingerprint):
        return
    again = f"handbook record {environment.name} {chapter.name}"
    snippets = recorded(chapter.variant(environment.fingerprint))
    recording = store.load(environment.name, chapter.name)
    if recording is None:
        if snippets:
            yield Finding(chapter.path, 1, chapter.name, environment.name, "", 0, "not recorded", again)
        return
    yield from _leaks(chapter, environment.name, snippets, recording)
    if stale := first_stale(chapter, snippets, recording, default_target):
        yield _stale(chapter, environment.name, stale)
    else:
        yield from _expectations(chapter, environment.name, snippets, recording)


def not_recorded(chapter: Chapter, store: Store) -> Iterator[Finding]:
    """Find out whether a chapter that should be recorded is not recorded anywhere, since nothing is."""
    if recorded(chapter.snippets) and not store.environments:
        again = f"handbook record ENVIRONMENT {chapter.name}"
        yield Finding(chapter.path, 1, chapter.name, "", "", 0, "not recorded in any environment", again)


def orphans(store: Store, names: Container[str]) -> Iterator[Finding]:
    """Find recordings that nothing shows or checks any more.

    Parameters:
        store: The recordings.
        names: Of all chapters.
    """
    for environment in store.folders():
        known = store.environment(environment) is not None
        for name in store.chapters(environment):
            path = store.path(environment, name)
            if not known:
                problem, remedy = f"{environment}.yml is not there", f"handbook record {environment} {name}"
            elif name in names:
                continue
            else:
                problem, remedy = "records a chapter that is not there", "remove it, or move it to where the chapter is now"
            yield Finding(path, 1, name, environment, "", 0, problem, remedy)


def _stale(chapter: Chapter, environment: str, place: Place) -> Finding:
    problem = f"stale from step {place.step} of #{place.snippet} on: it {place.reason}"
    again = f"handbook record {environment} {chapter.name}"
    line = place.line or 1
    return Finding(chapter.path, line, chapter.name, environment, place.snippet, place.step, problem, again, stale=True)


def _expectations(chapter: Chapter, environment: str, snippets: Sequence[Snippet], recording: Recording) -> Iterator[Finding]:
    known = known_of(recording)
    for snippet, stored in zip(snippets, in_run_order(recording, snippets), strict=True):
        for number, (step, was) in enumerate(zip(snippet.steps, stored.steps, strict=True), 1):
            problem, shown = _unexpected(step, was, known)
            if problem:
                remedy = f"mend the chapter, or handbook record {environment} {chapter.name}"
                yield Finding(chapter.path, step.line, chapter.name, environment, snippet.id, number, problem, remedy, shown=shown)


def _unexpected(step: Step, was: RecordedStep, known: Known) -> tuple[str, tuple[str, ...]]:
    """What is wrong with a recorded step, and lines that show it."""
    if was.exit != step.options.exit and not step.options.duration:
        return f"the recorded exit status is {was.exit}, expected {step.options.exit}", _last(was.output)
    if found := _mismatch(step, was.output):
        return f"the recorded output is not the expected one: {found}", found.excerpt()
    if broken := next(broken_promises(was), None):
        return f"the recorded output cannot be this step's: {broken.sentence}", _last(was.output)
    wrong = next(contradictions(was, known), None)
    return (f"the recorded output contradicts itself: {wrong.sentence}", ()) if wrong else ("", ())


def _mismatch(step: Step, output: str) -> Mismatch | None:
    return None if step.expected is None else mismatch(step.expected, output)


def _last(output: str) -> tuple[str, ...]:
    return tuple(f"| {line}" for line in output.splitlines()[-LAST:])


def _leaks(chapter: Chapter, environment: str, snippets: Sequence[Snippet], recording: Recording) -> Iterator[Finding]:
    lines = {(snippet.id, number): step.line for snippet in snippets for number, step in enumerate(snippet.steps, 1)}
    for leak in leaks(recording):
        line = lines.get((leak.snippet, leak.step), 0)
        step = leak.step if line else 0  # a step that the chapter no longer has is everybody's business
        problem = f"a secret stands in the recording of step {leak.step}: {leak.what}"
        again = f"handbook record {environment} {chapter.name}"
        yield Finding(chapter.path, line or 1, chapter.name, environment, leak.snippet, step, problem, again)


def judge(performance: Performance, stores: Sequence[Store], default_target: str, fingerprint: Fingerprint) -> Iterator[Finding]:
    """Judge a live run: steps that did not pass, and what drifted from the stored recording, or that this is of another chapter.

    Snippets that are for this machine and not for the one that was recorded, or the other way round, are compared with nothing.

    Parameters:
        performance: The run.
        stores: Where a recording may be. The first one that is of the chapter as it is counts, else the last one that is stored.
        default_target: The environment's own target.
        fingerprint: What the environment is now.
    """
    numbered = tuple(_numbered(performance))
    yield from (_failure(performance, number, done) for number, done in numbered if done.problem)
    stored = [found for store in stores if (found := _stored(performance, store, default_target))]
    if not stored:
        return
    old = next((found for found in stored if not found.stale), stored[-1])
    if old.stale:
        yield _stale(performance.chapter, performance.environment, old.stale)
        return
    facts = differing_facts(old.fingerprint, fingerprint)
    passed = {(done.snippet.id, number): done.step.line for number, done in numbered if not done.problem}
    for drift in compare(old.recording, performance.recording()).drifts:
        line = passed.get((drift.snippet, drift.step))
        if drift.means_something and line:
            yield _drift(performance, line, drift, facts)


def _numbered(performance: Performance) -> Iterator[tuple[int, Performed]]:
    """Every step that was run, and which step of its snippet it is."""
    counts = Counter[int]()
    for done in performance.steps:
        counts[done.snippet.line] += 1
        yield counts[done.snippet.line], done


class _Stored(NamedTuple):
    """What is stored of a chapter, of which environment, and where it stops being one of the chapter."""

    recording: Recording
    fingerprint: Fingerprint
    stale: Place | None


def _stored(performance: Performance, store: Store, default_target: str) -> _Stored | None:
    chapter, environment = performance.chapter, store.environment(performance.environment)
    recording = store.load(performance.environment, chapter.name)
    if not (environment and recording):
        return None
    stale = first_stale(chapter, chapter.variant(environment.fingerprint), recording, default_target)
    return _Stored(recording, environment.fingerprint, stale)


def _failure(performance: Performance, number: int, done: Performed) -> Finding:
    where = (performance.chapter.path, done.step.line, performance.chapter.name, performance.environment, done.snippet.id, number)
    remedy = f"mend the chapter, or look at it in handbook shell {performance.environment}"
    output = done.outcome.output.text
    found = _mismatch(done.step, output)
    shown = found.excerpt() if found and str(found) == done.problem else _last(output)
    return Finding(*where, done.problem, remedy, shown=shown)


def _drift(performance: Performance, line: int, drift: Drift, facts: tuple[FactChange, ...]) -> Finding:
    where = (performance.chapter.path, line, performance.chapter.name, performance.environment, drift.snippet, drift.step)
    again = f"handbook record {performance.environment} {performance.chapter.name}"
    return Finding(*where, drift.sentence, again, drift=drift, facts=facts)
