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
    old = _Side("-", drift.old.output, drift.new.output, old_places(drift, differences))
    new = _Side("+", drift.new.output, drift.old.output, new_places(drift, differences))
    lines: list[ExcerptLine] = []
    for difference in differences:
        if sum(line.mark != " " for line in lines) >= SHOWN:
            break
        lines += (new if difference.new and not difference.went else old).before(difference)
        lines += [*old.differing(difference), *new.differing(difference)]
    return Excerpt(tuple(lines), old.left + new.left)


def old_places(drift: Drift, differences: Iterable[Difference]) -> list[Place]:
    """What differs in the lines of the old output; whole lines where a thing fills several."""
    return [place for one in differences for place in _places(drift.old.output, one.old, one.height if one.went else 1)]


def new_places(drift: Drift, differences: Iterable[Difference]) -> list[Place]:
    """The same in the new output."""
    return [place for one in differences for place in _places(drift.new.output, one.new, one.height if one.came else 1)]


def _places(output: str, place: Place | None, height: int) -> Iterator[Place]:
    if place is None:
        return
    yield place
    for number, text in enumerate(output.split("\n")[place.line : place.line + height - 1], place.line + 1):
        yield Place(number, len(text) - len(text.lstrip()), len(text))


class _Side:
    """The lines of one output, each shown once."""

    def __init__(self, mark: str, output: str, other: str, places: Sequence[Place]) -> None:
        self._mark = mark
        self._output, self._lines = output, output.split("\n")
        self._others = frozenset(map(str.strip, other.split("\n")))
        self._differing = {place.line for place in places}
        self._shown: set[int] = set()

    @property
    def left(self) -> int:
        """How many lines that differ were not shown."""
        return len(self._differing - self._shown)

    def before(self, difference: Difference) -> Iterator[ExcerptLine]:
        """The line before a differing one; it differs, too, where it opens what came or went and the other output lacks it."""
        place = self._place(difference)
        if place is None or place.line == 1 or place.line - 1 in self._differing | self._shown:
            return
        text = self._lines[place.line - 2]
        is_opened = difference.whole and OPENING.search(text) and text.strip() not in self._others
        yield self._show(self._mark if is_opened else " ", Place(place.line - 1, 0, 0))

    def differing(self, difference: Difference) -> Iterator[ExcerptLine]:
        """The lines of a difference."""
        height = difference.height if difference.came or difference.went else 1
        for place in list(_places(self._output, self._place(difference), height))[:SHOWN_OF_ONE]:
            if place.line in self._differing - self._shown:
                yield self._show(self._mark, place)

    def _place(self, difference: Difference) -> Place | None:
        return difference.old if self._mark == "-" else difference.new

    def _show(self, mark: str, place: Place) -> ExcerptLine:
        self._shown.add(place.line)
        return ExcerptLine(mark, place, self._lines[place.line - 1])
