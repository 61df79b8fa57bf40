"""Shared lines: what came or went in a line that holds other things, too, is told as a part of that line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from handbook.comparison.telling import within
from handbook.drift import Difference
from handbook.tree import Leaf, Node, Place, leaves

WORDY = re.compile(r"\w")


class SharedLines:
    """The lines of one output, with what stands in each.

    Parameters:
        output: The output.
        trees: What was read of it.
    """

    def __init__(self, output: str, trees: Iterable[Node]) -> None:
        self._output = output
        self._trees = trees

    def hold_more_than(self, place: Place, *, labelled: bool) -> bool:
        """Tell whether more stands in a line than what begins at a place of it.

        Parameters:
            place: Of what came or went.
            labelled: True where it has a name, which stands beside it and is a part of it.
        """
        if labelled:
            return any(not place.start <= leaf.place.start < place.end for leaf in self._leaves[place.line])
        line = self._lines[place.line - 1]
        return bool(WORDY.search(line[: place.start]) or WORDY.search(line[place.end :]))

    @cached_property
    def _lines(self) -> list[str]:
        return self._output.split("\n")

    @cached_property
    def _leaves(self) -> Mapping[int, list[Leaf]]:
        found: dict[int, list[Leaf]] = {}
        for tree in self._trees:
            for leaf in leaves(tree):
                found.setdefault(leaf.place.line, []).append(leaf)
        return found


def as_parts(differences: Iterable[Difference], old: SharedLines, new: SharedLines) -> list[Difference]:
    """Differences of a step, each whole thing that has no line of its own told as a part of one.

    Parameters:
        differences: As the walk tells them.
        old: The lines of the old output.
        new: Those of the new one.
    """
    return [within(one) if _is_part(one, old, new) else one for one in differences]


def _is_part(difference: Difference, old: SharedLines, new: SharedLines) -> bool:
    labelled = bool(difference.subject) and not difference.about
    if difference.came and difference.new:
        return new.hold_more_than(difference.new, labelled=labelled)
    return bool(difference.went and difference.old and old.hold_more_than(difference.old, labelled=labelled))
