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
        longest_first = sorted(self._names, key=len, reverse=True)
        # The text is escaped already: a value must not be found inside an entity.
        found = "|".join(map(re.escape, longest_first))
        self._pattern = re.compile(rf"(?<![\w&])(?:{found})(?!\w)") if found else None

    def mark(self, markup: str) -> str:
        """Mark the values in escaped text."""
        # Most texts hold none, and looking for each is many times as quick as the pattern, which stops at every character.
        if not self._pattern or not any(value in markup for value in self._names):
            return markup
        return self._pattern.sub(self._mark, markup)

    def _mark(self, match: re.Match[str]) -> str:
        return f'<span class="handbook-value" data-value="{attribute(self._names[match[0]])}">{match[0]}</span>'


@lru_cache(maxsize=256)
def values_of(captured: tuple[tuple[str, str], ...]) -> Values:
    """The values of an edition, made once for all its figures."""
    return Values(captured)


def _forms(value: str) -> Iterator[str]:
    if len(value) >= SHORTEST and "\n" not in value:
        yield value
        if LONG_ID.fullmatch(value):
            yield value[:12]
