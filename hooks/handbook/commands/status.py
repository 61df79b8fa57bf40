"""``handbook status``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import click

from handbook.book import Book
from handbook.chapter import Chapter, recorded
from handbook.checker import replay
from handbook.errors import ExitStatus
from handbook.fingerprint import Fingerprint
from handbook.recording import RecordedEnvironment


@dataclass(frozen=True, slots=True)
class State:
    """How a chapter stands in an environment.

    Parameters:
        chapter: Its name.
        environment: The environment's name.
        state: ``recorded``, ``stale``, ``failing``, ``not recorded``, ``not applicable``.
        verified: When the environment last agreed, as a UTC date.
        reason: Why it is not applicable; else empty.
    """

    chapter: str
    environment: str
    state: str
    verified: str
    reason: str = ""


def status(book: Book, *, as_json: bool) -> int:
    """Show a table of chapters by environments."""
    states = list(_states(book))
    if as_json:
        click.echo(json.dumps([asdict(state) for state in states], indent=2))
    else:
        click.echo("\n".join(_table(book, states)))
    return ExitStatus.DRIFT if any(state.state in {"stale", "failing"} for state in states) else ExitStatus.AGREED


def _states(book: Book) -> Iterator[State]:
    for chapter in book.chapters:
        if recorded(chapter.snippets):
            for environment in book.store.environments:
                reason = _reason(chapter, environment.fingerprint)
                state = "not applicable" if reason else _state(book, chapter, environment)
                yield State(chapter.name, environment.name, state, environment.verified, reason)


def _reason(chapter: Chapter, fingerprint: Fingerprint) -> str:
    """Why an environment cannot run a chapter; empty where it can."""
    if not chapter.applies(fingerprint):
        return f"requires {chapter.requires.text}"
    return "" if recorded(chapter.variant(fingerprint)) else "holds nothing for it"


def _state(book: Book, chapter: Chapter, environment: RecordedEnvironment) -> str:
    if not book.store.path(environment.name, chapter.name).is_file():
        return "not recorded"
    target = next((known.target for known in book.environments if known.name == environment.name), "node")
    findings = list(replay(chapter, book.store, environment, target))
    if not findings:
        return "recorded"
    return "stale" if any(finding.stale for finding in findings) else "failing"


def _table(book: Book, states: list[State]) -> Iterator[str]:
    environments = book.store.environments
    if not environments:
        yield "nothing is recorded; next: handbook record ENVIRONMENT"
        return
    names = list(dict.fromkeys(state.chapter for state in states))
    rows = [["chapter", *(environment.name for environment in environments)]]
    rows += [[name, *(state.state for state in states if state.chapter == name)] for name in names]
    rows.append(["verified on", *(environment.verified for environment in environments)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield from _not_applicable(states)


def _not_applicable(states: Iterable[State]) -> Iterator[str]:
    """Why chapters are not applicable, a line for each chapter and reason."""
    where: dict[tuple[str, str], list[str]] = {}
    for state in states:
        if state.reason:
            where.setdefault((state.chapter, state.reason), []).append(state.environment)
    if where:
        yield ""
        yield "not applicable:"
    for (chapter, reason), environments in where.items():
        yield f"  {chapter} {reason}: not {', '.join(environments)}"
