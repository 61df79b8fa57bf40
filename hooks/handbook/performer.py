"""The performer of an environment: runs chapters in it, each in a copy of the environment that nothing else has touched."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from itertools import count

from filelock import FileLock, Timeout

from handbook.chapter import Chapter, recorded
from handbook.environment import Environment, Inspecting, Provider
from handbook.environments import make_provider
from handbook.errors import InputError, Mistake
from handbook.fingerprint import Fingerprint
from handbook.leftovers import Inspection
from handbook.live import check_facts, is_kept, running
from handbook.performance import Performance, Performed, Stage
from handbook.progress import Progress
from handbook.runtime import Runtime
from handbook.snippet import Snippet

NUMBERS = count(1)
GLANCE = 1.0
"""Seconds after which one who waits looks whether there is still something to wait for."""


class Performer:
    """Runs chapters in an environment; use it in a ``with`` block.

    A chapter gets a fresh instance, unless the environment was brought up to stay: then that one is used, and left as it is.

    Parameters:
        environment: Which one.
        progress: Where to say what happens.
    """

    def __init__(self, environment: Environment, progress: Progress) -> None:
        self.environment = environment
        self._progress = progress
        self._fingerprint: Fingerprint | None = None
        # The instance whose facts were read, as long as nothing has run in it.
        self._fresh: list[tuple[ExitStack, Provider]] = []
        self._stages: list[Stage] = []
        self._stopped = False

    def __enter__(self) -> Performer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Bring down what is still up. Safe to call twice."""
        for stack, _ in self._fresh:
            stack.close()
        self._fresh.clear()

    def stop(self) -> None:
        """End what other threads perform here, as an interrupt would; call it until they have ended."""
        self._stopped = True
        for stage in tuple(self._stages):
            stage.abort()

    @property
    def fingerprint(self) -> Fingerprint:
        """The facts of the environment, read from it once.

        Raises:
            CouldNotRun: Where it does not come up, or is not what its file states.
        """
        if self._fingerprint is None:
            stack = ExitStack()
            provider = stack.enter_context(self._instance())
            self._fresh.append((stack, provider))
            self._fingerprint = provider.fingerprint()
            check_facts(self.environment, self._fingerprint)
        return self._fingerprint

    def perform(self, chapter: Chapter, tell: Callable[[Performed], None] = lambda _: None) -> Performance:
        """Run a chapter.

        Parameters:
            chapter: The chapter; it must apply to this environment.
            tell: Called with every step that has ended.
        """
        snippets = chapter.variant(self.fingerprint)
        _check_variants(chapter, snippets, self.environment)
        if others := _others(chapter, snippets):
            self._progress.say(f"not applicable here: {', '.join(others)}")
        with self._provider() as provider, self._alone(provider), self._said_what_stays(chapter):
            inspection = Inspection(provider, self._progress, self.environment.patience, lambda: self._stopped)
            before = inspection.holdings()
            steps = tuple(self._steps(provider, chapter, snippets, tell))
            return Performance(chapter, self.environment.name, inspection.proved(before, steps))

    def _steps(
        self, provider: Provider, chapter: Chapter, snippets: Sequence[Snippet], tell: Callable[[Performed], None]
    ) -> Iterator[Performed]:
        stage = Stage(provider.shell, self.environment.patience)
        self._stages.append(stage)
        try:
            for done in stage.perform(chapter, snippets, self.environment.target):
                if self._stopped:
                    raise KeyboardInterrupt
                tell(done)
                yield done
        finally:
            self._stages.remove(stage)
            stage.close()

    @contextmanager
    def _provider(self) -> Iterator[Provider]:
        """The instance whose facts were read, where nothing has run in it yet, or else a fresh one."""
        try:
            stack, provider = self._fresh.pop()
        except IndexError:
            with self._instance() as provider:
                yield provider
        else:
            with stack:
                yield provider

    @contextmanager
    def _alone(self, provider: Provider) -> Iterator[None]:
        """One chapter at a time where all of them use what is inspected, whoever else runs chapters there."""
        if not (is_kept(self.environment) and isinstance(provider, Inspecting)):
            yield
            return
        with self._turn(FileLock(Runtime(self.environment.name).path / "chapter.lock", timeout=GLANCE)):
            yield

    def _turn(self, lock: FileLock) -> AbstractContextManager[object]:
        """Wait for our turn, which may take as long as other chapters do."""
        with suppress(Timeout):
            return lock.acquire(timeout=0)
        self._progress.say(f"waiting until another chapter in {self.environment.name} has ended")
        while not self._stopped:
            with suppress(Timeout):
                return lock.acquire()
        raise KeyboardInterrupt

    @contextmanager
    def _said_what_stays(self, chapter: Chapter) -> Iterator[None]:
        """Who interrupts a chapter in an environment that stays should know that its clean-up did not run there."""
        try:
            yield
        except KeyboardInterrupt:
            if is_kept(self.environment):
                name = self.environment.name
                self._progress.say(f"{name} stays up, with what {chapter.name} has made so far; end it with `handbook down {name}`")
            raise

    @contextmanager
    def _instance(self) -> Iterator[Provider]:
        if is_kept(self.environment):
            yield make_provider(self.environment)
            return
        with running(self.environment, f"{self.environment.name}.{os.getpid()}.{next(NUMBERS)}", self._progress) as provider:
            yield provider


def _others(chapter: Chapter, snippets: Sequence[Snippet]) -> Sequence[str]:
    """Snippets of which no variant is for this environment, with their conditions."""
    ours = set(map(_name, snippets))
    conditions: dict[str, list[str]] = {}
    for snippet in chapter.snippets:
        if _name(snippet) not in ours:
            conditions.setdefault(_name(snippet), []).append(snippet.when.text)
    return [f"{name} ({' or '.join(found)})" for name, found in conditions.items()]


def _name(snippet: Snippet) -> str:
    return f"#{snippet.id}" if snippet.id else f"line {snippet.line}"


def _check_variants(chapter: Chapter, snippets: Sequence[Snippet], environment: Environment) -> None:
    """Refuse to run two variants of one snippet: nobody could tell which of them its figure shows."""
    seen: dict[str, Snippet] = {}
    for snippet in recorded(snippets):
        first = seen.setdefault(snippet.id, snippet)
        if first is not snippet:
            found = f"a second variant of #{snippet.id} for {environment.name} (the first is on line {first.line})"
            raise InputError([Mistake(chapter.path, snippet.line, found, "conditions of which one holds in an environment")])
