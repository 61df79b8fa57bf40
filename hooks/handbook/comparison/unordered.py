"""Children without an order: which of the old ones is which of the new ones."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Sequence
from itertools import product
from typing import NamedTuple

from handbook.comparison.alignment import LIKENED_AT_MOST
from handbook.comparison.keys import Keys
from handbook.comparison.sizes import by_size
from handbook.comparison.words import KIN, fragments_in_common, likeness
from handbook.tree import Name, Node, label_of, leaves


class Sorted(NamedTuple):
    """What could be told.

    Parameters:
        pairs: Children that belong together, whether they agree or not.
        open: Groups that only names can tell apart which nothing is known of yet.
        gone: Old children without a partner.
        added: New children without a partner.
    """

    pairs: list[tuple[Node, Node]]
    open: list[tuple[list[Node], list[Node]]]
    gone: list[Node]
    added: list[Node]


def sort_out(old: Sequence[Node], new: Sequence[Node], keys: Keys) -> Sorted:
    """Pair children without an order, as far as labels, exact parts, sizes and known names tell.

    Parameters:
        old: Of the old tree.
        new: Of the new tree.
        keys: Know what is known of names.
    """
    result = Sorted([], [], [], [])
    for ours, theirs in _by_key((_called(child, keys.old) for child in old), (_called(child, keys.new) for child in new)):
        _sort_group(_chosen(old, ours), _chosen(new, theirs), keys, result)
    if len(old) == len(new) == 1 and result.gone and label_of(old[0]) == label_of(new[0]):
        return Sorted([(old[0], new[0])], [], [], [])  # there is nothing else that it could be
    _pair_kin(result, keys)
    return result


def first_pair(old: Sequence[Node], new: Sequence[Node], keys: Keys) -> tuple[int, int]:
    """Numbers of two children of an open group to begin with, where nothing else will ever be known.

    Parameters:
        old: The old children of the group.
        new: The new ones.
        keys: Know what is known of names.
    """
    pairs = _matched(old, new, keys)
    if len(old) != len(new) and len(old) * len(new) <= LIKENED_AT_MOST:  # those without a partner are rather those who left
        groups = _by_key(map(keys.old, old), map(keys.new, new))
        pairs += [pair for ours, theirs in groups for pair in product(ours, theirs)]
        return max(pairs, key=lambda pair: keys.acquainted(old[pair[0]], new[pair[1]]), default=(0, 0))
    return next(iter(pairs), (0, 0))


def _called(child: Node, key: Callable[[Node], Hashable]) -> Hashable:
    label = label_of(child)
    return ("label", label) if label else key(child)


def _by_key(old: Iterable[Hashable], new: Iterable[Hashable]) -> list[tuple[list[int], list[int]]]:
    """Numbers of children of one key, those of the old tree and those of the new one."""
    groups: dict[Hashable, tuple[list[int], list[int]]] = {}
    for side, keys in enumerate((old, new)):
        for number, key in enumerate(keys):
            groups.setdefault(key, ([], []))[side].append(number)
    return list(groups.values())


def _sort_group(ours: list[Node], theirs: list[Node], keys: Keys, result: Sorted) -> None:
    """Pair children of one label or key: those that agree, then the others by position."""
    if ours and theirs and (len(ours) > 1 or len(theirs) > 1):
        named = _hold_names(ours) or _hold_names(theirs)
        certain = _only_ones(ours, theirs, keys) if named else _matched(ours, theirs, keys)
        result.pairs.extend((ours[one], theirs[other]) for one, other in certain)
        ours, theirs = _without(ours, {one for one, _ in certain}), _without(theirs, {other for _, other in certain})
        if named and ours and theirs and (len(ours) > 1 or len(theirs) > 1):
            result.open.append((ours, theirs))
            return
    result.pairs.extend(zip(ours, theirs, strict=False))
    result.gone.extend(ours[len(theirs) :])
    result.added.extend(theirs[len(ours) :])


def _hold_names(children: Iterable[Node]) -> bool:
    """Tell whether it matters which of the other side goes with which of them."""
    return any(isinstance(leaf, Name) for child in children for leaf in leaves(child))


def _only_ones(old: Sequence[Node], new: Sequence[Node], keys: Keys) -> list[tuple[int, int]]:
    """Numbers of children whose key no other child has, each with the only one of the other side that has it."""
    groups = _by_key(map(keys.old, old), map(keys.new, new))
    return [(ours[0], theirs[0]) for ours, theirs in groups if len(ours) == len(theirs) == 1]


def _matched(old: Sequence[Node], new: Sequence[Node], keys: Keys) -> list[tuple[int, int]]:
    """Numbers of children that agree, as far as their keys and sizes tell."""
    return [
        (ours[one], theirs[other])
        for ours, theirs in _by_key(map(keys.old, old), map(keys.new, new))
        for one, other in by_size(_chosen(old, ours), _chosen(new, theirs))
    ]


def _chosen(children: Sequence[Node], numbers: Iterable[int]) -> list[Node]:
    return [children[number] for number in numbers]


def _without(children: Sequence[Node], numbers: Container[int]) -> list[Node]:
    return [child for number, child in enumerate(children) if number not in numbers]


def _pair_kin(result: Sorted, keys: Keys) -> None:
    """Pair what is left by names that are known to be one and by likeness, so that a change is told as one."""
    if len(result.gone) * len(result.added) > LIKENED_AT_MOST:
        return
    kin = [
        (_closeness(child, other, common, keys, is_cut=len(result.gone) != len(result.added)), old, new)
        for old, child in enumerate(result.gone)
        for new, other in enumerate(result.added)
        if label_of(child) == label_of(other) and (common := likeness(child, other)) >= KIN
    ]
    paired: dict[int, int] = {}
    for _, old, new in sorted(kin, key=lambda found: found[0], reverse=True):  # those that have most in common first
        if old not in paired and new not in paired.values():
            paired[old] = new
    result.pairs.extend((result.gone[old], result.added[new]) for old, new in paired.items())
    result.gone[:] = [child for number, child in enumerate(result.gone) if number not in paired]
    result.added[:] = [child for number, child in enumerate(result.added) if number not in paired.values()]


def _closeness(old: Node, new: Node, common: float, keys: Keys, *, is_cut: bool) -> tuple[float, ...]:
    """How close two children are: by known names, words, parts of words, and where some are left out by what looks the same."""
    known, same = keys.acquainted(old, new)
    return known, common, fragments_in_common(old, new), same if is_cut else 0
