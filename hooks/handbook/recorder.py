"""Recording: chapters performed in an environment, and what of that is written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from handbook.chapter import Chapter, recorded
from handbook.compare import agrees
from handbook.environment import Environment
from handbook.errors import InputError
from handbook.files import remove_halves
from handbook.fingerprint import Fingerprint
from handbook.performance import Performance
from handbook.performer import Performer
from handbook.progress import Progress
from handbook.recording import RecordedEnvironment, Recording
from handbook.staleness import first_stale
from handbook.store import Store


class Result(Enum):
    """What became of a chapter."""

    WRITTEN = "recorded"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Entry:
    """One chapter of a recording run.

    Parameters:
        chapter: The chapter.
        result: What became of it.
        performance: How it went; None where it was not run.
        kept: Where a failed run was kept to look at.
    """

    chapter: Chapter
    result: Result
    performance: Performance | None = None
    kept: Path | None = None


class Recorder:
    """Records chapters in one environment.

    Parameters:
        environment: Which one.
        store: Says where a chapter's recordings go.
        progress: Where to say what happens.
        jobs: How many chapters at a time.
    """

    def __init__(self, environment: Environment, store: Callable[[Chapter], Store], progress: Progress, jobs: int = 1) -> None:
        self._environment = environment
        self._store = store
        self._progress = progress
        self._jobs = jobs

    def record(self, chapters: Sequence[Chapter]) -> tuple[Entry, ...]:
        """Run chapters and write down what means something new.

        Raises:
            CouldNotRun: Where the environment does not come up, or is not what its file states.
        """
        for folder in {self._store(chapter).folder for chapter in chapters}:
            remove_halves(folder)
        with Performer(self._environment, self._progress) as performer:
            fingerprint = performer.fingerprint
            if self._jobs == 1:
                entries = tuple(self._record(performer, chapter) for chapter in chapters)
            else:
                entries = self._side_by_side(performer, chapters)
        self._verify(entries, fingerprint)
        return entries

    def _side_by_side(self, performer: Performer, chapters: Sequence[Chapter]) -> tuple[Entry, ...]:
        with ThreadPoolExecutor(self._jobs) as pool:
            waiting = [pool.submit(self._record, performer, chapter) for chapter in chapters]
            try:
                return tuple(entry.result() for entry in waiting)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                while not all(entry.done() for entry in waiting):
                    performer.stop()
                    wait(waiting, timeout=0.05)
                raise

    def _record(self, performer: Performer, chapter: Chapter) -> Entry:
        if not chapter.applies(performer.fingerprint):
            self._progress.say(f"{chapter.name}: not applicable, requires {chapter.requires.text}")
            return Entry(chapter, Result.NOT_APPLICABLE)
        if not chapter.variant(performer.fingerprint):
            self._progress.say(f"{chapter.name}: not applicable, holds nothing for {self._environment.name}")
            return Entry(chapter, Result.NOT_APPLICABLE)
        with self._progress.step(chapter.name):
            performance = performer.perform(chapter)
        return self.accept(performance, performer.fingerprint)

    def accept(self, performance: Performance, fingerprint: Fingerprint) -> Entry:
        """Write down a run where it means something new, or keep it aside where it failed.

        Parameters:
            performance: The run.
            fingerprint: The facts of the environment that it ran in.
        """
        chapter, store, new = performance.chapter, self._store(performance.chapter), performance.recording()
        if performance.failures:
            kept = store.save_failed(new) if recorded(chapter.snippets) else None
            return Entry(chapter, Result.FAILED, performance, kept)
        old = self._known(store, chapter)
        if not new.snippets or (old and self._holds(chapter, old, new, fingerprint)):
            store.failed_path(self._environment.name, chapter.name).unlink(missing_ok=True)
            return Entry(chapter, Result.UNCHANGED, performance)
        self._note(store, fingerprint)
        store.save(new)
        return Entry(chapter, Result.WRITTEN, performance)

    def _known(self, store: Store, chapter: Chapter) -> Recording | None:
        """What is stored; a file that cannot be read is about to be replaced."""
        try:
            return store.load(self._environment.name, chapter.name)
        except InputError as error:
            self._progress.say(f"{error.mistakes[0].path} is written anew: {error.mistakes[0].found}")
            return None

    def _holds(self, chapter: Chapter, old: Recording, new: Recording, fingerprint: Fingerprint) -> bool:
        """No drift, no diff: a stored recording of the same steps that means the same stays as it is."""
        stale = first_stale(chapter, chapter.variant(fingerprint), old, self._environment.target)
        return stale is None and agrees(old, new)

    def _note(self, store: Store, fingerprint: Fingerprint) -> None:
        """Note the facts that a recording is about to be made with; when the others were verified, they do not change."""
        known = store.environment(self._environment.name)
        if known is None or known.fingerprint != fingerprint:
            verified = known.verified if known else _today()
            store.save_environment(RecordedEnvironment(self._environment.name, fingerprint, verified, store.local))

    def _verify(self, entries: Sequence[Entry], fingerprint: Fingerprint) -> None:
        """Note that the environment agreed today, where every chapter that was run passed."""
        if any(entry.result is Result.FAILED for entry in entries):
            return
        ran = (entry.chapter for entry in entries if entry.performance and recorded(entry.chapter.variant(fingerprint)))
        for store in {store.folder: store for store in map(self._store, ran)}.values():
            store.save_environment(RecordedEnvironment(self._environment.name, fingerprint, _today(), store.local))


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
