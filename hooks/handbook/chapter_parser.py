"""Reading a chapter: the border behind which everything is parsed. Every mistake of a file is reported at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from handbook.block_header import check_condition, check_target, parse_header
from handbook.chapter import Chapter
from handbook.console import Complain, parse_console
from handbook.errors import InputError, Mistake
from handbook.fences import Fence, fences
from handbook.names import used_names
from handbook.snippet import Snippet
from handbook.yaml_loader import SafeLoader

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"# +(.+?)(?: +#+)? *$")


def read_chapter(path: Path, name: str) -> Chapter:
    """Read a chapter's file.

    Parameters:
        path: The Markdown file.
        name: The chapter's name.

    Raises:
        InputError: With every mistake of the file.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError([Mistake(path, line, "bytes that are not UTF-8", "a Markdown file in UTF-8")]) from None
    return parse_chapter(text, path, name)


def parse_chapter(text: str, path: Path, name: str) -> Chapter:
    """Parse the text of a chapter.

    Raises:
        InputError: With every mistake of the text.
    """
    mistakes: list[Mistake] = []

    def complain(line: int, found: str, expected: str, hint: str) -> None:
        mistakes.append(Mistake(path, line, found, expected, hint))

    text = text.replace("\r\n", "\n")
    matter = _front_matter(text, complain)
    every = tuple(fences(text))
    _check_fences(every, complain)
    blocks = [_snippet(fence, complain) for fence in every if is_console(fence)]
    snippets = tuple(snippet for snippet in blocks if _counts(snippet))
    _check_ids(snippets, complain)
    _check_names(snippets, complain)
    chapter = Chapter(
        name=name,
        path=path,
        snippets=snippets,
        title=matter.get("title", "") or _heading(text, every),
        target=check_target(matter.get("target", ""), _line_of("target", text), complain),
        requires=check_condition(matter.get("requires", ""), _line_of("requires", text), complain),
    )
    if mistakes:
        raise InputError(sorted(mistakes, key=lambda mistake: mistake.line))
    return chapter


def _front_matter(text: str, complain: Complain) -> dict[str, str]:
    match = FRONT_MATTER.match(text)
    if not match:
        return {}
    try:
        data = yaml.load(match[1], SafeLoader) or {}
    except (yaml.YAMLError, ValueError) as error:  # a date such as 2026-13-01 is a ValueError
        mark = getattr(error, "problem_mark", None)
        complain(mark.line + 2 if mark else 1, "front matter that is not YAML", "keys and values between --- lines", "")
        return {}
    if not isinstance(data, dict):
        complain(1, "front matter without keys", "keys and values between --- lines", "")
        return {}
    return {key: str(data[key]) for key in ("title", "target", "requires") if data.get(key) is not None}


def _line_of(key: str, text: str) -> int:
    """The line of a key of the front matter."""
    match = re.search(rf"^{key}\b", text, re.MULTILINE)
    return text[: match.start()].count("\n") + 1 if match else 1


def _heading(text: str, every: Iterable[Fence]) -> str:
    """The first heading; what looks like one in a fence is a comment of some program."""
    inside = {number for fence in every for number in range(fence.line, fence.line + len(fence.lines) + 1)}
    matter = FRONT_MATTER.match(text)
    start = matter[0].count("\n") + 1 if matter else 0
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
