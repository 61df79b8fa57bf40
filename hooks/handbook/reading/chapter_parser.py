"""Reading a chapter: the border behind which everything is parsed. Every mistake of a file is reported at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from handbook.chapter import Chapter
from handbook.errors import InputError, Mistake
from handbook.files import read
from handbook.names import used_names
from handbook.reading.block_header import check_condition, check_target, parse_header
from handbook.reading.console import Complain, parse_console
from handbook.reading.fences import Fence, fences
from handbook.reading.front_matter import line_of, parse_front_matter
from handbook.reading.given_files import given_files
from handbook.snippet import Snippet

HEADING = re.compile(r"# +(.+?)(?: +#+)? *$")


def read_chapter(path: Path, name: str, root: Path | None = None) -> Chapter:
    """Read a chapter's file.

    Parameters:
        path: The Markdown file.
        name: The chapter's name.
        root: The folder of its book; by default that of the file.

    Raises:
        InputError: With every mistake of the file.
    """
    return parse_chapter(read(path, "a Markdown file"), path, name, root)


def parse_chapter(text: str, path: Path, name: str, root: Path | None = None) -> Chapter:
    """Parse the text of a chapter.

    Raises:
        InputError: With every mistake of the text.
    """
    mistakes: list[Mistake] = []

    def complain(line: int, found: str, expected: str, hint: str) -> None:
        mistakes.append(Mistake(path, line, found, expected, hint))

    text = text.replace("\r\n", "\n")
    matter = parse_front_matter(text, complain)
    every = tuple(fences(text))
    _check_fences(every, complain)
    blocks = [_snippet(fence, complain) for fence in every if is_console(fence)]
    snippets = tuple(snippet for snippet in blocks if _counts(snippet))
    _check_ids(snippets, complain)
    _check_names(snippets, complain)
    given = given_files(matter.files, root or path.parent, name, line_of("files", text), complain)
    chapter = Chapter(
        name=name,
        path=path,
        snippets=(*given[:1], *snippets, *given[1:]) if snippets else (),
        title=matter.title or _heading(text, every, matter.length),
        target=check_target(matter.target, line_of("target", text), complain),
        requires=check_condition(matter.requires, line_of("requires", text), complain),
    )
    if mistakes:
        raise InputError(sorted(mistakes, key=lambda mistake: mistake.line))
    return chapter


def _heading(text: str, every: Iterable[Fence], start: int) -> str:
    """The first heading; what looks like one in a fence is a comment of some program."""
    inside = {number for fence in every for number in range(fence.line, fence.line + len(fence.lines) + 1)}
    lines = enumerate(text.split("\n"), 1)
    headings = (HEADING.match(line) for number, line in lines if number > start and number not in inside and line.startswith("# "))
    return next((match[1] for match in headings if match), "")


def is_console(fence: Fence) -> bool:
    """Whether a fence is a console block."""
    return fence.language == "console" or bool(re.match(r"\s*\{[^}]*\.console\b", fence.info))


def _snippet(fence: Fence, complain: Complain) -> Snippet:
    header = parse_header(fence.info, fence.line, complain)
    mistakes: list[tuple[int, str, str, str]] = []
    steps, trailing = parse_console(fence.lines, fence.line + 1, lambda *mistake: mistakes.append(mistake))
    snippet = Snippet(header.id, fence.line, steps, header.target, header.when, header.cleanup, trailing)
    if header.id and not steps:
        complain(fence.line, f"the snippet #{header.id} without a command", "a line that begins with '$ '", "")
    if _counts(snippet):
        for mistake in mistakes:
            complain(*mistake)
    return snippet


def _check_fences(every: Iterable[Fence], complain: Complain) -> None:
    """A fence that is not closed swallows what follows it, and nobody would see that it is never run."""
    for fence in every:
        if not fence.closed:
            complain(fence.line, "a fence that is never closed", "a closing fence as long as the opening one", "")
        elif swallowed := next(_swallowed(fence), 0):
            found = f"a fence that is not closed before line {swallowed}, where a console block begins"
            hint = "to show a console block as text, make the fence around it longer"
            complain(fence.line, found, f"{fence.mark} above that line", hint)


def _swallowed(fence: Fence) -> Iterator[int]:
    marked = ((number, line) for number, line in enumerate(fence.lines, fence.line + 1) if fence.mark in line)
    for number, line in marked:
        for inner in fences(line):
            if is_console(inner) and inner.mark.startswith(fence.mark):
                yield number


def _counts(snippet: Snippet) -> bool:
    """Blocks without an id run only where there is something to check."""
    return bool(snippet.id) or any(step.expected is not None or step.option_text for step in snippet.steps)


def _check_ids(snippets: Iterable[Snippet], complain: Complain) -> None:
    seen: dict[str, list[Snippet]] = {}
    for snippet in snippets:
        same = seen.setdefault(snippet.id, [])
        if snippet.id and any(
            not other.when.text or other.when.text == snippet.when.text or not snippet.when.text for other in same
        ):
            hint = "variants of one snippet may share an id when each says another when="
            complain(snippet.line, f"the id #{snippet.id} again (first on line {same[0].line})", "an id of its own", hint)
        same.append(snippet)


def _check_names(snippets: Iterable[Snippet], complain: Complain) -> None:
    known: set[str] = set()
    for snippet in sorted(snippets, key=lambda snippet: snippet.cleanup):
        for step in snippet.steps:
            for name in used_names(step):
                if name not in known:
                    hint = "capture it above, or say '#: raw' where the braces are not ours"
                    complain(
                        step.line,
                        f"the undefined name {{{{ {name} }}}}",
                        f"one of: {', '.join(sorted(known)) or 'none so far'}",
                        hint,
                    )
            known.update(wanted.name for wanted in step.options.captures)
