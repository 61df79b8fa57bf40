"""``handbook diff``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from handbook.book import Book
from handbook.changes.between import in_both_and_alone
from handbook.changes.explanation import Explainer
from handbook.changes.markdown import report_markdown
from handbook.changes.report import report_data, report_text
from handbook.compare import Alone, Comparison, compare
from handbook.drift import differing_facts
from handbook.errors import ExitStatus, UsageError
from handbook.recording import RecordedEnvironment
from handbook.store import Store

REPORTS: dict[str, Callable[[list[Comparison], Explainer, Sequence[Alone]], str]] = {
    "text": report_text,
    "json": lambda comparisons, explainer, alone: json.dumps(report_data(comparisons, explainer, alone), indent=2),
    "markdown": report_markdown,
}


def diff(book: Book, old: str, new: str, chapters: tuple[str, ...], *, form: str) -> int:
    """Compare the recordings that two environments have of the same chapters, and print what differs in one of three forms."""
    wanted = {chapter.name for chapter in book.named(chapters)} if chapters else None
    (old_store, old_environment), (new_store, new_environment) = _side(book, old), _side(book, new)
    recorded = ((old_store, old_environment.name), (new_store, new_environment.name))
    sides = [
        tuple(name for name in book.in_order(store.chapters(side)) if wanted is None or name in wanted) for store, side in recorded
    ]
    names, alone = in_both_and_alone(old_environment.name, sides[0], new_environment.name, sides[1])
    if not names:
        raise UsageError(f"no chapter is recorded in both {old} and {new}")
    comparisons = []
    for name in names:
        before, after = old_store.load(old_environment.name, name), new_store.load(new_environment.name, name)
        assert before
        assert after
        comparisons.append(compare(before, after))
    facts = differing_facts(old_environment.fingerprint, new_environment.fingerprint)
    click.echo(REPORTS[form](comparisons, Explainer(facts, book.known_changes), alone))
    return ExitStatus.DRIFT if any(comparison.tells_something for comparison in comparisons) else ExitStatus.AGREED


def _side(book: Book, name: str) -> tuple[Store, RecordedEnvironment]:
    """An environment by name, or a folder of recordings whose environment's file lies beside it."""
    folder = Path(name).resolve()
    sides = [(book.store, name), (book.local_store, name)]
    if (folder.parent / f"{folder.name}.yml").is_file():
        sides.append((Store(folder.parent), folder.name))
    for store, environment in sides:
        if found := store.environment(environment):
            return store, found
    known = ", ".join(environment.name for environment in book.store.environments)
    hint = "or a folder with ENVIRONMENT.yml beside it"
    raise UsageError(f"nothing is recorded in {name!r}; recorded are: {known or 'none'}; {hint}")
