"""The colours of a terminal, as classes that a light and a dark page each give their own shades."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import accumulate

from handbook.recording import Span
from handbook.render.markup import escape

LOOKS = ("bold", "italic", "underline", "reverse")
NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
RGB = re.compile(r"#[0-9a-f]{6}")


def coloured_lines(lines: Sequence[str], spans: Iterable[Span]) -> list[str]:
    """Lines as HTML, with their spans.

    Parameters:
        lines: What the terminal showed.
        spans: Which cells look how.
    """
    of_line: dict[int, list[Span]] = {}
    for span in spans:
        of_line.setdefault(span.line, []).append(span)
    return [_coloured(line, of_line.get(number, ())) for number, line in enumerate(lines, 1)]


def _coloured(line: str, spans: Sequence[Span]) -> str:
    if not spans:
        return escape(line)
    cells = _cells(line)
    parts, position = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        start, end = max(_index(cells, span.start), position), _index(cells, span.end)
        parts.append(escape(line[position:start]))
        parts.append(f"<span{_look(span.style)}>{escape(line[start:end])}</span>" if end > start else "")
        position = max(position, end)
    return "".join(parts) + escape(line[position:])


def _cells(line: str) -> Sequence[int]:
    """The column behind each character: some take two cells, some none."""
    return range(1, len(line) + 1) if line.isascii() else tuple(accumulate(map(_width, line)))


def _width(character: str) -> int:
    return 0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _index(cells: Sequence[int], column: int) -> int:
    """How many characters end at or before a column."""
    return column if isinstance(cells, range) else sum(end <= column for end in cells)


def _look(style: str) -> str:
    words = style.split()
    classes = [f"handbook-{word}" for word in words if word in LOOKS]
    rules: list[str] = []
    for word in words:
        ground = word.startswith("on-")
        colour = _colour(word.removeprefix("on-"))
        if colour:
            classes.append("handbook-ground" if ground else "handbook-rgb" if "#" in word else "handbook-fore")
            rules.append(f"--{'ground' if ground else 'fore'}:{colour}")
    return f' class="{" ".join(classes)}"' + (f' style="{";".join(rules)}"' if rules else "")


def _colour(word: str) -> str:
    """One of the sixteen is a variable that each scheme sets; bright ones are the same, since no scheme has room for sixteen."""
    name = word.removeprefix("bright")
    return f"var(--handbook-{name})" if name in NAMES else word if RGB.fullmatch(word) else ""
