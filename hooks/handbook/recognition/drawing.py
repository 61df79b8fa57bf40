"""Drawn trees: what systemd-cgls, findmnt and their like draw with lines, as trees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from handbook.tree import Exact, Line, Node, Ordered, Place, Unordered

BRANCH = re.compile(r"[├└]─")
DRAWN_LINE = re.compile(r"^[ │]*[├└]─", re.MULTILINE)
DRAWN = re.compile(r"[ │├└─]+")


@dataclass
class _Branch:
    """A node of a drawing while it is read: the column of its text, its own lines and what hangs below it."""

    column: int
    lines: list[Node]
    below: list[_Branch] = field(default_factory=list)

    def tree(self) -> Node:
        children = Unordered(tuple(branch.tree() for branch in self.below))
        return Ordered((*self.lines, children) if self.below else tuple(self.lines))


def is_drawing(output: str) -> bool:
    """Tell whether an output holds a drawn tree."""
    return bool(DRAWN_LINE.search(output))


def drawn(lines: Iterable[tuple[str, Line]]) -> Iterator[Node]:
    """Turn drawn lines into trees: nesting stands for the drawing, and the order of branches does not matter.

    Parameters:
        lines: Each line as printed and as leaves.
    """
    open_branches: list[_Branch] = []
    for text, line in lines:
        lead = DRAWN.match(text)
        column = lead.end() if lead and BRANCH.search(text, 0, lead.end()) else 0
        if lead and not column and open_branches and lead.end() >= open_branches[-1].column:
            open_branches[-1].lines.append(_without_lead(line, lead.end()))
            continue
        while open_branches and open_branches[-1].column >= column:
            done = open_branches.pop()
            if not open_branches:
                yield done.tree()
        branch = _Branch(column, [_without_lead(line, column)])
        if open_branches:
            open_branches[-1].below.append(branch)
        open_branches.append(branch)
    if open_branches:
        yield open_branches[0].tree()


def _without_lead(line: Line, column: int) -> Line:
    """A line without what is drawn in front of it."""
    first, *rest = line.leaves
    number, start, end = first.place
    if not isinstance(first, Exact) or start >= column:
        return Line(line.leaves)
    if end <= column:
        return Line(tuple(rest))
    return Line((Exact(first.text[column - start :], Place(number, column, end)), *rest))
