"""Gathered differences: thirty entries of a directory that are gone are one thing to say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from handbook.drift import Change, Difference
from handbook.ranges import text_of

FEW = 2  # so many are told one by one
NAMED = 16  # so many are called by their names
# Where a part of a line stands, or stood.
LINE = re.compile(r"(^(?:standard error, )?|\(it was in )line (\d+)(: |\)$)")
PLURALS = {"entry": "entries", "property": "properties"}


class Group(NamedTuple):
    """Differences that are told together.

    Parameters:
        sentence: What is told of them, with the sort of change and what it is about in front.
        differences: All of them.
    """

    sentence: str
    differences: tuple[Difference, ...]


def gathered(differences: Iterable[Difference]) -> list[Group]:
    """Put together what came and what went where that is much, and what is the same in several lines; the rest stands alone."""
    groups: dict[tuple[str, str, str] | str | int, list[Difference]] = {}
    for number, difference in enumerate(differences):
        groups.setdefault(_sort(difference) or _wherever(difference) or number, []).append(difference)
    told: list[Group] = []
    for key, group in groups.items():
        if isinstance(key, tuple) and len(group) > FEW:
            told.append(Group(_together(*key, group), tuple(group)))
        elif isinstance(key, str) and len(group) > 1:
            told.append(Group(_in_lines(group), tuple(group)))
        else:
            told += [Group(_alone(difference), (difference,)) for difference in group]
    return sorted(told, key=lambda group: _line(group.differences[0]))


def _alone(difference: Difference) -> str:
    about = f", {difference.about}" if difference.about else ""
    return f"{difference.change}{about}: {difference.sentence}"


def _sort(difference: Difference) -> tuple[str, str, str] | None:
    """What came or went, which of the two, and in what; None where only a part of a line did, or where something changed."""
    if not difference.whole or (difference.old and difference.new):
        return None
    noun = "line" if difference.about else difference.subject.partition(" ")[0] or "line"
    return noun, "gone" if difference.old else "new", difference.about


def _wherever(difference: Difference) -> str:
    """What is told of a part of a line but for the line's number; empty where it is told of anything else."""
    if difference.whole or not LINE.search(difference.sentence):
        return ""
    return _alone(replace(difference, sentence=LINE.sub(r"\1\3", difference.sentence)))


def _in_lines(group: Sequence[Difference]) -> str:
    """What is the same in several lines."""
    numbers = sorted({int(match[2]) for difference in group if (match := LINE.search(difference.sentence))})
    lines = f"line{'s' * (len(numbers) > 1)} {text_of(numbers).replace(' ', ', ')}"
    return _alone(replace(group[0], sentence=LINE.sub(rf"\g<1>{lines}\g<3>", group[0].sentence)))


def _together(noun: str, went: str, about: str, group: Sequence[Difference]) -> str:
    sentence = f"{Change.STRUCTURAL}{about and f', {about}'}: {len(group)} {PLURALS.get(noun, f'{noun}s')} are {went}"
    if noun == "line":
        return sentence
    names = [difference.subject.partition(" ")[2] for difference in group]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{sentence}: {', '.join(names[:NAMED])}{more}"


def _line(difference: Difference) -> int:
    place = difference.new or difference.old
    return place.line if place else 0
