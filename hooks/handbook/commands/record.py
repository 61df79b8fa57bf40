"""``handbook record``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import click

from handbook.book import Book
from handbook.chapter import Chapter
from handbook.checker import replay
from handbook.environment import Environment
from handbook.errors import ExitStatus, InputError
from handbook.live import bring_up, sweep
from handbook.progress import Lines
from handbook.recorder import Entry, Recorder, Result
from handbook.store import Store


@dataclass(frozen=True, slots=True)
class Wish:
    """What to record.

    Parameters:
        environment: Where.
        chapters: What.
        stale: Only what is stale or missing.
        local: For this machine only.
        keep: Leave the environment up.
        jobs: Chapters at a time.
    """

    environment: Environment
    chapters: Sequence[Chapter]
    stale: bool = False
    local: bool = False
    keep: bool = False
    jobs: int = 1


def record(book: Book, wish: Wish, *, as_json: bool) -> int:
    """Record and say chapter by chapter what became of it."""
    progress = Lines()
    sweep(progress)

    def store(chapter: Chapter) -> Store:
        return book.local_store if wish.local else book.store_of(chapter)

    chapters = [chapter for chapter in wish.chapters if not wish.stale or _is_stale(chapter, store(chapter), wish.environment)]
    if not chapters:
        click.echo("[]" if as_json else f"{wish.environment.name}: nothing is stale")
        return ExitStatus.AGREED
    if wish.keep:
        bring_up(wish.environment, progress)
    entries = Recorder(wish.environment, store, progress, wish.jobs).record(chapters)
    click.echo(json.dumps([_data(entry) for entry in entries], indent=2) if as_json else _text(wish.environment, entries))
    return ExitStatus.DRIFT if any(entry.result is Result.FAILED for entry in entries) else ExitStatus.AGREED


def _is_stale(chapter: Chapter, store: Store, environment: Environment) -> bool:
    """Whether a recording is missing, is not one of the chapter as it is, or cannot be read."""
    try:
        known = store.environment(environment.name)
        return known is None or any(replay(chapter, store, known, environment.target))
    except InputError:
        return True


def _text(environment: Environment, entries: Sequence[Entry]) -> str:
    lines = []
    for entry in entries:
        lines.append(f"{environment.name} {entry.chapter.name}: {entry.result.value}")
        for done in entry.performance.failures if entry.performance else ():
            lines += [f"  {entry.chapter.path}:{done.step.line}: $ {done.step.command}", f"    {done.problem}"]
            lines += [f"    | {line}" for line in done.outcome.output.text.splitlines()[-12:]]
        if entry.kept:
            lines.append(f"  next: look at {entry.kept}, mend the chapter, record it again")
    return "\n".join(lines)


def _data(entry: Entry) -> dict[str, object]:
    failures = entry.performance.failures if entry.performance else ()
    return {
        "chapter": entry.chapter.name,
        "result": entry.result.value,
        "kept": str(entry.kept) if entry.kept else None,
        "failures": [{"line": done.step.line, "command": done.step.command, "problem": done.problem} for done in failures],
    }
