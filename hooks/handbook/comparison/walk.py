"""The walk: two trees side by side, under the renaming of their chapter."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from handbook.comparison.alignment import align
from handbook.comparison.beside import Beside
from handbook.comparison.keys import Keys
from handbook.comparison.line_pieces import moved_pieces, pieces
from handbook.comparison.pairing import moved_whole, parted
from handbook.comparison.renaming import Occurrence, Renaming
from handbook.comparison.sentence_pieces import by_sentence
from handbook.comparison.tables import in_common, with_cells
from handbook.comparison.telling import added, changed, displaced, gone, indented, moved
from handbook.comparison.unordered import Sorted, first_pair, sort_out
from handbook.comparison.words import KIN, likeness, parts, words
from handbook.drift import Change, Difference
from handbook.tree import Leaf, Line, Name, Node, Ordered, Table, Unordered, alike, label_of, leaves


class Position(NamedTuple):
    """A step in both recordings.

    Parameters:
        snippet: The snippet's id.
        old: Number of the step in the old recording.
        new: Number of the step in the new one.
    """

    snippet: str
    old: int
    new: int


class Walk:
    """Compares the trees of one chapter, step by step, in order."""

    def __init__(self) -> None:
        self._renaming = Renaming()
        self._keys = Keys(self._renaming)
        self._position = Position("", 0, 0)
        self._undecided: list[tuple[Position, list[Node], list[Node]]] = []

    def begin(self, position: Position) -> None:
        """Say which step the next trees are of."""
        self._position = position
        self._renaming.begin_step()

    def moved(self) -> frozenset[str]:
        """Texts of the names met so far that do not simply mean themselves."""
        return self._renaming.moved()

    def became(self, role: str, text: str) -> str:
        """What a name of the old recording became; itself where nobody met it."""
        return self._renaming.became(role, text)

    def compare(self, old: Node, new: Node) -> list[Difference]:
        """Compare two trees.

        Returns:
            What differs, in the order of the output.
        """
        return list(self._compare(old, new))

    def bind(self, pairs: Iterable[tuple[Leaf, Leaf]]) -> Iterator[Difference]:
        """Bind the names among leaves that are known to belong together."""
        for one, other in pairs:
            yield from self._bind(one, other)

    def settle(self) -> Iterator[tuple[Position, Difference]]:
        """Decide at the end of the chapter what belongs together where neither order nor names told it before."""
        while self._undecided:
            waiting, self._undecided = self._undecided, []
            for position, old, new in waiting:
                self.begin(position)
                yield from ((position, difference) for difference in self._sorted(sort_out(old, new, self._keys)))
            if _size(self._undecided) == _size(waiting):
                position, old, new = self._undecided.pop(0)
                self.begin(position)
                one, other = first_pair(old, new, self._keys)
                yield from ((position, difference) for difference in self._compare(old.pop(one), new.pop(other)))
                self._undecided.append((position, old, new))

    def _compare(self, old: Node, new: Node) -> Iterator[Difference]:
        if self._agree(old, new):
            yield from self._bind(old, new)
        elif isinstance(old, Line) and isinstance(new, Line):
            yield from self._lines(old, new)
        elif isinstance(old, Ordered) and isinstance(new, Ordered):
            yield from self._ordered(old, new)
        elif isinstance(old, Unordered) and isinstance(new, Unordered):
            yield from self._sorted(sort_out(old.children, new.children, self._keys))
        elif isinstance(old, Table) and isinstance(new, Table):
            yield from with_cells(self._ordered(old.header, new.header), old, new)
            yield from self._compare(*in_common(old, new))
        elif (before := list(words(old))) + (now := list(words(new))):
            yield changed(before, now)

    def _children(self, old: Node, new: Node) -> Iterator[Difference]:
        """Compare two children that belong together; what differs in them is told by their label."""
        label = label_of(new)
        for difference in self._compare(old, new):
            yield replace(difference, subject=label) if label and not difference.subject else difference

    def _agree(self, old: Node, new: Node) -> bool:
        """Tell whether two trees are the same as far as the renaming knows; nothing is bound."""
        match old, new:
            case (Line(), Line()):
                alike_outside = old.level == new.level and len(old.leaves) == len(new.leaves)
                return alike_outside and all(map(self._leaves_agree, old.leaves, new.leaves))
            case (Table(), Table()):
                return self._agree(old.header, new.header) and self._agree(old.rows, new.rows)
            case (Ordered(), Ordered()):
                alike_outside = old.label == new.label and len(old.children) == len(new.children)
                return alike_outside and all(map(self._agree, old.children, new.children))
        return isinstance(old, Leaf) and isinstance(new, Leaf) and self._leaves_agree(old, new)

    def _leaves_agree(self, old: Leaf, new: Leaf) -> bool:
        return alike(old, new) and not (isinstance(old, Name) and isinstance(new, Name) and not self._renaming.allows(old, new))

    def _bind(self, old: Node, new: Node) -> Iterator[Difference]:
        """Bind the names of two trees that are alike."""
        for one, other in zip(leaves(old), leaves(new), strict=True):
            if isinstance(one, Name) and isinstance(other, Name):
                yield from self._bind_names(one, other)

    def _bind_names(self, old: Name, new: Name) -> Iterator[Difference]:
        snippet, old_step, new_step = self._position
        places = (Occurrence(snippet, old_step, old.place), Occurrence(snippet, new_step, new.place))
        if broken := self._renaming.bind(old, new, places):
            yield Difference(Change.RELATION, f"line {new.place.line}: {broken}", old.place, new.place)

    def _ordered(self, old: Ordered, new: Ordered) -> Iterator[Difference]:
        ours, theirs = old.children, new.children
        keys = [_pairing(child, self._keys.old) for child in ours], [_pairing(child, self._keys.new) for child in theirs]
        pairs = list(parted(align(*keys, lambda one, other: likeness(ours[one], theirs[other])), ours, theirs))
        elsewhere = moved_whole(pairs, ours, theirs)
        beside = Beside((ours[one], theirs[other]) for one, other in pairs if one is not None and other is not None)
        for one, other in pairs:
            if one in elsewhere and other is None:
                yield displaced(ours[one], theirs[elsewhere[one]])
                yield from self._bind(ours[one], theirs[elsewhere[one]])
                continue
            if one is None and other in elsewhere.values():
                continue  # told where it was
            if one is not None and other is not None:
                yield from self._children(ours[one], theirs[other])
            elif one is not None:
                yield gone(ours[one], beside.in_new(ours[one]))
            elif other is not None:
                yield added(theirs[other], beside.in_old(theirs[other]))

    def _sorted(self, result: Sorted) -> Iterator[Difference]:
        self._undecided += ((self._position, *group) for group in result.open)
        for old, new in result.pairs:
            yield from self._children(old, new)
        beside = Beside(result.pairs)
        yield from (gone(child, beside.in_new(child)) for child in result.gone)
        yield from (added(child, beside.in_old(child)) for child in result.added)

    def _lines(self, old: Line, new: Line) -> Iterator[Difference]:
        """Two lines that are versions of one: tell what differs inside."""
        ours, theirs = list(parts(old)), list(parts(new))
        keys = [self._keys.old(part) for part in ours], [self._keys.new(part) for part in theirs]
        kin = likeness(old, new) >= KIN
        found = list(by_sentence(pieces(ours, theirs, keys)))
        elsewhere = moved_pieces(found)
        for number, (one, other, same, beside) in enumerate(found):
            if number in elsewhere:
                yield moved(one, elsewhere[number].new)
            elif any(found[number] is piece for piece in elsewhere.values()):
                continue  # told where it went
            elif not same and not (len(one) == len(other) and all(map(alike, one, other))):
                yield changed(one, other, beside)
            elif kin or not same:  # names in the place of others contradict what is known
                for pair in zip(one, other, strict=True):
                    yield from self._bind(*pair)
        if old.level != new.level:
            yield indented(old, new)


def _pairing(child: Node, key: Callable[[Node], Hashable]) -> Hashable:
    """What finds a child's partner: its label where it has one."""
    label = label_of(child)
    return ("label", label) if label else key(child)


def _size(groups: list[tuple[Position, list[Node], list[Node]]]) -> int:
    return sum(len(old) + len(new) for _, old, new in groups)
