"""Alignment: which child of one list goes with which child of another, in order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from handbook.comparison.words import KIN

ALIGNED_AT_MOST = 250_000  # pairs of keys; longer lists are paired by position
LIKENED_AT_MOST = 2_500  # pairs of unequal children that are looked at for likeness

Pair = tuple[int | None, int | None]
Likeness = Callable[[int, int], float]


class Block(NamedTuple):
    """A stretch of both lists.

    Parameters:
        old: Where it begins in the old list.
        old_end: Where it ends there.
        new: Where it begins in the new list.
        new_end: Where it ends there.
        same: True where its keys are equal.
    """

    old: int
    old_end: int
    new: int
    new_end: int
    same: bool = False

    @property
    def size(self) -> int:
        """How many pairs could be made of it."""
        return (self.old_end - self.old) * (self.new_end - self.new)


def align(old: Sequence[Hashable], new: Sequence[Hashable], likeness: Likeness) -> Iterator[Pair]:
    """Pair two lists in order.

    Parameters:
        old: A key for each old child; children of equal keys belong together.
        new: The same for the new ones.
        likeness: How much an old child and a new one of different keys have in common, from 0 to 1.

    Returns:
        Pairs of indexes; None stands where a child has no partner.
    """
    for block in blocks(old, new):
        if block.same:
            yield from zip(range(block.old, block.old_end), range(block.new, block.new_end), strict=True)
        else:
            yield from _replaced(block, likeness)


def blocks(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[Block]:
    """Divide two lists of keys into stretches that are the same and stretches that are not, in order."""
    numbers: dict[Hashable, int] = {}
    ours, theirs = ([numbers.setdefault(key, len(numbers)) for key in keys] for keys in (old, new))
    head = _common(ours, theirs)
    tail = _common(ours[head:][::-1], theirs[head:][::-1])
    middle = Block(head, len(ours) - tail, head, len(theirs) - tail)
    if head:
        yield Block(0, head, 0, head, same=True)
    if middle.size > ALIGNED_AT_MOST:
        yield middle
    else:
        matcher = SequenceMatcher(None, ours[head : middle.old_end], theirs[head : middle.new_end], autojunk=False)
        for tag, low, high, new_low, new_high in matcher.get_opcodes():
            yield Block(head + low, head + high, head + new_low, head + new_high, same=tag == "equal")
    if tail:
        yield Block(middle.old_end, len(ours), middle.new_end, len(theirs), same=True)


def _common(old: Sequence[int], new: Sequence[int]) -> int:
    """How many keys two lists begin with in common."""
    shorter = min(len(old), len(new))
    return next((index for index in range(shorter) if old[index] != new[index]), shorter)


def _replaced(block: Block, likeness: Likeness) -> Iterator[Pair]:
    """Pair children that have much in common; between them, as many as there are on both sides, by position."""
    low, new_low = block.old, block.new
    for old, new in _most_in_common(block, likeness):
        yield from _by_position(Block(low, old, new_low, new))
        yield old, new
        low, new_low = old + 1, new + 1
    yield from _by_position(Block(low, block.old_end, new_low, block.new_end))


def _by_position(block: Block) -> Iterator[Pair]:
    """Pair equally many children; of unequally many, none can be told from the others."""
    low, new_low = block.old, block.new
    if block.old_end - low == block.new_end - new_low or block.size > ALIGNED_AT_MOST:
        both = min(block.old_end - low, block.new_end - new_low)
        yield from zip(range(low, low + both), range(new_low, new_low + both), strict=True)
        low, new_low = low + both, new_low + both
    yield from ((index, None) for index in range(low, block.old_end))
    yield from ((None, index) for index in range(new_low, block.new_end))


def _most_in_common(block: Block, likeness: Likeness) -> tuple[tuple[int, int], ...]:
    """The pairs in order that have most in common together."""
    if block.size > LIKENED_AT_MOST:
        return ()
    nothing: tuple[float, tuple[tuple[int, int], ...]] = (0.0, ())
    best: dict[tuple[int, int], tuple[float, tuple[tuple[int, int], ...]]] = {}
    for old in range(block.old_end - 1, block.old - 1, -1):
        for new in range(block.new_end - 1, block.new - 1, -1):
            choices = [best.get((old + 1, new), nothing), best.get((old, new + 1), nothing)]
            if (common := likeness(old, new)) >= KIN:
                score, pairs = best.get((old + 1, new + 1), nothing)
                choices.append((score + common, ((old, new), *pairs)))
            best[old, new] = max(choices, key=lambda choice: choice[0])
    return best.get((block.old, block.new), nothing)[1]
