"""Alignment: which child of one list goes with which child of another, in order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher

ALIGNED_AT_MOST = 1_000_000  # pairs of keys; longer lists are paired by position
LIKENED_AT_MOST = 2_500  # pairs of unequal children that are looked at for likeness
ALIKE = 0.5

Pair = tuple[int | None, int | None]
Likeness = Callable[[int, int], float]


def align(old: Sequence[Hashable], new: Sequence[Hashable], likeness: Likeness) -> Iterator[Pair]:
    """Pair two lists in order.

    Parameters:
        old: A key for each old child; children of equal keys belong together.
        new: The same for the new ones.
        likeness: How much an old child and a new one of different keys have in common, from 0 to 1.

    Returns:
        Pairs of indexes; None stands where a child has no partner.
    """
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    yield from ((index, index) for index in range(head))
    yield from _middle(old, new, (head, len(old) - tail, head, len(new) - tail), likeness)
    yield from ((len(old) - left, len(new) - left) for left in range(tail, 0, -1))


def _common(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    """How many keys two lists begin with in common."""
    shorter = min(len(old), len(new))
    return next((index for index in range(shorter) if old[index] != new[index]), shorter)


Block = tuple[int, int, int, int]


def _middle(old: Sequence[Hashable], new: Sequence[Hashable], block: Block, likeness: Likeness) -> Iterator[Pair]:
    first_old, end_old, first_new, end_new = block
    if (end_old - first_old) * (end_new - first_new) > ALIGNED_AT_MOST:
        yield from _by_position(block)
        return
    matcher = SequenceMatcher(None, old[first_old:end_old], new[first_new:end_new], autojunk=False)
    for tag, low_old, high_old, low_new, high_new in matcher.get_opcodes():
        part = (first_old + low_old, first_old + high_old, first_new + low_new, first_new + high_new)
        if tag == "equal":
            yield from zip(range(part[0], part[1]), range(part[2], part[3]), strict=True)
        else:
            yield from _replaced(part, likeness)


def _replaced(block: Block, likeness: Likeness) -> Iterator[Pair]:
    """Pair children that are alike; between them, as many as there are on both sides, by position."""
    low_old, end_old, low_new, end_new = block
    for old, new in (*_alike(block, likeness), (end_old, end_new)):
        yield from _by_position((low_old, old, low_new, new))
        if (old, new) != (end_old, end_new):
            yield old, new
        low_old, low_new = old + 1, new + 1


def _by_position(block: Block) -> Iterator[Pair]:
    """Pair equally many children; of unequally many, none can be told from the others."""
    low_old, end_old, low_new, end_new = block
    if end_old - low_old == end_new - low_new or (end_old - low_old) * (end_new - low_new) > ALIGNED_AT_MOST:
        both = min(end_old - low_old, end_new - low_new)
        yield from zip(range(low_old, low_old + both), range(low_new, low_new + both), strict=True)
        low_old, low_new = low_old + both, low_new + both
    yield from ((index, None) for index in range(low_old, end_old))
    yield from ((None, index) for index in range(low_new, end_new))


def _alike(block: Block, likeness: Likeness) -> list[tuple[int, int]]:
    """The pairs in order that have most in common together."""
    low_old, end_old, low_new, end_new = block
    if (end_old - low_old) * (end_new - low_new) > LIKENED_AT_MOST:
        return []
    best: dict[tuple[int, int], tuple[float, tuple[tuple[int, int], ...]]] = {}
    nothing: tuple[float, tuple[tuple[int, int], ...]] = (0.0, ())
    for old in range(end_old - 1, low_old - 1, -1):
        for new in range(end_new - 1, low_new - 1, -1):
            choices = [best.get((old + 1, new), nothing), best.get((old, new + 1), nothing)]
            if (common := likeness(old, new)) >= ALIKE:
                score, pairs = best.get((old + 1, new + 1), nothing)
                choices.append((score + common, ((old, new), *pairs)))
            best[old, new] = max(choices, key=lambda choice: choice[0])
    return list(best.get((low_old, low_new), nothing)[1])
