"""Pieces of two lines that are versions of one: what they have in common and what they have not."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from itertools import chain, groupby
from typing import NamedTuple

from handbook.alignment import Block, blocks
from handbook.tree import Leaf, Place, Shape, alike

WORDY = re.compile(r"\w")
CLOSING = {")": "(", "]": "[", "}": "{"}
BRIDGED = 2  # marks of punctuation in a row that do not divide one change into two


class Piece(NamedTuple):
    """A stretch of both lines.

    Parameters:
        old: Its parts in the old line.
        new: Its parts in the new one.
        same: True where their keys are equal.
        beside: Where it stands in either line, for a stretch that is empty in one of them.
    """

    old: list[Leaf]
    new: list[Leaf]
    same: bool
    beside: tuple[Place | None, Place | None]


def pieces(old: list[Leaf], new: list[Leaf], keys: tuple[Sequence[Hashable], Sequence[Hashable]]) -> list[Piece]:
    """Divide two lines; changes that only punctuation divides are one: ``killed, status=9/KILL`` for ``killed/status=KILL``.

    Parameters:
        old: The parts of the old line.
        new: The parts of the new one.
        keys: Of the parts.
    """
    bounds: list[tuple[int, int, int, int, bool]] = []
    for block in chain.from_iterable(_alike(block, old, new) for block in blocks(*keys)):
        bound = (block.old, block.old_end, block.new, block.new_end, block.same)
        if not block.same and len(bounds) > 1 and not bounds[-2][4] and _is_punctuation(old[bounds[-1][0] : bounds[-1][1]]):
            first = bounds[-2]
            bounds[-2:] = [(first[0], block.old_end, first[2], block.new_end, False)]
        else:
            bounds.append(bound)
    _close(bounds, old, new)
    return [
        Piece(old[low:high], new[new_low:new_high], same, (_beside(old, low), _beside(new, new_low)))
        for low, high, new_low, new_high, same in bounds
    ]


def _close(bounds: list[tuple[int, int, int, int, bool]], old: Sequence[Leaf], new: Sequence[Leaf]) -> None:
    """Let a change that opens a bracket on both sides take along the next part where that closes it: ``13 (trixie)``."""
    for number, (low, high, new_low, new_high, same) in enumerate(bounds[:-1]):
        start, end, new_start, new_end, kept = bounds[number + 1]
        closed = kept and start < end and CLOSING.get(old[start].text)
        if closed and not same and _opens(old[low:high], closed) and _opens(new[new_low:new_high], closed):
            bounds[number] = (low, high + 1, new_low, new_high + 1, False)
            bounds[number + 1] = (start + 1, end, new_start + 1, new_end, True)
    bounds[:] = [bound for bound in bounds if bound[0] < bound[1] or bound[2] < bound[3]]


def _opens(parts: Sequence[Leaf], bracket: str) -> bool:
    """Tell whether a bracket is opened among parts and not closed."""
    return sum((part.text == bracket) - (CLOSING.get(part.text) == bracket) for part in parts) == 1


def _alike(block: Block, old: list[Leaf], new: list[Leaf]) -> Iterator[Block]:
    """A block of equal keys in two where parts have one form and are not alike: sizes of another order."""
    if not block.same:
        yield block
        return
    pairs = zip(range(block.old, block.old_end), range(block.new, block.new_end), strict=True)
    for same, run in groupby(pairs, lambda pair: alike(old[pair[0]], new[pair[1]]) or not isinstance(old[pair[0]], Shape)):
        numbers = list(run)
        first, last = numbers[0], numbers[-1]
        yield Block(first[0], last[0] + 1, first[1], last[1] + 1, same)


def moved_pieces(found: Sequence[Piece]) -> dict[int, Piece]:
    """Pieces of which the same words stand elsewhere in the other line, by the number of what went, each with what came."""
    came = {_text(piece.new): number for number, piece in enumerate(found) if piece.new and not piece.old}
    went = ((number, piece) for number, piece in enumerate(found) if piece.old and not piece.new and not piece.same)
    return {number: found[came[_text(piece.old)]] for number, piece in went if _text(piece.old) in came}


def _text(parts: Sequence[Leaf]) -> tuple[str, ...]:
    return tuple(part.text for part in parts)


def _is_punctuation(parts: Sequence[Leaf]) -> bool:
    return 0 < len(parts) <= BRIDGED and not any(WORDY.search(part.text) for part in parts)


def _beside(parts: Sequence[Leaf], index: int) -> Place | None:
    """The empty place in front of a part, or behind the last one."""
    if index < len(parts):
        place = parts[index].place
        return place._replace(end=place.start)
    if parts:
        place = parts[-1].place
        return place._replace(start=place.end)
    return None
