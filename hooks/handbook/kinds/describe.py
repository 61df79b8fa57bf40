"""kubectl describe: fields, sections and events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from handbook.command_line import producer
from handbook.kinds import Unreadable
from handbook.quantities import canonical, duration
from handbook.recognition.checks import Meaning
from handbook.recognition.columns import cell_meaning
from handbook.recognition.context import Context
from handbook.recognition.durations import SET, measures
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.structure.columns import Cell, Columns, aligned, is_rule
from handbook.structure.events import came_by_chance
from handbook.structure.lists import addresses
from handbook.tree import Exact, Line, Node, Ordered, Place, Unordered

FIELD = re.compile(r"(\s*)([A-Z(][^:]*|[\w./-]+):(?:\s+(\S.*))?\s*$")
QUANTITY = re.compile(r"\s*(?:cpu|memory|ephemeral-storage|hugepages-\w+):\s+(\S+)$")
EVENT = re.compile(r"\s*(Normal|Warning)\s+(\S+)")
AGE = re.compile(r"\d+[smhdy][\dsmhdy]*\b")
FREE = frozenset({"Labels", "Annotations", "Allocated resources", "Non-terminated Pods"})


class Way(NamedTuple):
    """What a field is called besides its own name.

    Parameters:
        before: The fields that it stands below, as ``Containers: nginx: ``.
        behind: What it is of, where that has no name that lasts, as `` of a volume``.
    """

    before: str = ""
    behind: str = ""

    def below(self, name: str, *, lasts: bool) -> Way:
        """The way of the fields below one."""
        if lasts:
            return Way(f"{self.before}{name}: ", self.behind)
        above = self.before.rstrip(": ").rpartition(": ")[2].lower().removesuffix("s")
        return Way(behind=f" of a {above or 'part'}")


class Describe:
    """Fields by name, in order; of events their types and reasons only."""

    name = "describe"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        describing = made is not None and made.program == "kubectl" and "describe" in made.operands
        # A grep that asks for fields leaves fields; what else a grep or a tail leaves is lines of a table of events.
        return bool(made and describing and (not made.is_cut or all(map(_asks_for_fields, made.filters))))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        numbers = [number for number, _ in sheet.filled()]
        if not numbers:
            return Ordered(())
        if not FIELD.match(sheet.lines[numbers[0] - 1]):
            raise Unreadable(f"line {numbers[0]} is no field")
        return Ordered(tuple(_level(sheet, numbers, Way())))


def _asks_for_fields(words: Sequence[str]) -> bool:
    return words[0] == "grep" and any(re.match(r"\^\(?[A-Z]", word) for word in words[1:])


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _level(sheet: Sheet, numbers: Sequence[int], way: Way) -> Iterator[Node]:
    """The fields of one level, or the rows of a table; deeper lines belong to the field above them."""
    at, columns = 0, _columns(sheet, numbers)
    while at < len(numbers):
        text = sheet.lines[numbers[at] - 1]
        end = at + 1
        while end < len(numbers) and _indent(sheet.lines[numbers[end] - 1]) > _indent(text):
            end += 1
        yield from _entry(sheet, numbers[at], numbers[at + 1 : end], way, columns)
        at = end


def _columns(sheet: Sheet, numbers: Sequence[int]) -> Columns | None:
    """The columns of a table: its labels are underlined."""
    pairs = pairwise(sheet.lines[number - 1] for number in numbers)
    return next((aligned(labels) for labels, line in pairs if is_rule(line)), None)


def _cells(text: str, columns: Columns) -> Iterator[Token]:
    """What varies in a row, told by the labels, which are written large in 1.20 and small in 1.34."""
    for (label, _), cell in zip(columns.labels, columns.cut(text), strict=False):
        if cell.start < cell.end and (found := cell_meaning(label.upper(), text, cell)):
            yield Token(*found)


def _entry(sheet: Sheet, number: int, below: Sequence[int], way: Way, columns: Columns | None) -> Iterator[Node]:
    text = sheet.lines[number - 1]
    match = FIELD.match(text)
    if not match:
        yield from sheet.line(number, tuple(_cells(text, columns)) if columns else ())
        if below:
            yield Ordered(tuple(_level(sheet, below, way)))
        return
    name = match[2].strip()
    if name == "Events":
        yield Ordered((_events(sheet, below),), "section Events")
        return
    first = sheet.line(number, (), 0, match.end(2))
    exact = all(isinstance(leaf, Exact) for line in first for leaf in line.leaves)
    value = _value(sheet, number, match) if match[3] else ()
    children = tuple(_level(sheet, below, way.below(name, lasts=exact)))
    inner = (Unordered(children),) if name in FREE else children
    yield Ordered((*(() if exact else first), *value, *inner), f"field {way.before}{name}{way.behind}" if exact else "")


def _value(sheet: Sheet, number: int, match: re.Match[str]) -> Sequence[Node]:
    """What stands behind a field's name; quantities and durations by what they say, addresses in any order."""
    if listed := addresses(sheet, number, Cell(*match.span(3))):
        return listed
    quantity = QUANTITY.match(match.string)
    if quantity and (value := canonical(quantity[1])):
        return [Line((Exact(quantity[1], Place(number, *quantity.span(1)), value),))]
    meaning = _span(match[2].strip(), match[3])
    told = [Token(*match.span(3), meaning)] if meaning else []
    return sheet.line(number, told, match.start(3))


def _span(name: str, text: str) -> Meaning | None:
    """What a value is that is a span of time: an age, or a duration that somebody set."""
    if measures(name) and AGE.fullmatch(text):
        return Meaning("noise", "age")
    return SET if duration(text) else None


def _events(sheet: Sheet, numbers: Sequence[int]) -> Node:
    """Whether events are warnings, and their reasons, each once: how often, when and in which words they came is chance."""
    reasons: dict[str, Node] = {}
    for number in numbers:
        line = sheet.lines[number - 1]
        if (match := EVENT.match(line)) and not came_by_chance(line):
            reasons.setdefault(match[0].strip(), Ordered(sheet.line(number, (), *match.span()), f"event {match[2]}"))
    return Unordered(tuple(reasons.values()))


KIND = Describe()
