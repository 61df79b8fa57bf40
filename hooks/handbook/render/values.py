"""Captured values: marked wherever they occur, so that a reader sees one value wander through a chapter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from handbook.render.markup import attribute, escape

SHORTEST = 3  # a value of one or two characters occurs everywhere and says nothing
LONG_ID = re.compile(r"[0-9a-f]{64}")


class Values:
    """The values of one edition of a chapter.

    Parameters:
        captured: Names and values, in the order in which they were captured.
    """

    def __init__(self, captured: Iterable[tuple[str, str]] = ()) -> None:
        self._names = {escape(text): name for name, value in captured for text in _forms(value)}

    def mark(self, markup: str) -> str:
        """Mark the values in escaped text; where two of them meet, the one that begins first, or else the longer one."""
        # Every edition has values of its own: a pattern of them would take longer to compile than all its texts to search.
        places = sorted((start, -len(value), value) for value in self._names for start in _places(value, markup))
        parts, position = [], 0
        for start, _, value in places:
            if start >= position:
                parts += [markup[position:start], self._marked(value)]
                position = start + len(value)
        return "".join(parts) + markup[position:] if parts else markup

    def _marked(self, value: str) -> str:
        return f'<span class="handbook-value" data-value="{attribute(self._names[value])}">{value}</span>'


@lru_cache(maxsize=256)
def values_of(captured: tuple[tuple[str, str], ...]) -> Values:
    """The values of an edition, made once for all its figures."""
    return Values(captured)


def _places(value: str, markup: str) -> Iterator[int]:
    """Where a value stands alone. The text is escaped already: a value must not be found inside an entity."""
    start = markup.find(value)
    while start >= 0:
        end = start + len(value)
        before, behind = markup[start - 1 : start], markup[end : end + 1]
        if before != "&" and not _in_word(before) and not _in_word(behind):
            yield start
        start = markup.find(value, start + 1)


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _forms(value: str) -> Iterator[str]:
    if len(value) >= SHORTEST and "\n" not in value:
        yield value
        if LONG_ID.fullmatch(value):
            yield value[:12]
