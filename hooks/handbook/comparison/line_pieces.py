"""Pieces of two lines that are versions of one: what they have in common and what they have not."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import chain, groupby
from typing import NamedTuple

from handbook.comparison.alignment import Block, blocks
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
    divided = list(chain.from_iterable(_by_order_of_size(block, old, new) for block in blocks(*keys)))
    return [
        Piece(
            old[block.old : block.old_end],
            new[block.new : block.new_end],
            block.same,
            (_beside(old, block.old), _beside(new, block.new)),
        )
        for block in _closed(_bridged(divided, old), old, new)
    ]


def _bridged(divided: Iterable[Block], old: Sequence[Leaf]) -> list[Block]:
    """Make one change of two that only punctuation divides."""
    found: list[Block] = []
    for block in divided:
        if not block.same and len(found) > 1 and not found[-2].same and _is_punctuation(old[found[-1].old : found[-1].old_end]):
            first = found[-2]
            found[-2:] = [first._replace(old_end=block.old_end, new_end=block.new_end)]
        else:
            found.append(block)
    return found


def _closed(divided: Sequence[Block], old: Sequence[Leaf], new: Sequence[Leaf]) -> list[Block]:
    """Let a change that opens a bracket on both sides take along the next part where that closes it: ``13 (trixie)``."""
    found: list[Block] = []
    for block in divided:
        before = found[-1] if found else None
        if before and not before.same and block.same and _closes(block, before, old, new):
            found[-1] = before._replace(old_end=before.old_end + 1, new_end=before.new_end + 1)
            found.append(block._replace(old=block.old + 1, new=block.new + 1))
        else:
            found.append(block)
    return [block for block in found if block.old < block.old_end or block.new < block.new_end]


def _closes(block: Block, change: Block, old: Sequence[Leaf], new: Sequence[Leaf]) -> bool:
    """Tell whether a block begins with the bracket that a change before it opens."""
    bracket = CLOSING.get(old[block.old].text) if block.old < block.old_end else None
    sides = old[change.old : change.old_end], new[change.new : change.new_end]
    return bracket is not None and all(_opens(side, bracket) for side in sides)


def _opens(parts: Sequence[Leaf], bracket: str) -> bool:
    """Tell whether a bracket is opened among parts and not closed."""
    return sum((part.text == bracket) - (CLOSING.get(part.text) == bracket) for part in parts) == 1


def _by_order_of_size(block: Block, old: list[Leaf], new: list[Leaf]) -> Iterator[Block]:
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
