"""The archive: a book as a site reads it, every file once, and again when it changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from handbook.applicability import could_run
from handbook.book import Book
from handbook.changes.pages import ChangePages
from handbook.chapter import Chapter
from handbook.edition import Edition, make_edition
from handbook.environment import Environment
from handbook.errors import Mistake
from handbook.files import Stamp, stamps
from handbook.snippet import Snippet
from handbook.store import Store


class Archive:
    """The chapters of a book with all their recordings; runs nothing.

    Parameters:
        root: The book's folder.
        docs: The folder of its chapters, by default the one that the book itself names.
    """

    def __init__(self, root: Path, docs: Path | None = None) -> None:
        self._root = root
        self._docs = docs
        self.changes: ChangePages | None = None
        self._open()
        self._stamps = frozenset(self._files())

    @property
    def book(self) -> Book:
        """The book itself."""
        return self._book

    def refresh(self) -> bool:
        """Read again what the book holds if a file of it changed; returns True where one did."""
        stamps = frozenset(self._files())
        if stamps == self._stamps:
            return False
        self._open()
        self._stamps = stamps
        return True

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Every mistake of every page."""
        return self._book.reading[1]

    def home(self, identifier: str) -> Chapter | None:
        """The chapter that holds the snippet with this id."""
        return self._homes.get(identifier)

    def editions(self, chapter: Chapter) -> tuple[Edition, ...]:
        """A chapter in every environment that recorded it, the one to show first in front.

        Raises:
            InputError: Where a recording or an environment's file is broken.
        """
        if chapter.name not in self._editions:
            editions = [self._edition(chapter, name) for name in self._names()]
            found = [edition for edition in editions if edition]
            self._editions[chapter.name] = tuple(sorted(found, key=_rank, reverse=True))
        return self._editions[chapter.name]

    def could_run(self, chapter: Chapter, snippet: Snippet) -> bool:
        """Tell whether some environment of the book can run a snippet, or may be able to."""
        recorded = [environment for store in self._stores for environment in store.environments]
        names = {environment.name for environment in recorded}
        own = self._own() or ([] if recorded else self._book.environments)
        return could_run(chapter, snippet, recorded, [environment for environment in own if environment.name not in names])

    def _own(self) -> Sequence[Environment]:
        """The environments that the book has files for; a built-in one is none of it, unless there is no other."""
        folder = self._book.root / "resources"
        return [environment for environment in self._book.environments if environment.path.is_relative_to(folder)]

    def _open(self) -> None:
        self._book = Book(self._root, self._docs)
        self._homes = {
            snippet.id: chapter for chapter in reversed(self._book.reading[0]) for snippet in chapter.snippets if snippet.id
        }
        self._editions: dict[str, tuple[Edition, ...]] = {}
        # By anchor, as an earlier build made them.
        self.figures: Mapping[str, str] = {}

    @property
    def _stores(self) -> tuple[Store, Store]:
        return self._book.local_store, self._book.store

    def _names(self) -> set[str]:
        return {environment.name for store in self._stores for environment in store.environments}

    def _edition(self, chapter: Chapter, name: str) -> Edition | None:
        """What this machine recorded for itself wins over what the book holds."""
        file = next((environment for environment in self._book.environments if environment.name == name), None)
        for store in self._stores:
            recording, environment = store.load(name, chapter.name), store.environment(name)
            if recording and environment:
                return make_edition(chapter, recording, environment, *_order_and_target(file))
        return None

    def _files(self) -> Iterator[Stamp]:
        yield from stamps(self._book.docs, ".md")
        yield from stamps(self._book.root / "resources" / "environments", ".yml")
        for store in self._stores:
            yield from stamps(store.folder, ".yml")


def _order_and_target(environment: Environment | None) -> tuple[int, str]:
    return (environment.order, environment.target) if environment else (0, "node")


def _rank(edition: Edition) -> tuple[int, list[tuple[int, str]]]:
    """The highest order first; among equals the newest version in the name."""
    words = re.findall(r"\d+|\D+", edition.environment.name)
    return edition.order, [(int(word), "") if word.isdigit() else (0, word) for word in words]
