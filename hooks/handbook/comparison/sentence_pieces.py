"""Pieces of two lines, divided where a sentence ends: a sentence that came behind one that changed is a change of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from handbook.comparison.line_pieces import Piece
from handbook.tree import Leaf, Place


def by_sentence(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Divide every change behind the sentence in which it began, where only one of the lines goes on.

    Parameters:
        pieces: Of two lines, in their order.
    """
    for piece in pieces:
        end, new_end = _sentence_end(piece.old), _sentence_end(piece.new)
        if piece.same or not (end and new_end) or (end < len(piece.old)) == (new_end < len(piece.new)):
            yield piece
            continue
        old, new = piece.old[:end], piece.new[:new_end]
        yield piece._replace(old=old, new=new)
        yield Piece(piece.old[end:], piece.new[new_end:], same=False, beside=(_behind(old), _behind(new)))


def _sentence_end(parts: Sequence[Leaf]) -> int:
    """How many parts the first sentence has; 0 where none ends."""
    return next((number for number, part in enumerate(parts, 1) if part.text.endswith(".")), 0)


def _behind(parts: Sequence[Leaf]) -> Place:
    place = parts[-1].place
    return place._replace(start=place.end)
