"""The custom fence ``console`` of SuperFences: how a site generator shows a book. It only reads recordings; it runs nothing.

A problem is a warning on the logger ``mkdocs.handbook``, which fails a strict build, and a note on the page.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pymdownx.superfences import SuperFencesException

from handbook.book import Book
from handbook.errors import InputError
from handbook.site.archive import Archive
from handbook.site.change_pages import change_pages
from handbook.site.exercise_pages import exercise_pages
from handbook.site.kept_figures import kept_figures
from handbook.site.page import Page, page_of
from handbook.site.shown_block import Problems, show_block

log = logging.getLogger("mkdocs.handbook")


class Shelf:
    """Where the fences of this process find the book.

    A hook that knows the book's folder sets it at the start of each build; without one it is the book of the working directory,
    looked at again for every page.
    """

    def __init__(self) -> None:
        self._archive: Archive | None = None
        self._is_set = False

    def use(self, root: Path, docs: Path) -> Archive:
        """Read from this book from now on."""
        self._archive, self._is_set = Archive(root, docs), True
        return self._archive

    def pages(self, *, directory_urls: bool) -> Mapping[str, str]:
        """The pages that no file holds, by path. Figures link to those about what changed from now on."""
        if self._archive is None:
            return {}
        book = self._archive.book
        pages: dict[str, str] = {}
        try:
            self._archive.changes = change_pages(book, directory_urls=directory_urls)
            pages.update(self._archive.changes.pages)
            self._archive.figures = kept_figures(self._archive, directory_urls=directory_urls)
        except InputError as error:
            log.warning("%s", error)
        try:
            pages.update(exercise_pages(book, directory_urls=directory_urls))
        except InputError as error:
            log.warning("%s", error)
        return pages

    def archive(self, page: Page) -> Archive:
        """The archive, with its files as they are when a page begins."""
        if self._archive is None:
            self._archive = Archive(Book.find().root)
        elif page.is_new and not self._is_set:
            self._archive.refresh()
        page.is_new = False
        return self._archive


shelf = Shelf()


def validator(language: str, inputs: dict[str, str], options: dict[str, str], attrs: dict[str, str], md: Any) -> bool:  # noqa: ARG001
    """Accept every header: SuperFences drops a fence that is refused without a word. The formatter says what is wrong with it."""
    options.update(inputs)
    return True


def formatter(source: str, language: str, css_class: str, options: dict[str, str], md: Any, **given: Any) -> str:  # noqa: ARG001
    """Turn a console block into its figure.

    Raises:
        SuperFencesException: Where the engine itself fails; any other error SuperFences would swallow.
    """
    page = page_of(md)
    problems: Problems = []
    try:
        figure = show_block(source, _header(options, given), shelf.archive(page), page, problems)
    except Exception as error:
        raise SuperFencesException(
            f"the console block {source[:200]!r} cannot be shown: {type(error).__name__}: {error}"
        ) from error
    for problem in page.news(problems):
        log.warning("%s", problem)
    return figure


def _header(options: dict[str, str], given: dict[str, Any]) -> str:
    """The header as it was written, put together from what SuperFences made of it."""
    identifier = f"#{given['id_value']}" if given.get("id_value") else ""
    classes = (f".{name}" for name in given.get("classes") or ())
    settings = (f'{key}="{value}"' for key, value in options.items())
    words = " ".join(filter(None, (identifier, *classes, *settings)))
    return f"{{{words}}}" if words else ""
