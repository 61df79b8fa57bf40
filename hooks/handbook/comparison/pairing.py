"""Pairs of children whose order matters: which are no versions of each other after all, and which only stand elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from handbook.comparison.alignment import Pair
from handbook.comparison.line_pieces import WORDY
from handbook.comparison.words import KIN, likeness, words
from handbook.tree import Line, Node, label_of, leaves

LONG = 8  # words of a line that must have more than its place in common with another one to be a version of it


def parted(pairs: Iterable[Pair], old: Sequence[Node], new: Sequence[Node]) -> Iterator[Pair]:
    """Part those that are no versions of each other: that are called otherwise, or have little in common and are not the only ones.

    Parameters:
        pairs: As they were aligned.
        old: The old children.
        new: The new ones.
    """
    many = len(old) > 1 or len(new) > 1
    for one, other in pairs:
        if one is None or other is None or not _are_others(old[one], new[other], many=many):
            yield one, other
        else:
            yield one, None
            yield None, other


def moved_whole(pairs: Sequence[Pair], old: Sequence[Node], new: Sequence[Node]) -> dict[int, int]:
    """Children that have no partner in their place and the same text as one elsewhere, each with the other's number."""
    went = _once((one, old[one]) for one, other in pairs if other is None and one is not None)
    came = _once((other, new[other]) for one, other in pairs if one is None and other is not None)
    return {went[text]: came[text] for text in went if text in came}


def _are_others(old: Node, new: Node, *, many: bool) -> bool:
    """Tell whether two children have not the same name of their own, or are long lines that have little in common but their place.

    A child without a name is no version of one that has one.
    """
    if label_of(old) or label_of(new):
        return label_of(old) != label_of(new)
    lines = many and isinstance(old, Line) and isinstance(new, Line)
    return lines and min(sum(1 for _ in words(line)) for line in (old, new)) > LONG and likeness(old, new) < KIN


def _once(children: Iterable[tuple[int, Node]]) -> dict[tuple[tuple[type, str], ...], int]:
    """Numbers of children by their leaves, of those that say anything and that nothing else says too."""
    found: dict[tuple[tuple[type, str], ...], list[int]] = {}
    for number, child in children:
        found.setdefault(tuple((type(leaf), leaf.text) for leaf in leaves(child)), []).append(number)
    return {text: of[0] for text, of in found.items() if len(of) == 1 and any(WORDY.search(leaf) for _, leaf in text)}
