"""Chapters and steps as pytest sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from _pytest._code.code import ExceptionInfo, TerminalRepr
from _pytest.pathlib import bestrelpath

from handbook.book import Book
from handbook.changes.between import explainer_since
from handbook.changes.report import drift_lines, since_line
from handbook.chapter import Chapter, recorded
from handbook.checker import Finding, judge, not_recorded, replay
from handbook.environment import Environment
from handbook.errors import HandbookError, UsageError
from handbook.performer import Performer
from handbook.progress import Quiet
from handbook.recorder import Recorder
from handbook.snippet import Snippet

PERFORMERS = pytest.StashKey[dict[str, Performer]]()


class Disagreement(Exception):
    """A step that does not agree; carries what to say about it."""


class ChapterFile(pytest.File):
    """A Markdown file.

    Parameters:
        named: True where a person named the file; then it must hold a step.
    """

    def __init__(self, *, named: bool, **words: Any) -> None:
        super().__init__(**words)
        self._named = named
        self.book = Book.find(self.path.parent)

    @cached_property
    def chapter(self) -> Chapter:
        """The chapter that the file is."""
        return self.book.chapter(str(self.path))

    @cached_property
    def findings(self) -> dict[str, list[Finding] | HandbookError]:
        """What does not agree, by environment, or why nobody knows; found out once for all steps of the chapter."""
        return {}

    def collect(self) -> Iterator[pytest.Item]:
        """One item per step and environment."""
        try:
            items = list(self._items()) if self._named or self.chapter_or_none else []
        except HandbookError as error:
            raise self.CollectError(str(error)) from None
        if self._named and not items:
            raise self.CollectError(self._nothing())
        yield from items

    @property
    def chapter_or_none(self) -> Chapter | None:
        """The chapter; None where the file holds no step."""
        try:
            return self.chapter
        except UsageError:
            return None

    def _nothing(self) -> str:
        if name := self.config.getoption("environment"):
            return f"{self.path}:1: found no step for {name}"
        return f"{self.path}:1: found no step that is recorded\n  next: pytest {self.path} --environment sandbox, which runs them"

    def _items(self) -> Iterator[pytest.Item]:
        chapter = self.chapter
        if name := self.config.getoption("environment"):
            yield from self._live(chapter, self.book.environment(name))
            return
        store = self.book.store_of(chapter)
        for finding in not_recorded(chapter, store):
            yield ChapterItem.from_parent(self, name="not-recorded", finding=finding)
        for environment in store.environments:
            if chapter.applies(environment.fingerprint):
                yield from self._steps(recorded(chapter.variant(environment.fingerprint)), environment.name)

    def _live(self, chapter: Chapter, environment: Environment) -> Iterator[pytest.Item]:
        fingerprint = performer(self.config, environment).fingerprint
        if chapter.applies(fingerprint):
            yield from self._steps(chapter.variant(fingerprint), environment.name)

    def _steps(self, snippets: Iterable[Snippet], environment: str) -> Iterator[pytest.Item]:
        for snippet in snippets:
            for number, step in enumerate(snippet.steps, 1):
                name = f"{environment}:{snippet.id or f'line-{snippet.line}'}:{number}"
                item = StepItem.from_parent(self, name=name, environment=environment, snippet=snippet, number=number)
                item.add_marker(pytest.mark.handbook)
                item.user_properties += [("command", step.command), ("environment", environment)]
                yield item

    def disagreements(self, environment: str) -> list[Finding]:
        """What does not agree in an environment.

        Raises:
            HandbookError: Where the chapter could not be run; as for every other step of it.
        """
        if environment not in self.findings:
            try:
                self.findings[environment] = list(self._check(environment))
            except HandbookError as error:
                self.findings[environment] = error
        found = self.findings[environment]
        if isinstance(found, HandbookError):
            raise found
        return found

    def _check(self, environment: str) -> Iterator[Finding]:
        store = self.book.store_of(self.chapter)
        if not self.config.getoption("environment"):
            known = store.environment(environment)
            assert known
            target = next((one.target for one in self.book.environments if one.name == environment), "node")
            yield from replay(self.chapter, store, known, target)
            return
        found = self.book.environment(environment)
        runner = performer(self.config, found)
        performance = runner.perform(self.chapter)
        if self.config.getoption("update"):
            Recorder(found, self.book.store_of, Quiet()).accept(performance, runner.fingerprint)
        yield from judge(performance, self.book.stores_of(self.chapter), found.target, runner.fingerprint)


class ChapterItem(pytest.Item):
    """A chapter of which nothing can be checked.

    Parameters:
        finding: Why.
    """

    def __init__(self, *, finding: Finding, **words: Any) -> None:
        super().__init__(**words)
        self._finding = finding

    def runtest(self) -> None:
        """Fail."""
        raise Disagreement(str(self._finding))

    def repr_failure(self, excinfo: ExceptionInfo[BaseException], style: Any = None) -> str | TerminalRepr:
        """Show why."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the chapter is."""
        return self.path, 0, f"{self._finding.chapter} {self.name}"


class StepItem(pytest.Item):
    """One step of a chapter in one environment.

    Parameters:
        environment: The environment's name.
        snippet: The step's snippet.
        number: Which of its steps, counted from 1.
    """

    parent: ChapterFile

    def __init__(self, *, environment: str, snippet: Snippet, number: int, **words: Any) -> None:
        super().__init__(**words)
        self._environment = environment
        self._snippet = snippet
        self._step = snippet.steps[number - 1]

    def runtest(self) -> None:
        """Fail where something about this step does not agree."""
        ours = [finding for finding in self.parent.disagreements(self._environment) if self._is_ours(finding)]
        if ours:
            raise Disagreement("\n".join(line for finding in ours for line in self._lines(finding)))

    def _is_ours(self, finding: Finding) -> bool:
        """A finding about the whole chapter is every step's; a stale step makes every step behind it stale."""
        if finding.step == 0:
            return True
        if finding.stale:
            return self._step.line >= finding.line
        return finding.line == self._step.line

    def _lines(self, finding: Finding) -> Iterator[str]:
        yield f"{self._where()}: {finding.environment}: {finding.problem}"
        yield f"  $ {self._step.command}"
        yield from (f"  {line}" for line in finding.shown)
        if finding.drift:
            why = explainer_since(self.parent.book, finding.facts)
            yield from (f"  {line}" for line in [*filter(None, [since_line(finding.facts)]), *drift_lines(finding.drift, why)])
        yield f"  next: {finding.remedy}"
        if finding.drift:
            yield f"  or accept it: pytest {finding.path} --environment {finding.environment} --update"

    def _where(self) -> str:
        """File and line of the step, as short as can be: a summary shows only the begin of a line."""
        return f"{bestrelpath(self.config.invocation_params.dir, self.path)}:{self._step.line}"

    def repr_failure(self, excinfo: ExceptionInfo[BaseException], style: Any = None) -> str | TerminalRepr:
        """Show what does not agree, without a traceback of ours."""
        if isinstance(excinfo.value, Disagreement | HandbookError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the step stands."""
        return self.path, self._step.line - 1, f"{self.parent.chapter.name} {self.name}"


def performer(config: pytest.Config, environment: Environment) -> Performer:
    """The performer of an environment in this test run; made, and its environment required, at the first call."""
    known = config.stash.setdefault(PERFORMERS, {})
    if environment.name not in known:
        known[environment.name] = Performer(environment, Quiet())
    return known[environment.name]


def close_performers(config: pytest.Config) -> None:
    """Bring down what the performers of this test run have brought up."""
    for one in config.stash.get(PERFORMERS, {}).values():
        one.close()
