"""Performances: a chapter's steps run in an environment, and what came of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from handbook.environment import Shell, Target
from handbook.errors import CouldNotRun
from handbook.expectation import mismatch
from handbook.names import NothingCaptured, capture, fill, used_names
from handbook.outcome import Finished, Outcome, Unfinished
from handbook.reading.step_options import matches
from handbook.recording import RecordedSnippet, RecordedStep, Recording
from handbook.secrets import without_secrets
from handbook.session import Command, Session

if TYPE_CHECKING:
    from handbook.chapter import Chapter
    from handbook.snippet import Snippet
    from handbook.step import Step

# A step with its snippet and the target where it runs.
Part = tuple["Snippet", "Step", str]
# Seconds between two tries of a step with until=.
PAUSE = 0.25


@dataclass(frozen=True, slots=True)
class Performed:
    """One step that was run.

    Parameters:
        snippet: Its snippet.
        step: The step.
        target: Where it ran.
        outcome: What came of it.
        captured: Values taken out of its output.
        problem: Why it did not pass, as a sentence; empty where it passed.
    """

    snippet: Snippet
    step: Step
    target: str
    outcome: Outcome
    captured: tuple[tuple[str, str], ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Performance:
    """A chapter run from its first step to its last clean-up.

    Parameters:
        chapter: The chapter.
        environment: The environment's name.
        steps: In the order in which they ran.
    """

    chapter: Chapter
    environment: str
    steps: tuple[Performed, ...]

    @property
    def failures(self) -> tuple[Performed, ...]:
        """The steps that did not pass."""
        return tuple(step for step in self.steps if step.problem)

    def recording(self) -> Recording:
        """What to keep of it: the snippets with an id, secrets replaced."""
        snippets: dict[int, RecordedSnippet] = {}
        for done in self.steps:
            if done.snippet.id:
                empty = RecordedSnippet(done.snippet.id, done.target, ())
                known = snippets.get(done.snippet.line, empty)
                snippets[done.snippet.line] = replace(known, steps=(*known.steps, _recorded(done)))
        return without_secrets(Recording(self.chapter.name, self.environment, tuple(snippets[line] for line in sorted(snippets))))


def _recorded(done: Performed) -> RecordedStep:
    output = done.outcome.output
    return RecordedStep(
        command=done.step.command,
        options=done.step.option_text,
        exit=done.outcome.exit if isinstance(done.outcome, Finished) else -1,
        seconds=done.outcome.seconds,
        output=output.text,
        stderr=output.stderr,
        captured=done.captured,
        truncated=output.truncated,
        spans=output.spans,
    )


class Stage:
    """Where a chapter is performed: its sessions, one per target, and the values captured so far.

    Parameters:
        shells: Says how to start a shell on a target.
        patience: How many times as long as its options say a step may take.
    """

    def __init__(self, shells: Callable[[Target], Shell], patience: float = 1) -> None:
        self._shells = shells
        self._patience = patience
        self._sessions: dict[str, Session] = {}
        self._values: dict[str, str] = {}

    def perform(self, chapter: Chapter, snippets: Sequence[Snippet], default_target: str) -> Iterator[Performed]:
        """Run the steps of a chapter, each as soon as the one before it has ended.

        Parameters:
            chapter: The chapter.
            snippets: Those that are for this environment, in run order.
            default_target: The environment's own target.

        Raises:
            CouldNotRun: Where the environment gives no shell.
        """
        parts = [
            (snippet, step, snippet.target or chapter.target or default_target) for snippet in snippets for step in snippet.steps
        ]
        while parts:
            done = 0
            for performed in self._run(parts[: self._together(parts)]):
                done += 1
                yield performed
            parts = parts[done:]

    def _together(self, parts: Sequence[Part]) -> int:
        """How many steps from the first on can be handed to its session at once."""
        if parts[0][1].options.until or self._lacks(parts[0][1]):
            return 1
        expected: set[str] = set()
        for index, (_, step, target) in enumerate(parts):
            if step.options.until or target != parts[0][2]:
                return index
            if (names := used_names(step)) and (expected.intersection(names) or self._lacks(step)):
                return index
            if step.options.captures:
                expected.update(wanted.name for wanted in step.options.captures)
        return len(parts)

    def _lacks(self, step: Step) -> str:
        """A name that a step uses and that has no value; empty where there is none."""
        return next((name for name in used_names(step) if name not in self._values), "")

    def _run(self, parts: Sequence[Part]) -> Iterator[Performed]:
        """Run steps that can be handed over at once; only the first one where its target is out of reach."""
        done = 0
        try:
            for part, outcome in zip(parts, self._outcomes(parts), strict=True):
                done += 1
                yield self._judge(*part, outcome)
        except CouldNotRun as error:
            if ":" not in parts[0][2]:
                raise
            # A container is the chapter's own: that it is not there is what a step before it did.
            yield self._judge(*parts[done], Unfinished(f"it was not run: {error}"))

    def _outcomes(self, parts: Sequence[Part]) -> Iterator[Outcome]:
        _, first, target = parts[0]
        if name := self._lacks(first):
            why = "the step that captures it failed, or is for other environments"
            return iter([Unfinished(f"it was not run: {{{{ {name} }}}} has no value: {why}")])
        if first.options.until:
            return self._until(self._session(target), first)
        return self._session(target).run([self._command(step) for _, step, _ in parts])

    def _command(self, step: Step) -> Command:
        options = step.options
        return Command(fill(step.command, self._values, raw=options.raw), self._timeout(step), options.duration, options.tty)

    def _timeout(self, step: Step) -> float:
        return step.options.timeout * self._patience

    def _until(self, session: Session, step: Step) -> Iterator[Outcome]:
        """Repeat a step until its output matches or its time is over; the last try that came to its end counts."""
        deadline = time.monotonic() + self._timeout(step)
        command = self._command(step)
        before: Outcome | None = None
        while True:
            left = max(0.05, deadline - time.monotonic())
            (outcome,) = session.run([replace(command, timeout=left)])
            if isinstance(outcome, Unfinished):
                # One that the deadline cut short says less than the one before it.
                yield outcome if outcome.shell_lost or not before else before
                return
            if _matches(step, outcome) or time.monotonic() + PAUSE > deadline:
                yield outcome
                return
            before = outcome
            time.sleep(PAUSE)

    def _judge(self, snippet: Snippet, step: Step, target: str, outcome: Outcome) -> Performed:
        problem = _problem(step, outcome, self._timeout(step))
        captured: tuple[tuple[str, str], ...] = ()
        if step.options.captures:
            try:
                captured = capture(step, outcome.output.text)
                self._values.update(captured)
            except NothingCaptured as error:
                problem = problem or str(error)
        return Performed(snippet, step, target, outcome, captured, problem)

    def _session(self, target: str) -> Session:
        if target not in self._sessions:
            kind, _, name = target.partition(":")
            self._sessions[target] = Session(lambda: self._shells(Target(kind, name)), self._patience)
        return self._sessions[target]

    def abort(self) -> None:
        """Kill every shell from another thread, so that whoever waits for one of them goes on."""
        for session in tuple(self._sessions.values()):
            session.abort()

    def close(self) -> None:
        """End every session."""
        for session in self._sessions.values():
            session.close()


def _problem(step: Step, outcome: Outcome, timeout: float) -> str:
    if isinstance(outcome, Unfinished):
        return f"{outcome.reason}; {_never(step, timeout)}" if step.options.until else outcome.reason
    if outcome.after_loss:
        return f"ran in a fresh shell, which proves nothing: of a step before it, {outcome.after_loss}"
    options = step.options
    if options.until and not _matches(step, outcome):
        return _never(step, timeout)
    if outcome.exit != options.exit and not outcome.stopped:
        return f"exit status {outcome.exit}, expected {options.exit}"
    if step.expected is not None:
        found = mismatch(step.expected, outcome.output.text)
        return str(found) if found else ""
    return ""


def _matches(step: Step, outcome: Outcome) -> bool:
    return matches(step.options.until, outcome.output.text)


def _never(step: Step, timeout: float) -> str:
    return f"the output never matched until={step.options.until} within {timeout:g} s"
