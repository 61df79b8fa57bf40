"""Sizes in children that nothing else tells apart: which of them may be the same child."""

from __future__ import annotations

from collections.abc import Sequence

from handbook.comparison.alignment import LIKENED_AT_MOST
from handbook.tree import SIZE, Node, Shape, alike, leaves


def by_size(old: Sequence[Node], new: Sequence[Node]) -> list[tuple[int, int]]:
    """Pair as many children as can be whose sizes are of one order; where there are no sizes, by position.

    Parameters:
        old: Old children of one key.
        new: New ones of the same key.

    Returns:
        Pairs of indexes, in the order of the old ones.
    """
    ours, theirs = [_sizes(child) for child in old], [_sizes(child) for child in new]
    if not any((*ours, *theirs)) or len(ours) * len(theirs) > LIKENED_AT_MOST:
        return list(zip(range(len(ours)), range(len(theirs)), strict=False))
    candidates = [_candidates(sizes, theirs) for sizes in ours]
    taken: dict[int, int] = {}
    for number in range(len(ours)):
        _find(number, candidates, taken, set())
    return sorted((one, other) for other, one in taken.items())


def _sizes(node: Node) -> tuple[Shape, ...]:
    return tuple(leaf for leaf in leaves(node) if isinstance(leaf, Shape) and leaf.form == SIZE)


def _candidates(sizes: Sequence[Shape], theirs: Sequence[Sequence[Shape]]) -> list[int]:
    """Who may be the new version of a child, those of the very same sizes first."""
    fitting = [number for number, other in enumerate(theirs) if len(sizes) == len(other) and all(map(alike, sizes, other))]
    texts = [size.text for size in sizes]
    return sorted(fitting, key=lambda number: [size.text for size in theirs[number]] != texts)


def _find(number: int, candidates: Sequence[Sequence[int]], taken: dict[int, int], asked: set[int]) -> bool:
    """Find a partner, if need be that of somebody who finds another one: Kuhn's algorithm for a maximum matching."""
    for other in candidates[number]:
        if other not in asked:
            asked.add(other)
            if other not in taken or _find(taken[other], candidates, taken, asked):
                taken[other] = number
                return True
    return False
