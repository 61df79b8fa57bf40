"""Recording: chapters performed in an environment, and what of that is written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from handbook.chapter import Chapter, recorded
from handbook.compare import agrees
from handbook.environment import Environment
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
        with Performer(self._environment, self._progress) as performer:
            fingerprint = performer.fingerprint
            if self._jobs == 1:
                entries = tuple(self._record(performer, chapter) for chapter in chapters)
            else:
                entries = tuple(self._side_by_side(performer, chapters))
        self._remember(entries, fingerprint)
        return entries

    def _side_by_side(self, performer: Performer, chapters: Sequence[Chapter]) -> Iterator[Entry]:
        with ThreadPoolExecutor(self._jobs) as pool:
            yield from pool.map(lambda chapter: self._record(performer, chapter), chapters)

    def _record(self, performer: Performer, chapter: Chapter) -> Entry:
        if not chapter.applies(performer.fingerprint):
            self._progress.say(f"{chapter.name}: not applicable, requires {chapter.requires.text}")
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
        old = store.load(self._environment.name, chapter.name)
        if not new.snippets or (old and self._holds(chapter, old, new, fingerprint)):
            store.failed_path(self._environment.name, chapter.name).unlink(missing_ok=True)
            return Entry(chapter, Result.UNCHANGED, performance)
        store.save(new)
        return Entry(chapter, Result.WRITTEN, performance)

    def _holds(self, chapter: Chapter, old: Recording, new: Recording, fingerprint: Fingerprint) -> bool:
        """No drift, no diff: a stored recording of the same steps that means the same stays as it is."""
        stale = first_stale(chapter, chapter.variant(fingerprint), old, self._environment.target)
        return stale is None and agrees(old, new)

    def _remember(self, entries: Sequence[Entry], fingerprint: Fingerprint) -> None:
        """Note the environment's facts and that it agreed today, where every chapter that was run passed."""
        today = datetime.now(UTC).date().isoformat()
        ran = [entry for entry in entries if entry.performance and entry.performance.recording().snippets]
        failed = any(entry.result is Result.FAILED for entry in entries)
        for store in {store.folder: store for store in (self._store(entry.chapter) for entry in ran)}.values():
            if not failed or store.environment(self._environment.name) is None:
                store.save_environment(RecordedEnvironment(self._environment.name, fingerprint, today, store.local))
