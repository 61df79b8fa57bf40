"""A console block of a page and what a reader sees of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handbook.chapter import Chapter
from handbook.edition import Edition
from handbook.errors import HandbookError
from handbook.reading.block_header import BlockHeader, parse_header
from handbook.reading.console import Complain, parse_console
from handbook.reading.fences import fences
from handbook.render import figure_anchor, plain_figure, recorded_figure, unrecorded_figure
from handbook.site.archive import Archive
from handbook.site.page import Page
from handbook.snippet import Snippet

Problems = list[str]
NOT_RECORDED = "Not recorded yet: what this prints is not known."
NOWHERE = "No environment of this book can run this."


def show_block(source: str, header: str, archive: Archive, page: Page, problems: Problems) -> str:
    """The figure of a console block.

    Parameters:
        source: The block's content.
        header: What stands behind its opening mark.
        archive: The book.
        page: The page that holds it.
        problems: Every problem is added here, as text for the author; the figure shows it too.
    """
    mistakes: Problems = []
    complain = _collector(mistakes)
    head = parse_header(header, 0, complain)
    chapter = archive.home(head.id) if not mistakes else None
    try:
        if chapter:
            return _of_chapter(chapter, head, archive, problems)
        snippet = _read(source, head, complain)
        if mistakes:
            remark = "; ".join(mistakes)
            problems.append(" ".join(filter(None, ("console block", header))) + f": {remark}")
            return plain_figure(snippet, remark, source)
        return _homeless(snippet, archive, page, problems) if head.id else plain_figure(snippet, text=source)
    except HandbookError as error:
        problems.append(str(error))
        return plain_figure(_read(source, head, complain), str(error), source)


def _collector(mistakes: Problems) -> Complain:
    def complain(line: int, found: str, expected: str, hint: str) -> None:
        where = f"line {line}: " if line else ""
        mistakes.append(f"{where}found {found}, expected {expected}" + (f" ({hint})" if hint else ""))

    return complain


def _read(source: str, head: BlockHeader, complain: Complain) -> Snippet:
    steps, trailing = parse_console(source.split("\n"), 1, complain)
    if head.id and not steps:
        complain(0, f"the snippet #{head.id} without a command", "a line that begins with '$ '", "")
    return Snippet(head.id, 0, steps, head.target, head.when, head.cleanup, trailing)


def _of_chapter(chapter: Chapter, head: BlockHeader, archive: Archive, problems: Problems) -> str:
    # The chapter's own snippet: a site generator has changed tabs and more before it shows the block to the fence.
    same = [snippet for snippet in chapter.snippets if snippet.id == head.id]
    snippet = next((snippet for snippet in same if snippet.when.text == head.when.text), same[0])
    if figure := archive.figures.get(figure_anchor(chapter, snippet)):
        return figure
    editions = archive.editions(chapter)
    if any((printed := edition.of(snippet)) and printed.printed for edition in editions):
        problems += _stale(chapter, snippet, editions)
        return recorded_figure(chapter, snippet, editions, archive.changes)
    if not archive.could_run(chapter, snippet):
        return unrecorded_figure(chapter, snippet, NOWHERE)
    command = f"handbook record ENVIRONMENT {chapter.name}"
    # A chapter is recorded whole: where none of it is, once is enough.
    line, what = (snippet.line, f"#{snippet.id}") if editions else (1, "this chapter")
    problems.append(f"{chapter.path}:{line}: found no recording of {what}\n  next: {command}")
    return unrecorded_figure(chapter, snippet, NOT_RECORDED)


def _stale(chapter: Chapter, snippet: Snippet, editions: Iterable[Edition]) -> Iterator[str]:
    """Only the place where a recording parts from its chapter is worth a warning; what follows from it is marked on the page."""
    for edition in editions:
        place, name = edition.stale, edition.environment.name
        if place and place.snippet == snippet.id and edition.of(snippet):
            where = f"{chapter.path}:{place.line}: found a stale recording in {name}"
            yield f"{where}: step {place.step} of #{place.snippet} {place.reason}\n  next: handbook record {name} {chapter.name}"


def _homeless(snippet: Snippet, archive: Archive, page: Page, problems: Problems) -> str:
    mark = f"#{snippet.id}"
    if not any(mark in fence.info for fence in fences(page.text)):
        return ""  # It stands in a comment, where SuperFences looks as well.
    of_page = [str(mistake) for mistake in archive.mistakes if mark in mistake.path.read_text(encoding="utf-8", errors="replace")]
    remark = "\n".join(of_page) or f"found {mark} in no chapter, expected its page below the folder of the book's chapters"
    problems.append(remark)
    return plain_figure(snippet, remark)
