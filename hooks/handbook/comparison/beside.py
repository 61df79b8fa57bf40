"""Beside: where something that came or went would stand in the other output, if it has no line of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from handbook.tree import Node, Place, first_line


class Beside:
    """The lines in which children of two trees stand that belong together.

    Parameters:
        pairs: An old child and a new one each.
    """

    def __init__(self, pairs: Iterable[tuple[Node, Node]]) -> None:
        self._pairs = pairs

    def in_old(self, added: Node) -> Place | None:
        """The empty place in the old output where a new child would stand; None where it shares its line with no other."""
        return _found(added, self._lines[0])

    def in_new(self, gone: Node) -> Place | None:
        """The same in the new output for a child that is gone."""
        return _found(gone, self._lines[1])

    @cached_property
    def _lines(self) -> tuple[Mapping[int, Place], Mapping[int, Place]]:
        """Lines of the old output by those of the new one, and the other way round."""
        found: Sequence[tuple[Place | None, Place | None]] = [(first_line(old), first_line(new)) for old, new in self._pairs]
        return (
            {new.line: _behind(old) for old, new in found if old and new},
            {old.line: _behind(new) for old, new in found if old and new},
        )


def _found(child: Node, lines: Mapping[int, Place]) -> Place | None:
    place = first_line(child)
    return lines.get(place.line) if place else None


def _behind(place: Place) -> Place:
    return place._replace(start=place.end)
