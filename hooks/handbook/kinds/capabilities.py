"""Capabilities as sets of names: capsh, getpcaps, getcap."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.command_line import Producer, producer
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.structure.fields import lines
from handbook.tree import Node, Ordered, Unordered

PROGRAMS = frozenset({"capsh", "getpcaps", "getcap"})
CUTTERS = frozenset({"tr", "cut", "sed"})
NAMES = re.compile(r"cap_\w+(?:,cap_\w+)+")
NAME = re.compile(r"\w+")


class Capabilities:
    """Lines in order; the names in one are a set."""

    name = "capabilities"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and (_lists(made) or _is_divided(made)))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        made = producer(context.command)
        if made and _is_divided(made):
            return Unordered(lines(sheet, [number for number, _ in sheet.filled()]))
        return Ordered(tuple(node for number, text in sheet.filled() for node in _line(sheet, number, text)))


def _lists(made: Producer) -> bool:
    return made.program in PROGRAMS and "-c" not in made.words


def _is_divided(made: Producer) -> bool:
    """Tell whether a list of names was divided, so that each has a line."""
    while made.program in CUTTERS and made.fed_by:
        made = made.fed_by
        if _lists(made):
            return True
    return False


def _line(sheet: Sheet, number: int, text: str) -> Iterator[Node]:
    match = NAMES.search(text)
    if not match:
        yield from sheet.line(number)
        return
    names = (line for found in NAME.finditer(text, *match.span()) for line in sheet.line(number, (), *found.span()))
    yield Ordered((*sheet.line(number, (), 0, match.start()), Unordered(tuple(names)), *sheet.line(number, (), match.end())))


KIND = Capabilities()
