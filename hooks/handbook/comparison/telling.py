"""Differences in words: one sentence for each thing that came, went or changed."""

from __future__ import annotations

import re
from dataclasses import replace

from handbook.comparison.capability_masks import mask_difference
from handbook.comparison.words import phrase, span, words
from handbook.drift import Change, Difference
from handbook.tree import Exact, Leaf, Line, Node, Place, first_line, height, label_of

WHOLE_LINE = re.compile(r"^line (\d+) is new: (.*)$")
WAS_LINE = re.compile(r"\(it was line")


def changed(old: list[Leaf], new: list[Leaf], beside: tuple[Place | None, Place | None] = (None, None)) -> Difference:
    """Say that some words stand in the place of others; on one side there may be none.

    Parameters:
        old: The words that were there.
        new: The words that are there now.
        beside: The empty places where they would stand if there were some.
    """
    before, now = span(old), span(new)
    if before and now:
        said = f"line {now.line}: {phrase(new)} where {phrase(old)} was"
        masks = mask_difference(old[0].text, new[0].text) if len(old) == len(new) == 1 else ""
        return Difference(Change.VALUE, f"{said}, {masks}" if masks else said, before, now)
    if now:
        return Difference(Change.STRUCTURAL, f"line {now.line}: {phrase(new)} is new", beside[0], now)
    was = f" (it was in line {before.line})" if before else ""
    return Difference(Change.STRUCTURAL, f"{phrase(old)} is gone{was}", before, beside[1])


def moved(old: list[Leaf], new: list[Leaf]) -> Difference:
    """Say that the same words stand elsewhere in their line."""
    before, now = span(old), span(new)
    return Difference(Change.VALUE, f"line {now.line if now else 0}: {phrase(new)} stands elsewhere in it", before, now)


def displaced(old: Node, new: Node) -> Difference:
    """Say that a line or an entry whose order matters stands elsewhere."""
    before, now = first_line(old), first_line(new)
    where = f"line {now.line}, and no longer in line {before.line}" if before and now else "another place"
    return Difference(Change.STRUCTURAL, f"{_named(new)} stands in {where}", before, now, label_of(new), whole=True)


def indented(old: Line, new: Line) -> Difference:
    """Say that a line moved to another level."""
    before, now = first_line(old), first_line(new)
    sentence = f"line {now.line if now else 0}: {phrase(words(new))} is indented differently"
    return Difference(Change.STRUCTURAL, sentence, before, now)


def gone(node: Node, beside: Place | None = None) -> Difference:
    """Say that a child of the old tree has no partner.

    Parameters:
        node: The child.
        beside: The empty place where it would stand in a line of the new output.
    """
    place = first_line(node)
    where = f" (it was line {place.line})" if place else ""
    sentence = f"{_named(node)} is gone{where}"
    return Difference(Change.STRUCTURAL, sentence, place, beside, label_of(node), whole=True, height=height(node))


def added(node: Node, beside: Place | None = None) -> Difference:
    """Say that a child of the new tree has no partner; ``beside`` is where it would stand in a line of the old output."""
    place = first_line(node)
    sentence = f"line {place.line} is new: {_named(node)}" if place else f"{_named(node)} is new"
    return Difference(Change.STRUCTURAL, sentence, beside, place, label_of(node), whole=True, height=height(node))


def within(difference: Difference) -> Difference:
    """The same of something that came or went in a line that holds other things, too."""
    sentence = WHOLE_LINE.sub(r"line \1: \2 is new", difference.sentence)
    return replace(difference, sentence=WAS_LINE.sub("(it was in line", sentence))


def _named(node: Node) -> str:
    if label := label_of(node):
        return f"the {label}"
    shown = [*words(node)]
    lasting = [leaf for leaf in shown if isinstance(leaf, Exact)]
    # Of what fills several lines, only that can be found again which is the same in every run.
    return phrase(lasting if lasting and len({leaf.place.line for leaf in shown}) > 1 else shown)
