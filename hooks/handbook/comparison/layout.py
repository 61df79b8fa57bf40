"""Layout: white space that differs although no value's width explains it."""

from __future__ import annotations

from handbook.drift import Change, Difference
from handbook.tree import Exact, Leaf, Node, alike, leaves


def layout_difference(old: Node, new: Node, old_text: str, new_text: str) -> Difference | None:
    """Look for a difference of layout between two outputs whose trees agree.

    Parameters:
        old: The old tree.
        new: The new one.
        old_text: The old output.
        new_text: The new one.

    Returns:
        The first one; None where there is none, where values of other widths moved what stands beside them, or where lines came in
        another order.
    """
    pairs = list(zip(leaves(old), leaves(new), strict=False))
    if not all(alike(*pair) and _as_wide(*pair) for pair in pairs):
        return None
    moved = next((pair for pair in pairs if _moved(*pair)), None)
    if moved:
        one, other = moved
        return Difference(Change.COSMETIC, f"line {other.place.line}: other white space", one.place, other.place)
    if _blank(old_text) != _blank(new_text):
        return Difference(Change.COSMETIC, f"{_blank(new_text)} blank lines where {_blank(old_text)} were")
    return None


def _as_wide(old: Leaf, new: Leaf) -> bool:
    return isinstance(old, Exact) or len(old.text) == len(new.text)


def _moved(old: Leaf, new: Leaf) -> bool:
    return old.place.start != new.place.start or (isinstance(old, Exact) and old.text != new.text)


def _blank(text: str) -> int:
    return sum(not line.strip() for line in text.split("\n"))
