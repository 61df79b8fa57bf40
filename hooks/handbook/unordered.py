"""Children without an order: which of the old ones is which of the new ones."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from handbook.alignment import LIKENED_AT_MOST
from handbook.keys import Keys
from handbook.tree import Name, Node, label_of, leaves
from handbook.words import fragments_in_common, likeness

KIN = 0.5  # children that have less in common are not one child that changed


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
    """Pair children without an order, as far as labels, exact parts and known names tell.

    Parameters:
        old: Of the old tree.
        new: Of the new tree.
        keys: Know what is known of names.
    """
    old_groups, new_groups = _grouped(old, keys.old), _grouped(new, keys.new)
    result = Sorted([], [], [], [])
    for key, ours in old_groups.items():
        theirs = new_groups.pop(key, [])
        if theirs and (len(ours) > 1 or len(theirs) > 1) and not _told(ours, theirs):
            result.open.append((ours, theirs))
            continue
        result.pairs.extend(zip(ours, theirs, strict=False))
        result.gone.extend(ours[len(theirs) :])
        result.added.extend(theirs[len(ours) :])
    result.added.extend(child for group in new_groups.values() for child in group)
    if len(old) == len(new) == 1 and result.gone and not (label_of(old[0]) and label_of(new[0])):
        return Sorted([(old[0], new[0])], [], [], [])  # there is nothing else that it could be
    _pair_kin(result)
    return result


def _grouped(children: Sequence[Node], key: Callable[[Node], Hashable]) -> dict[Hashable, list[Node]]:
    groups: dict[Hashable, list[Node]] = {}
    for child in children:
        label = label_of(child)
        groups.setdefault(("label", label) if label else key(child), []).append(child)
    return groups


def _told(ours: list[Node], theirs: list[Node]) -> bool:
    """Tell whether it is all the same which of them go together: they hold no names."""
    return not any(isinstance(leaf, Name) for child in (*ours, *theirs) for leaf in leaves(child))


def _pair_kin(result: Sorted) -> None:
    """Pair what is left by likeness, so that a change is told as one."""
    if len(result.gone) * len(result.added) > LIKENED_AT_MOST:
        return
    alike = [
        (common, fragments_in_common(child, other), old, new)
        for old, child in enumerate(result.gone)
        for new, other in enumerate(result.added)
        if label_of(child) == label_of(other) and (common := likeness(child, other)) >= KIN
    ]
    paired: dict[int, int] = {}
    for *_, old, new in sorted(alike, key=lambda found: (-found[0], -found[1])):  # those that have most in common first
        if old not in paired and new not in paired.values():
            paired[old] = new
    result.pairs.extend((result.gone[old], result.added[new]) for old, new in paired.items())
    result.gone[:] = [child for number, child in enumerate(result.gone) if number not in paired]
    result.added[:] = [child for number, child in enumerate(result.added) if number not in paired.values()]
