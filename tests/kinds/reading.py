"""What tests of kinds ask: how a kind reads an output, and what the comparer says of two of them."""

from __future__ import annotations

from pathlib import Path

import yaml
from handbook.compare import compare
from handbook.kinds import kind_of
from handbook.recognition.context import Context, typed_values
from handbook.tree import Name, Node, Noise, leaves

from tests.recordings import recording


def kind(command: str) -> str:
    return kind_of(command).name


def tree(command: str, output: str) -> Node:
    return kind_of(command).parse(output, Context(command=command, typed=typed_values([command])))


def names(command: str, output: str) -> list[tuple[str, str]]:
    return [(leaf.role, leaf.text) for leaf in leaves(tree(command, output)) if isinstance(leaf, Name)]


def noise(command: str, output: str) -> list[str]:
    return [leaf.text for leaf in leaves(tree(command, output)) if isinstance(leaf, Noise)]


def drift(command: str, old: str, new: str) -> list[str]:
    """What the comparer says of two outputs of a command in two environments, which it must have read as what they are."""
    found = compare(recording((command, old)), recording((command, new), environment="there"))
    assert found.notes == ()
    return [one.sentence for step in found.drifts for one in step.differences if one.means_something]


def subjects(command: str, old: str, new: str) -> set[str]:
    """What differences of two outputs are about."""
    found = compare(recording((command, old)), recording((command, new)))
    return {one.subject for step in found.drifts for one in step.differences if one.means_something}


def sample_of(name: str, command: str) -> str:
    """The real output of a command that stands beside the tests of its kind."""
    samples = yaml.safe_load((Path(__file__).parents[1] / "samples" / "outputs" / f"{name}.yml").read_text())
    return str(next(each["output"] for each in samples if each["command"] == command))
