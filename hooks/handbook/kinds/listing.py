"""ls: the entries of directories."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from handbook.command_line import producer
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.tree import Exact, Node, Ordered, Unordered

LONG = re.compile(r"[bcdlps-][rwxsStT-]{9}[.+@]? +\d+ +\S+ +\S+ +[\d.,]+ *\d*[KMG]? +\S+ +\S+ +\S+ (?P<name>.+?)(?: -> .*)?$")
TITLE = re.compile(r".*:$")


class Listing:
    """Directories in order, their entries in any order: names decide it, and those may vary."""

    name = "listing"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and made.program in {"ls", "dir"})

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        return Ordered(tuple(_directory(sheet, list(numbers)) for numbers in _paragraphs(sheet)))


def _paragraphs(sheet: Sheet) -> Iterator[Iterator[int]]:
    numbers = range(1, len(sheet.lines) + 1)
    return (group for filled, group in groupby(numbers, key=lambda number: bool(sheet.lines[number - 1].strip())) if filled)


def _directory(sheet: Sheet, numbers: Sequence[int]) -> Node:
    title = [number for number in numbers[:1] if TITLE.match(sheet.lines[number - 1])]
    entries = tuple(node for number in numbers[len(title) :] for node in _entry(sheet, number))
    return Ordered((*(line for number in title for line in sheet.line(number)), Unordered(entries)))


def _entry(sheet: Sheet, number: int) -> Iterator[Node]:
    lines = sheet.line(number)
    match = LONG.match(sheet.lines[number - 1])
    if match and lines and _is_fixed(sheet, number, match):
        yield Ordered(lines, f"entry {match['name']}")
    else:
        yield from lines


def _is_fixed(sheet: Sheet, number: int, match: re.Match[str]) -> bool:
    """Tell whether the entry's name is no value that varies."""
    return all(isinstance(leaf, Exact) for line in sheet.line(number, (), *match.span("name")) for leaf in line.leaves)


KIND = Listing()
