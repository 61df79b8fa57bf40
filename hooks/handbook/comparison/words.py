"""Words of trees: how differences are shown and how alike two lines are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from handbook.tree import Exact, Leaf, Node, Noise, Place, leaves, squeeze

WORD = re.compile(r"\S+")
FRAGMENT = re.compile(r"[^\W_]+")
PART = re.compile(r"""[^\s,;:=(){}\[\]"']+|\S""")
SHOWN = 70
KIN = 0.5  # trees whose likeness is less are no versions of one tree


def words(node: Node) -> Iterator[Leaf]:
    """The leaves of a tree, exact ones cut at white space."""
    return _cut(node, WORD)


def parts(node: Node) -> Iterator[Leaf]:
    """The leaves of a tree, exact ones cut at white space and punctuation: the smallest things that can differ."""
    return _cut(node, PART)


def _cut(node: Node, piece: re.Pattern[str]) -> Iterator[Leaf]:
    for leaf in leaves(node):
        if isinstance(leaf, Exact) and not leaf.value:
            line, start, _ = leaf.place
            found = ((match[0], start + match.start(), start + match.end()) for match in piece.finditer(leaf.text))
            yield from (Exact(text, Place(line, first, end)) for text, first, end in found)
        else:
            yield leaf


def phrase(parts: Iterable[Leaf]) -> str:
    """Leaves as a reader sees them, in quotation marks, cut where they are long."""
    text, last = "", None
    for part in parts:
        apart = last is not None and ((part.place.line, part.place.start) != (last.line, last.end) or part.text[:1].isspace())
        text, last = f"{text}{' ' if apart else ''}{squeeze(part.text)}", part.place
        if len(text) > SHOWN:
            return f'"{text[: SHOWN - 3]}..."'
    return f'"{text}"'


def span(parts: list[Leaf]) -> Place | None:
    """Where leaves of one line stand, from the first to the last; None for none."""
    if not parts:
        return None
    first, last = parts[0].place, parts[-1].place
    return first._replace(end=last.end) if first.line == last.line else first


def likeness(old: Node, new: Node) -> float:
    """How many of their words two trees have in common, from 0 to 1.

    Values of one sort count as the same word; noise is no word at all, for it would make any two rows of a table look like one.
    """
    return _in_common(map(_sort, _lasting(old)), map(_sort, _lasting(new)))


def fragments_in_common(old: Node, new: Node) -> float:
    """How many of their runs of letters and digits two trees have in common, from 0 to 1.

    Only exact leaves count: ``etcd-node`` is closer to ``etcd-handbook`` than to ``proxy-handbook``.
    """
    return _in_common(_fragments(old), _fragments(new))


def _in_common(old: Iterable[object], new: Iterable[object]) -> float:
    one, other = Counter(old), Counter(new)
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def _lasting(node: Node) -> Iterator[Leaf]:
    return (leaf for leaf in words(node) if not isinstance(leaf, Noise))


def _fragments(node: Node) -> Iterator[str]:
    return (fragment for leaf in leaves(node) if isinstance(leaf, Exact) for fragment in FRAGMENT.findall(leaf.text))


def _sort(leaf: Leaf) -> tuple[str, str]:
    return (type(leaf).__name__, leaf.meaning if isinstance(leaf, Exact) else leaf[0])
