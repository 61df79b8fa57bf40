"""Checking: stored recordings against the chapters, without any environment; or a live run against what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from handbook.chapter import Chapter, recorded
from handbook.compare import compare
from handbook.drift import Drift
from handbook.expectation import mismatch
from handbook.performance import Performance, Performed
from handbook.recording import RecordedEnvironment, RecordedStep, Recording
from handbook.secrets import leaks
from handbook.snippet import Snippet
from handbook.staleness import first_stale
from handbook.step import Step
from handbook.store import Store


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
        drift: The drift, where it is one.
    """

    path: Path
    line: int
    chapter: str
    environment: str
    snippet: str
    step: int
    problem: str
    remedy: str
    drift: Drift | None = None

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}: {self.environment}" + (f" #{self.snippet}" if self.snippet else "")
        return f"{where}: {self.problem}\n  next: {self.remedy}"


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
    stale = first_stale(chapter, snippets, recording, default_target)
    if stale:
        problem = f"stale from step {stale.step} of #{stale.snippet} on: it {stale.reason}"
        yield Finding(chapter.path, stale.line or 1, chapter.name, environment.name, stale.snippet, stale.step, problem, again)
        return
    yield from _expectations(chapter, environment.name, snippets, recording)
    yield from _leaks(chapter, environment.name, recording, again)


def _expectations(chapter: Chapter, environment: str, snippets: Sequence[Snippet], recording: Recording) -> Iterator[Finding]:
    stored = {snippet.id: snippet for snippet in recording.snippets}
    for snippet in snippets:
        for number, (step, was) in enumerate(zip(snippet.steps, stored[snippet.id].steps, strict=True), 1):
            if problem := _unexpected(step, was):
                remedy = f"mend the chapter, or handbook record {environment} {chapter.name}"
                yield Finding(chapter.path, step.line, chapter.name, environment, snippet.id, number, problem, remedy)


def _unexpected(step: Step, was: RecordedStep) -> str:
    if was.exit != step.options.exit and not step.options.duration:
        return f"the recorded exit status is {was.exit}, expected {step.options.exit}"
    if step.expected is None:
        return ""
    found = mismatch(step.expected, was.output)
    return f"the recorded output is not the expected one: {found}" if found else ""


def _leaks(chapter: Chapter, environment: str, recording: Recording, again: str) -> Iterator[Finding]:
    for leak in leaks(recording):
        problem = f"a secret stands in the recording: {leak.what}"
        yield Finding(chapter.path, 1, chapter.name, environment, leak.snippet, leak.step, problem, again)


def judge(performance: Performance, old: Recording | None) -> Iterator[Finding]:
    """Judge a live run: steps that did not pass, and what drifted from the stored recording.

    Parameters:
        performance: The run.
        old: What is stored; None where nothing is.
    """
    failed = {(done.snippet.id, done.snippet.line, done.step.line) for done in performance.failures}
    yield from (_failure(performance, done) for done in performance.failures)
    if old is None:
        return
    lines = _lines(performance)
    again = f"handbook record {performance.environment} {performance.chapter.name}"
    for drift in compare(old, performance.recording()).drifts:
        place = lines.get((drift.snippet, drift.step))
        if drift.means_something and place and (drift.snippet, place.snippet.line, place.step.line) not in failed:
            line, chapter = place.step.line, performance.chapter
            yield Finding(
                chapter.path, line, chapter.name, performance.environment, drift.snippet, drift.step, drift.sentence, again, drift
            )


def _failure(performance: Performance, done: Performed) -> Finding:
    chapter = performance.chapter
    number = done.snippet.steps.index(done.step) + 1
    remedy = f"mend the chapter, or look at it in handbook shell {performance.environment}"
    return Finding(
        chapter.path, done.step.line, chapter.name, performance.environment, done.snippet.id, number, done.problem, remedy
    )


def _lines(performance: Performance) -> dict[tuple[str, int], Performed]:
    return {(done.snippet.id, done.snippet.steps.index(done.step) + 1): done for done in performance.steps}
