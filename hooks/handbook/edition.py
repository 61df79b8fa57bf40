"""Editions: a chapter as one environment printed it, each of today's steps beside what was recorded of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handbook.chapter import Chapter, recorded
from handbook.names import fill
from handbook.recording import RecordedEnvironment, RecordedSnippet, RecordedStep, Recording
from handbook.snippet import Snippet
from handbook.staleness import Place, first_stale, is_recording_of
from handbook.step import Step


@dataclass(frozen=True, slots=True)
class PrintedStep:
    """A step as a reader sees it.

    Parameters:
        step: The step as it is written now.
        command: Its command with the values that earlier steps captured: what really ran.
        record: What it printed; None where no such step was recorded.
    """

    step: Step
    command: str
    record: RecordedStep | None


@dataclass(frozen=True, slots=True)
class PrintedSnippet:
    """A snippet as one environment printed it.

    Parameters:
        snippet: The snippet as it is written now.
        steps: Its steps.
        stale: True where it, or something that runs before it, changed since.
    """

    snippet: Snippet
    steps: tuple[PrintedStep, ...]
    stale: bool

    @property
    def seconds(self) -> float:
        """How long its steps took."""
        return sum(step.record.seconds for step in self.steps if step.record)

    @property
    def printed(self) -> bool:
        """Whether anything of it was recorded."""
        return any(step.record for step in self.steps)


@dataclass(frozen=True, slots=True)
class Edition:
    """A chapter as one environment printed it.

    Parameters:
        environment: What is known about the environment.
        order: Where it stands among the editions of a chapter; the highest is shown first.
        snippets: Those of the chapter's snippets that are for this environment.
        stale: Where the chapter changed since; None where it did not.
        values: Every captured value with its name.
    """

    environment: RecordedEnvironment
    order: int
    snippets: tuple[PrintedSnippet, ...]
    stale: Place | None
    values: tuple[tuple[str, str], ...]

    def of(self, snippet: Snippet) -> PrintedSnippet | None:
        """One of the chapter's snippets as this edition has it; None where the snippet is for other environments."""
        return next((printed for printed in self.snippets if printed.snippet is snippet), None)


def make_edition(chapter: Chapter, recording: Recording, environment: RecordedEnvironment, order: int, target: str) -> Edition:
    """Lay a chapter and one of its recordings side by side.

    Parameters:
        chapter: The chapter as it is written now.
        recording: What was recorded of it.
        environment: Where.
        order: The environment's ``order``.
        target: The environment's target for chapters that name none.
    """
    run = recorded(chapter.variant(environment.fingerprint))
    stale = first_stale(chapter, run, recording, target)
    values = tuple(dict.fromkeys(pair for snippet in recording.snippets for step in snippet.steps for pair in step.captured))
    return Edition(environment, order, tuple(_printed(run, recording, stale)), stale, values)


def _printed(run: Sequence[Snippet], recording: Recording, stale: Place | None) -> Iterator[PrintedSnippet]:
    stored = {snippet.id: snippet for snippet in recording.snippets}
    values: dict[str, str] = {}
    for position, snippet in enumerate(run):
        was = stored.get(snippet.id)
        steps = tuple(_steps(_matched(snippet, was) if stale or not was else zip(snippet.steps, was.steps, strict=True), values))
        yield PrintedSnippet(snippet, steps, stale is not None and position >= stale.position)


def _steps(pairs: Iterable[tuple[Step, RecordedStep | None]], values: dict[str, str]) -> Iterator[PrintedStep]:
    for step, record in pairs:
        yield PrintedStep(step, real_command(step, values), record)
        values.update(record.captured if record else ())


def _matched(snippet: Snippet, was: RecordedSnippet | None) -> Iterator[tuple[Step, RecordedStep | None]]:
    """Today's steps of a stale snippet, each with what was recorded of it, if anything was; neither changes places."""
    rest = was.steps if was else ()
    for step in snippet.steps:
        found = next((number for number, stored in enumerate(rest) if is_recording_of(stored, step)), None)
        yield step, None if found is None else rest[found]
        rest = rest if found is None else rest[found + 1 :]


def real_command(step: Step, values: Mapping[str, str]) -> str:
    """The command that runs: the step's, with the values of the names that it uses."""
    return fill(step.command, values, raw=step.options.raw)
