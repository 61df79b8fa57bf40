"""Reading a chapter: the border behind which everything is parsed. Every mistake of a file is reported at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from handbook.block_header import check_condition, check_target, parse_header
from handbook.chapter import Chapter
from handbook.console import Complain, parse_console
from handbook.errors import InputError, Mistake
from handbook.fences import Fence, fences
from handbook.names import used_names
from handbook.snippet import Snippet

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^# +(.+?) *#*$", re.MULTILINE)


def read_chapter(path: Path, name: str) -> Chapter:
    """Read a chapter's file.

    Parameters:
        path: The Markdown file.
        name: The chapter's name.

    Raises:
        InputError: With every mistake of the file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
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

    matter = _front_matter(text, complain)
    blocks = [_snippet(fence, complain) for fence in fences(text) if _is_console(fence)]
    snippets = tuple(snippet for snippet in blocks if _counts(snippet))
    _check_ids(snippets, complain)
    _check_names(snippets, complain)
    chapter = Chapter(
        name=name,
        path=path,
        snippets=snippets,
        title=matter.get("title", "") or _heading(text),
        target=check_target(matter.get("target", ""), 1, complain),
        requires=check_condition(matter.get("requires", ""), 1, complain),
    )
    if mistakes:
        raise InputError(sorted(mistakes, key=lambda mistake: mistake.line))
    return chapter


def _front_matter(text: str, complain: Complain) -> dict[str, str]:
    match = FRONT_MATTER.match(text)
    if not match:
        return {}
    try:
        data = yaml.safe_load(match[1]) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        complain(mark.line + 2 if mark else 1, "front matter that is not YAML", "keys and values between --- lines", "")
        return {}
    if not isinstance(data, dict):
        complain(1, "front matter without keys", "keys and values between --- lines", "")
        return {}
    return {key: str(data[key]) for key in ("title", "target", "requires") if data.get(key) is not None}


def _heading(text: str) -> str:
    match = HEADING.search(FRONT_MATTER.sub("", text))
    return match[1] if match else ""


def _is_console(fence: Fence) -> bool:
    return fence.language == "console" or bool(re.match(r"\s*\{[^}]*\.console\b", fence.info))


def _snippet(fence: Fence, complain: Complain) -> Snippet:
    header = parse_header(fence.info, fence.line, complain)
    if not fence.closed:
        complain(fence.line, "a fence that is never closed", "a closing fence as long as the opening one", "")
    steps, trailing = parse_console(fence.lines, fence.line + 1, complain)
    if header.id and not steps:
        complain(fence.line, f"the snippet #{header.id} without a command", "a line that begins with '$ '", "")
    return Snippet(header.id, fence.line, steps, header.target, header.when, header.cleanup, trailing)


def _counts(snippet: Snippet) -> bool:
    """Blocks without an id run only where there is something to check."""
    return bool(snippet.id) or any(step.expected is not None or step.option_text for step in snippet.steps)


def _check_ids(snippets: Iterable[Snippet], complain: Complain) -> None:
    seen: dict[str, list[Snippet]] = {}
    for snippet in snippets:
        same = seen.setdefault(snippet.id, [])
        if snippet.id and any(not (other.when.text and snippet.when.text) for other in same):
            hint = "variants of one snippet may share an id when each says when="
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
