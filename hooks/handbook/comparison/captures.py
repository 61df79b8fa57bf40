"""Captured values in trees: what an author takes out of one run is what the same pattern takes out of the other."""

from __future__ import annotations

from collections.abc import Iterator

from handbook.comparison.step_pairs import StepPair
from handbook.recording import RecordedStep
from handbook.tree import Leaf, Node, alike, leaves, place_of

LeafPair = tuple[Leaf, Leaf]


def captured_pairs(pair: StepPair, old: Node, new: Node) -> Iterator[LeafPair]:
    """The leaves of captured values, each with the one that has its place in the other run.

    Parameters:
        pair: The step.
        old: What it printed in the old recording.
        new: What it printed in the new one.
    """
    now = dict(pair.new.captured)
    for name, value in pair.old.captured:
        ours, theirs = _leaves(pair.old, value, old), _leaves(pair.new, now.get(name, ""), new)
        if len(ours) == len(theirs) and all(map(alike, ours, theirs)):
            yield from zip(ours, theirs, strict=True)


def _leaves(step: RecordedStep, value: str, tree: Node) -> list[Leaf]:
    """The leaves of a value where it stands first; none where it fills several lines or is not seen."""
    place = place_of(value, step.output)
    if not place:
        return []
    return [leaf for leaf in leaves(tree) if leaf.place.line == place.line and place.start <= leaf.place.start < place.end]
