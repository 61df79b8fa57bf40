"""Fenced blocks of a Markdown page, also inside lists, quotes, admonitions and tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# The container prefix (indentation, quote marks) is whatever stands in front; what a page generator nests, a fence scanner may not
# interpret twice.
OPENING = re.compile(r"^(?P<prefix>[ \t]*(?:>[ \t]?)*[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)$")


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block.

    Parameters:
        line: The line of its opening mark, counted from 1.
        info: What stands behind the opening mark.
        lines: Its content without the indentation of its container.
        closed: False where the page ends first.
    """

    line: int
    info: str
    lines: tuple[str, ...]
    closed: bool

    @property
    def language(self) -> str:
        """The first word behind the opening mark; empty where braces or nothing stand there."""
        return re.match(r"[^\s{]*", self.info.strip())[0]  # type: ignore[index]  # the pattern matches the empty string


def fences(text: str) -> Iterator[Fence]:
    """Find every fenced block of a page that is not inside another block or an HTML comment."""
    lines = text.splitlines()
    position = 0
    commented = False
    while position < len(lines):
        line = lines[position]
        if "<!--" in line or commented:
            commented = _comment_goes_on(line, commented)
        opening = None if commented else _opening(line)
        position += 1
        if opening:
            fence = _read(lines, position, opening)
            yield fence
            position += len(fence.lines) + fence.closed


def _comment_goes_on(line: str, commented: bool) -> bool:
    behind = line.rpartition("<!--")[2] if "<!--" in line else line
    return "-->" not in behind and (commented or "<!--" in line)


def _opening(line: str) -> re.Match[str] | None:
    if "```" not in line and "~~~" not in line:
        return None
    opening = OPENING.match(line)
    # CommonMark: the text behind a backtick fence holds no backtick, else it is inline code.
    return None if opening and opening["mark"][0] == "`" and "`" in opening["info"] else opening


def _read(lines: list[str], start: int, opening: re.Match[str]) -> Fence:
    quotes = opening["prefix"].count(">")
    width = len(opening["prefix"].expandtabs(4))
    content: list[str] = []
    for line in lines[start:]:
        inner = _without_prefix(line, quotes, width)
        if inner is None:
            break
        if _closes(inner, opening["mark"]):
            return Fence(start, opening["info"], tuple(content), closed=True)
        content.append(inner)
    return Fence(start, opening["info"], tuple(content), closed=False)


def _without_prefix(line: str, quotes: int, width: int) -> str | None:
    """The line without its container's prefix; None where a quote that held the fence has ended."""
    if quotes:
        match = re.match(rf"(?:[ \t]*>[ \t]?){{{quotes}}}", line)
        return line[match.end() :] if match else None
    if not width:
        return line
    stripped = line.expandtabs(4) if "\t" in line[:width] else line
    indentation = len(stripped) - len(stripped.lstrip(" "))
    return stripped[min(indentation, width) :]


def _closes(line: str, mark: str) -> bool:
    stripped = line.strip()
    same_character = not stripped.strip(mark[0])
    long_enough = len(stripped) >= len(mark)
    shallow = len(line) - len(line.lstrip()) <= 3
    return bool(stripped) and same_character and long_enough and shallow
