"""The book: its chapters, its environments and its recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from handbook.chapter import Chapter
from handbook.environment import Environment, load_environment
from handbook.errors import InputError, Mistake, UsageError
from handbook.reading.chapter_parser import read_chapter
from handbook.site_settings import read_site_settings
from handbook.store import Store

if TYPE_CHECKING:
    from handbook.catalogue import KnownChange

# What makes a folder a book's, the surer signs first: some projects have a docs/snippets/ for other things.
MARKS = (("mkdocs.yml", ".git"), ("snippets",))
BUILT_IN = ("here", "sandbox")


class Book:
    """A folder with docs/, snippets/ and resources/; each of them may be absent.

    Parameters:
        root: The folder.
        docs: The folder of its chapters; by default the ``docs_dir`` of its mkdocs.yml.

    Raises:
        InputError: Where its mkdocs.yml is no YAML.
    """

    def __init__(self, root: Path, docs: Path | None = None) -> None:
        self.root = root
        site = read_site_settings(root / "mkdocs.yml")
        self.docs = docs or root / site.docs
        self.pages = site.pages
        self.store = Store(root / "snippets")
        self.local_store = Store(root / ".handbook" / "snippets", local=True)

    @classmethod
    def find(cls, start: Path | None = None) -> Book:
        """The book that holds a folder, by default the working directory; that folder itself where nothing looks like a book.

        Raises:
            UsageError: Where the working directory was removed.
        """
        try:
            start = (start or Path.cwd()).resolve()
        except FileNotFoundError:
            raise UsageError("the working directory is not there any more\n  next: cd into a book") from None
        folders = (start, *start.parents)
        roots = (folder for marks in MARKS for folder in folders if any((folder / mark).exists() for mark in marks))
        return cls(next(roots, start))

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """Every page of docs/ that holds a snippet, in the order in which people read the book.

        Raises:
            InputError: With every mistake of every page, ids that two pages share included.
        """
        chapters, mistakes = self.reading
        if mistakes:
            raise InputError(mistakes)
        return chapters

    @cached_property
    def reading(self) -> tuple[tuple[Chapter, ...], tuple[Mistake, ...]]:
        """The chapters that can be read, and every mistake of every page: a site shows the good pages beside a bad one."""
        found = {path.relative_to(self.docs).with_suffix("").as_posix(): path for path in self.docs.rglob("*.md") if path.is_file()}
        pages = [found[name] for name in self.in_order(found)]
        chapters, mistakes = _read_all(partial(read_chapter, path, self._name(path), self.root) for path in pages)
        return tuple(chapter for chapter in chapters if chapter.snippets), (*mistakes, *_shared_ids(chapters))

    def in_order(self, names: Iterable[str]) -> tuple[str, ...]:
        """Names of chapters in the order of the book: as the navigation has them, and the others after them by name."""
        places = {page.removesuffix(".md"): place for place, page in enumerate(self.pages)}
        return tuple(sorted(names, key=lambda name: (places.get(name, len(self.pages)), name)))

    def named(self, references: Iterable[str]) -> tuple[Chapter, ...]:
        """The chapters that people named, each once.

        Raises:
            UsageError: Where there is no such file, or it holds no step.
            InputError: With every mistake of every file.
        """
        chapters, mistakes = _read_all(partial(self.chapter, reference) for reference in references)
        if mistakes:
            raise InputError(mistakes)
        return tuple({chapter.path: chapter for chapter in chapters}.values())

    def chapter(self, reference: str) -> Chapter:
        """A chapter by its name, its path, or the path of any Markdown file.

        Raises:
            UsageError: Where there is no such file, or it holds no step.
            InputError: With every mistake of the file.
        """
        path = self.find_page(reference)
        if path is None:
            raise UsageError(f"no chapter {reference!r}; {self._choice()}")
        chapter = read_chapter(path, self._name(path), self.root)
        if not any(snippet.steps for snippet in chapter.snippets):
            hint = "next: give a console block an id, or write the expected output below a command"
            raise UsageError(f"{path}:1: found no step\n  expected: a console block with a command\n  {hint}")
        return chapter

    def find_page(self, reference: str) -> Path | None:
        """The file that a chapter's name or a path means; None where there is none."""
        candidates = (self.docs / f"{reference}.md", Path(reference), self.root / reference)
        return next((path.resolve() for path in candidates if path.is_file()), None)

    def store_of(self, chapter: Chapter) -> Store:
        """Where recordings of a chapter go: snippets/ of the book, or beside a Markdown file that is none of its pages."""
        return self.store if chapter.path.is_relative_to(self.docs.resolve()) else Store(chapter.path.parent / "snippets")

    def stores_of(self, chapter: Chapter) -> tuple[Store, Store]:
        """Where a chapter's recordings may be: what this machine recorded for itself, then the others."""
        return self.local_store, self.store_of(chapter)

    @cached_property
    def environments(self) -> tuple[Environment, ...]:
        """Every environment of resources/environments/, by name, and the built-in ones in any case."""
        files = {path.stem: path for path in sorted((self.root / "resources" / "environments").glob("*.yml"))}
        for name in BUILT_IN:
            with resources.as_file(resources.files("handbook") / "assets" / f"{name}.yml") as built_in:
                files.setdefault(name, built_in)
        return tuple(load_environment(path) for _, path in sorted(files.items()))

    @cached_property
    def known_changes(self) -> tuple[KnownChange, ...]:
        """The catalogue of known changes: resources/known-changes/.

        Raises:
            InputError: With every mistake of it.
        """
        from handbook.catalogue import read_catalogue  # noqa: PLC0415  # only few commands need it

        return read_catalogue(self.root / "resources" / "known-changes")

    def environment(self, name: str) -> Environment:
        """An environment by its name.

        Raises:
            UsageError: Where there is none.
        """
        found = next((environment for environment in self.environments if environment.name == name), None)
        if found is None:
            raise UsageError(f"no environment {name!r}; {self._environment_names()}")
        return found

    def split(self, words: Sequence[str]) -> tuple[Environment | None, Sequence[str]]:
        """Divide words into an environment, where the first one has the name of one, and chapters.

        Raises:
            UsageError: Where the first word means nothing.
        """
        if words and (found := next((environment for environment in self.environments if environment.name == words[0]), None)):
            return found, words[1:]
        if words and self.find_page(words[0]) is None:
            raise UsageError(f"no environment and no chapter {words[0]!r}; {self._environment_names()}\n{self._choice()}")
        return None, words

    def _environment_names(self) -> str:
        return f"environments are: {', '.join(environment.name for environment in self.environments)}"

    def _choice(self) -> str:
        names = ", ".join(chapter.name for chapter in self.chapters)
        return f"chapters are: {names or 'none'}; or the path of a Markdown file"

    def _name(self, path: Path) -> str:
        path = path.resolve()
        docs = self.docs.resolve()
        return path.relative_to(docs).with_suffix("").as_posix() if path.is_relative_to(docs) else path.stem


def _read_all(readings: Iterable[Callable[[], Chapter]]) -> tuple[list[Chapter], list[Mistake]]:
    """What can be read, and each mistake of the others once."""
    chapters: list[Chapter] = []
    mistakes: dict[Mistake, None] = {}
    for reading in readings:
        try:
            chapters.append(reading())
        except InputError as error:
            mistakes |= dict.fromkeys(error.mistakes)
    return chapters, list(mistakes)


def _shared_ids(chapters: list[Chapter]) -> list[Mistake]:
    homes: dict[str, Chapter] = {}
    mistakes = []
    for chapter in chapters:
        for snippet in chapter.snippets:
            home = homes.setdefault(snippet.id, chapter)
            if snippet.id and home is not chapter:
                found = f"the id #{snippet.id}, which {home.path} has too"
                mistakes.append(Mistake(chapter.path, snippet.line, found, "an id that is unique in the book"))
    return mistakes
