"""Blocks: lines that came, or went, one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from handbook.drift import Difference, Drift


def blocks(drift: Drift) -> dict[Difference, str]:
    """The text of its block, for each whole line of a step that came or went: a bracket alone does not tell what it closes."""
    gone = {one: one.old.line for one in drift.differences if one.went and one.old}
    came = {one: one.new.line for one in drift.differences if one.came and one.new}
    return {**_blocks(gone, drift.old.output), **_blocks(came, drift.new.output)}


def _blocks(found: Mapping[Difference, int], output: str) -> dict[Difference, str]:
    lines, texts = output.split("\n"), dict[int, str]()
    for _, run in groupby(enumerate(sorted(set(found.values()))), lambda numbered: numbered[1] - numbered[0]):
        numbers = [number for _, number in run]
        texts |= dict.fromkeys(numbers, "\n".join(lines[numbers[0] - 1 : numbers[-1]]))
    return {difference: texts[number] for difference, number in found.items()}
