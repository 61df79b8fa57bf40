"""Excerpts: the lines of both outputs of a step in which something differs, old above new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from handbook.drift import Difference, Drift
from handbook.tree import Place

SHOWN = 24  # lines of one step that differ; who needs more reads both recordings
SHOWN_OF_ONE = 6  # lines of one thing that fills many
OPENING = re.compile(r"[{\[:]$")  # a line that belongs to the one below it


class ExcerptLine(NamedTuple):
    """A line of an excerpt.

    Parameters:
        mark: ``-`` for the old output, ``+`` for the new one, a blank for what both have.
        place: What of it differs.
        text: The line.
    """

    mark: str
    place: Place
    text: str


class Excerpt(NamedTuple):
    """What is shown of a step.

    Parameters:
        lines: In the order of the differences.
        left: How many lines that differ are not among them.
    """

    lines: tuple[ExcerptLine, ...]
    left: int


def excerpt(drift: Drift, differences: Sequence[Difference]) -> Excerpt:
    """Choose what to show of a step.

    Parameters:
        drift: The step.
        differences: What of it is told.
    """
    before, now = places(drift, differences)
    old = _Side("-", drift.old.output, drift.new.output, before)
    new = _Side("+", drift.new.output, drift.old.output, now)
    lines: list[ExcerptLine] = []
    for difference, olds, news in zip(differences, before, now, strict=True):
        if sum(line.mark != " " for line in lines) >= SHOWN:
            break
        side, found = (new, news) if news and not difference.went else (old, olds)
        lines += side.before(found, is_whole=difference.whole)
        lines += [*old.differing(olds), *new.differing(news)]
    return Excerpt(tuple(lines), old.left + new.left)


def places(drift: Drift, differences: Iterable[Difference]) -> tuple[list[list[Place]], list[list[Place]]]:
    """What differs in the lines of the old output and of the new one, by difference; whole lines where a thing fills several.

    Parameters:
        drift: The step.
        differences: What of it is told.
    """
    old, new = drift.old.output.split("\n"), drift.new.output.split("\n")
    found = list(differences)
    return (
        [_filled(old, one.old, one.height if one.went else 1) for one in found],
        [_filled(new, one.new, one.height if one.came else 1) for one in found],
    )


def _filled(lines: Sequence[str], place: Place | None, height: int) -> list[Place]:
    """A place, and the lines below it that belong to what begins there."""
    if place is None:
        return []
    below = enumerate(lines[place.line : place.line + height - 1], place.line + 1)
    return [place, *(Place(number, len(text) - len(text.lstrip()), len(text)) for number, text in below)]


class _Side:
    """The lines of one output, each shown once."""

    def __init__(self, mark: str, output: str, other: str, found: Iterable[Sequence[Place]]) -> None:
        self._mark = mark
        self._lines = output.split("\n")
        self._others = frozenset(map(str.strip, other.split("\n")))
        self._differing = {place.line for of_one in found for place in of_one}
        self._shown: set[int] = set()

    @property
    def left(self) -> int:
        """How many lines that differ were not shown."""
        return len(self._differing - self._shown)

    def before(self, found: Sequence[Place], *, is_whole: bool) -> Iterator[ExcerptLine]:
        """The line before a differing one; it differs, too, where it opens what came or went and the other output lacks it."""
        number = found[0].line - 1 if found else 0
        if not number or number in self._differing | self._shown:
            return
        text = self._lines[number - 1]
        is_opened = is_whole and OPENING.search(text) and text.strip() not in self._others
        yield self._show(self._mark if is_opened else " ", Place(number, 0, 0))

    def differing(self, found: Sequence[Place]) -> Iterator[ExcerptLine]:
        """The lines of a difference."""
        for place in found[:SHOWN_OF_ONE]:
            if place.line not in self._shown:
                yield self._show(self._mark, place)

    def _show(self, mark: str, place: Place) -> ExcerptLine:
        self._shown.add(place.line)
        return ExcerptLine(mark, place, self._lines[place.line - 1])
