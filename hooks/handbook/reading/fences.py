"""Fenced blocks of a Markdown page, also inside lists, quotes, admonitions and tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# The container prefix (indentation, quote marks) is whatever stands in front; what a page generator nests, a fence scanner may not
# interpret twice.
OPENING = re.compile(r"^(?P<prefix>[ \t]*(?:>[ \t]?)*[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)$")
FIRST_WORD = re.compile(r"[^\s{]*")
LINE_END = re.compile(r"\r\n|\r|\n")
QUOTES = re.compile(r"^(?:[ \t]*>[ \t]?)+")
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block.

    Parameters:
        line: The line of its opening mark, counted from 1.
        mark: The opening mark: three or more backticks or tildes.
        info: What stands behind the opening mark.
        lines: Its content without the indentation of its container.
        closed: False where the page ends first.
    """

    line: int
    mark: str
    info: str
    lines: tuple[str, ...]
    closed: bool

    @property
    def language(self) -> str:
        """The first word behind the opening mark; empty where braces or nothing stand there."""
        return FIRST_WORD.match(self.info.strip())[0]  # type: ignore[index]  # the pattern matches the empty string


def fences(text: str) -> Iterator[Fence]:
    """Find every fenced block of a page that is not inside another block or an HTML comment."""
    lines = LINE_END.split(text) if "\r" in text else text.split("\n")
    position = 0
    while position < len(lines):
        opening = _opening(lines[position])
        position += 1
        if opening:
            fence = _read(lines, position, opening)
            yield fence
            position += len(fence.lines) + fence.closed
        elif "<!--" in lines[position - 1]:
            position = _behind_comment(lines, position)


def _behind_comment(lines: list[str], position: int) -> int:
    """The first line behind a comment that the line before ``position`` opens; ``position`` where it closes there, or nowhere."""
    prose = CODE.sub("", lines[position - 1])
    if "<!--" not in prose.rpartition("-->")[2]:
        return position
    return next((number for number, line in enumerate(lines[position:], position + 1) if "-->" in line), position)


def _opening(line: str) -> re.Match[str] | None:
    if "```" not in line and "~~~" not in line:
        return None
    opening = OPENING.match(line)
    # CommonMark: the text behind a backtick fence holds no backtick, else it is inline code.
    return None if opening and opening["mark"][0] == "`" and "`" in opening["info"] else opening


def _read(lines: list[str], start: int, opening: re.Match[str]) -> Fence:
    quotes = opening["prefix"].count(">")
    width = len(QUOTES.sub("", opening["prefix"]).expandtabs(4))
    content: list[str] = []
    for line in lines[start:]:
        inner = _without_prefix(line, quotes, width)
        if inner is None:
            break
        if _closes(inner, opening["mark"]):
            return Fence(start, opening["mark"], opening["info"], tuple(content), closed=True)
        content.append(inner)
    return Fence(start, opening["mark"], opening["info"], tuple(content), closed=False)


def _without_prefix(line: str, quotes: int, width: int) -> str | None:
    """The line without its container's prefix; None where a quote that held the fence has ended."""
    if quotes:
        match = re.match(rf"(?:[ \t]*>[ \t]?){{{quotes}}}", line)
        if not match:
            return None
        line = line[match.end() :]
    if not width:
        return line
    text = line.lstrip(" \t")
    indentation = len(line[: len(line) - len(text)].expandtabs(4))
    return " " * (indentation - width) + text


def _closes(line: str, mark: str) -> bool:
    if mark not in line:
        return False
    stripped = line.strip()
    same_character = not stripped.strip(mark[0])
    long_enough = len(stripped) >= len(mark)
    shallow = len(line) - len(line.lstrip()) <= 3
    return bool(stripped) and same_character and long_enough and shallow
