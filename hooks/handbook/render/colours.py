"""The colours of a terminal, as classes that a light and a dark page each give their own shades."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import accumulate

from handbook.recording import Span
from handbook.render.markup import escape


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
    classes = [f"handbook-{_class(word)}" for word in words]
    rules = [f"--handbook-{_class(word)}:{word.removeprefix('on-')}" for word in words if "#" in word]
    return f' class="{escape(" ".join(classes))}"' + (f' style="{escape(";".join(rules))}"' if rules else "")


def _class(word: str) -> str:
    """A colour out of the sixteen has a class; one given as ``#rrggbb`` fills a variable of the class rgb."""
    ground = "on-" if word.startswith("on-") else ""
    return f"{ground}rgb" if "#" in word else word
