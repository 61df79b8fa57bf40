"""Gathered differences: thirty entries of a directory that are gone are one thing to say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from handbook.drift import Change, Difference
from handbook.ranges import text_of

FEW = 2  # so many are told one by one
NAMED = 16  # so many are called by their names
# Where a part of a line stands, or stood.
LINE = re.compile(r"(^(?:standard error, )?|\(it was in )line (\d+)(: |\)$)")
PLURALS = {"entry": "entries", "property": "properties", "hierarchy": "hierarchies"}


class Sort(NamedTuple):
    """What came or went together.

    Parameters:
        noun: What one of them is.
        went: ``new`` or ``gone``.
        about: What they came or went in, where their sentences do not say it.
        line: The line in which all of them stand; 0 where each has its own.
    """

    noun: str
    went: str
    about: str
    line: int = 0


class Part(NamedTuple):
    """What is told of a part of a line, whichever line it is.

    Parameters:
        change: What became different.
        noun: Whose part it is, without its name, as ``entry ``; all that is known of it where it has no name.
        sentence: What is told, without the line.
    """

    change: Change
    noun: str
    sentence: str


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
    differences = list(differences)
    crowded = _crowded(differences)
    groups: dict[Sort | Part | int, list[Difference]] = {}
    for number, difference in enumerate(differences):
        groups.setdefault(_sort(difference, crowded) or _wherever(difference) or number, []).append(difference)
    told: list[Group] = []
    for key, group in groups.items():
        if isinstance(key, Sort) and len(group) > FEW:
            told.append(Group(_together(key, group), tuple(group)))
        elif isinstance(key, Part) and len(group) > 1:
            told.append(Group(_in_lines(group), tuple(group)))
        else:
            told += [Group(_alone(difference), (difference,)) for difference in group]
    return sorted(told, key=lambda group: _line(group.differences[0]))


def _alone(difference: Difference) -> str:
    about = f", {difference.about}" if difference.about else ""
    return f"{difference.change}{about}: {difference.sentence}"


def _crowded(differences: Iterable[Difference]) -> set[tuple[bool, int]]:
    """Lines in which several things came or went, each with whether that is a line of the old output."""
    found = Counter((one.went, _line(one)) for one in differences if one.came or one.went)
    return {line for line, number in found.items() if number > 1}


def _sort(difference: Difference, crowded: Container[tuple[bool, int]]) -> Sort | None:
    """What came or went; None where only a part of a line did, or where something changed."""
    if not (difference.came or difference.went):
        return None
    noun = "" if difference.about else difference.subject.partition(" ")[0]
    went, line = "gone" if difference.went else "new", _line(difference)
    if not noun and (difference.went, line) in crowded:
        return Sort("element", went, difference.about, line)
    return Sort(noun or "line", went, difference.about)


def _wherever(difference: Difference) -> Part | None:
    """What is told of a part of a line; None where it is told of anything else."""
    if difference.whole or not LINE.search(difference.sentence):
        return None
    noun, blank, _ = difference.about.partition(" ")
    return Part(difference.change, noun + blank, LINE.sub(r"\1\3", difference.sentence))


def _in_lines(group: Sequence[Difference]) -> str:
    """What is the same in several lines."""
    numbers = sorted({int(match[2]) for difference in group if (match := LINE.search(difference.sentence))})
    lines = f"line{'s' * (len(numbers) > 1)} {text_of(numbers).replace(' ', ', ')}"
    sentence = LINE.sub(rf"\g<1>{lines}\g<3>", group[0].sentence)
    return _alone(replace(group[0], subject=_subjects(group), sentence=sentence))


def _subjects(group: Sequence[Difference]) -> str:
    """What differences are about that are the same but for that: ``entries ipc, net``."""
    subjects = list(dict.fromkeys(difference.about for difference in group))
    if len(subjects) == 1:
        return group[0].subject
    return f"{_plural(subjects[0].partition(' ')[0])} {_listed(subject.partition(' ')[2] for subject in subjects)}"


def _together(sort: Sort, group: Sequence[Difference]) -> str:
    where = f"line {sort.line}: " if sort.line and sort.went == "new" else ""
    was = f" (they were in line {sort.line})" if sort.line and sort.went == "gone" else ""
    about = sort.about and f", {sort.about}"
    sentence = f"{Change.STRUCTURAL}{about}: {where}{len(group)} {_plural(sort.noun)} are {sort.went}{was}"
    if sort.noun in {"line", "element"}:
        return sentence
    return f"{sentence}: {_listed(difference.subject.partition(' ')[2] for difference in group)}"


def _plural(noun: str) -> str:
    return PLURALS.get(noun, f"{noun}s")


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return f"{', '.join(found[:NAMED])}{more}"


def _line(difference: Difference) -> int:
    place = difference.old if difference.went else difference.new or difference.old
    return place.line if place else 0
