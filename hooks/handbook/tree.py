"""Trees: an output whose leaves say what they are and whose inner nodes say whether order matters.

The types are tuples rather than dataclasses: a comparison of ten thousand steps makes a million of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from handbook.quantities import of_one_order

# The form of sizes, whose order matters.
SIZE = "size"


class Place(NamedTuple):
    """Where in an output something stands.

    Parameters:
        line: Counted from 1.
        start: First column, counted from 0.
        end: Column behind the last one.
    """

    line: int
    start: int
    end: int


class Exact(NamedTuple):
    """The lesson itself. Two agree when their texts are equal; how much white space divides the words does not count.

    Parameters:
        text: As printed.
        place: Where.
        value: What it says, where the same can be written in several ways (a quantity in another unit); else empty.
    """

    text: str
    place: Place
    value: str = ""

    @property
    def meaning(self) -> str:
        """What two of them are compared by."""
        return self.value or squeeze(self.text)


class Name(NamedTuple):
    """A value that only has to be the same wherever it occurs. Two agree when the chapter's renaming maps one to the other.

    Parameters:
        role: What it names; names of different roles are never the same name.
        text: As printed.
        place: Where.
        passing: True for the name of something that need not outlive its step, so that a later step may meet the same text as
            the name of something else (the inode of a namespace that ended).
    """

    role: str
    text: str
    place: Place
    passing: bool = False


class Shape(NamedTuple):
    """A value of which only the form matters. Two agree when they have the same form; sizes, when they are also of one order."""

    form: str
    text: str
    place: Place


class Noise(NamedTuple):
    """An age, a counter, a date: two always agree."""

    what: str
    text: str
    place: Place


Leaf = Exact | Name | Shape | Noise


class Line(NamedTuple):
    """A run of leaves whose differences are told as one.

    Parameters:
        leaves: In order, at least one.
        level: How deep it is indented, counted in steps and not in spaces.
    """

    leaves: tuple[Leaf, ...]
    level: int = 0


class Ordered(NamedTuple):
    """Children whose order matters.

    Parameters:
        children: In order.
        label: A fixed name in words, such as "key .State.Pid"; children of the same label are compared with each other, and
            differences are told by it.
    """

    children: tuple[Node, ...]
    label: str = ""


class Unordered(NamedTuple):
    """Children whose order does not matter.

    Parameters:
        children: In the order in which they were printed.
        label: As for ``Ordered``.
    """

    children: tuple[Node, ...]
    label: str = ""


class Table(NamedTuple):
    """Rows below a header. A column that only one of two tables has is told once, and the others are compared.

    Parameters:
        header: One child for each column, labelled.
        rows: Each is an ``Ordered`` whose children are cells, labelled as their column.
        label: As for ``Ordered``.
    """

    header: Ordered
    rows: Ordered | Unordered
    label: str = ""


Branch = Ordered | Unordered | Table
Node = Leaf | Line | Branch


def label_of(node: Node) -> str:
    """What a tree is called; empty where it has no name of its own."""
    return node.label if isinstance(node, Branch) else ""


def leaves(node: Node) -> Iterator[Leaf]:
    """Every leaf of a tree, in the order in which it was printed."""
    if isinstance(node, Line):
        yield from node.leaves
    elif isinstance(node, Branch):
        for child in (node.header, node.rows) if isinstance(node, Table) else node.children:
            yield from leaves(child)
    else:
        yield node


def first_line(node: Node) -> Place | None:
    """The line in which a tree begins, as far as it fills it; None where it has no leaf."""
    places = [leaf.place for leaf in leaves(node)]
    if not places:
        return None
    first = min(places)  # what is put beside a rule may stand in the middle of it
    return first._replace(end=max(place.end for place in places if place.line == first.line))


def height(node: Node) -> int:
    """How many lines a tree fills, from its first leaf to its last; 0 where it has none."""
    numbers = [leaf.place.line for leaf in leaves(node)]
    return max(numbers) - min(numbers) + 1 if numbers else 0


def place_of(text: str, output: str) -> Place | None:
    """Where in an output something stands first; None where it does not, or where it fills several lines."""
    at = output.find(text) if text and "\n" not in text else -1
    if at < 0:
        return None
    start = at - (output.rfind("\n", 0, at) + 1)
    return Place(output.count("\n", 0, at) + 1, start, start + len(text))


def squeeze(text: str) -> str:
    """White space runs as one space: what is left when layout does not count."""
    return " ".join(text.split())


def alike(old: Leaf, new: Leaf) -> bool:
    """Tell whether two leaves agree if no renaming says otherwise."""
    match old, new:
        case (Exact(), Exact()):
            return old.text == new.text or old.meaning == new.meaning
        case (Name(), Name()):
            return old.role == new.role
        case (Shape(), Shape()):
            return old.form == new.form and (old.form != SIZE or of_one_order(old.text, new.text))
    return isinstance(old, Noise) and isinstance(new, Noise)
