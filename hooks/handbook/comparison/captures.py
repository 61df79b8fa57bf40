"""Captured values in trees: what an author takes out of one run is what the same pattern takes out of the other.

A value that does not tell itself, such as a bare number, is what the same text is elsewhere in the chapter: a process, an id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from handbook.comparison.step_pairs import StepPair
from handbook.recognition.tokens import tokens
from handbook.recording import RecordedStep, Recording
from handbook.tree import Leaf, Name, Node, alike, leaves, place_of

LeafPair = tuple[Leaf, Leaf]
CAPTURED = "captured value"


def captured_roles(recordings: Iterable[Recording], read: Callable[[RecordedStep, str], Iterable[Leaf]]) -> Mapping[str, str]:
    """What is captured, by the name that the author gave it: the role that its text has elsewhere, if it has just one.

    Parameters:
        recordings: Those of a chapter; what is a process in one of them is one in the others, even where only one shows it.
        read: Gives the leaves of what a step printed on a target.
    """
    roles: dict[str, set[str]] = defaultdict(set)
    for recording in recordings:
        untold = [(name, value) for name, value in _captured(recording) if not tokens(value)]
        for found in _lasting_names(recording, frozenset(value for _, value in untold), read):
            for name in (name for name, value in untold if value == found.text):
                roles[name].add(found.role)
    return {name: next(iter(found)) for name, found in roles.items() if len(found) == 1}


def captured_values(recording: Recording, roles: Mapping[str, str]) -> Mapping[str, str]:
    """The values that a recording captured, each with its role.

    Parameters:
        recording: The recording.
        roles: Those that are known, by the names that authors gave the values.
    """
    known_last = sorted(_captured(recording), key=lambda pair: pair[0] in roles)
    return {value: roles.get(name, CAPTURED) for name, value in known_last}


def _captured(recording: Recording) -> Iterator[tuple[str, str]]:
    return (pair for snippet in recording.snippets for step in snippet.steps for pair in step.captured)


def _lasting_names(
    recording: Recording, texts: frozenset[str], read: Callable[[RecordedStep, str], Iterable[Leaf]]
) -> Iterator[Name]:
    """The names of a recording that are one of some texts and outlive their step."""
    steps = ((step, snippet.target) for snippet in recording.snippets for step in snippet.steps)
    showing = ((step, target) for step, target in steps if any(text in step.output for text in texts))
    found = (leaf for step, target in showing for leaf in read(step, target))
    return (leaf for leaf in found if isinstance(leaf, Name) and leaf.text in texts and not leaf.passing)


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
