"""Keys of trees: equal keys say that two trees may be the same one, as far as the renaming knows."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from handbook.comparison.renaming import Key, Renaming, key_of
from handbook.tree import Exact, Line, Name, Node, Noise, Ordered, Shape, Table, Unordered, leaves


class Keys:
    """Makes keys.

    Parameters:
        renaming: A name that it knows is told by what it became; one that it does not know by its role.
    """

    def __init__(self, renaming: Renaming) -> None:
        self._renaming = renaming

    def old(self, node: Node) -> Hashable:
        """The key of a tree of the old recording."""
        return _key(node, self._renaming.renamed)

    def new(self, node: Node) -> Hashable:
        """The key of a tree of the new recording."""
        return _key(node, self._renaming.known)

    def acquainted(self, old: Node, new: Node) -> tuple[int, int]:
        """How many names of two trees are known to be one, and how many look like one."""
        ours, theirs = ([leaf for leaf in leaves(tree) if isinstance(leaf, Name)] for tree in (old, new))
        known = {key for name in theirs if (key := self._renaming.known(name))}
        texts = {key_of(name) for name in theirs}
        return sum(self._renaming.renamed(name) in known for name in ours), sum(key_of(name) in texts for name in ours)


def _key(node: Node, names: Callable[[Name], Key | None]) -> Hashable:
    match node:
        case Exact():
            key: Hashable = node.meaning
        case Name():
            key = ("name", node.role, names(node))
        case Shape():
            key = ("shape", node.form)
        case Noise():
            key = ("noise",)
        case Line():
            key = (node.level, *(_key(leaf, names) for leaf in node.leaves))
        case Ordered():
            key = (node.label, *(_key(child, names) for child in node.children))
        case Table():
            key = (node.label, _key(node.header, names), _key(node.rows, names))
        case Unordered():
            key = (node.label, "any order", *sorted((_key(child, names) for child in node.children), key=repr))
    return key
