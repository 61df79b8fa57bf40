"""Fields: lines that are a name and a value."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.tree import Line, Node, Ordered, Unordered


def field(sheet: Sheet, number: int, match: re.Match[str], noun: str, told: Iterable[Token] = ()) -> Ordered:
    """One field.

    Parameters:
        sheet: The output.
        number: Its line.
        match: Its groups are the name and the value.
        noun: What such a name is called: ``field``, ``key``, ``header``.
        told: What is known of its values.
    """
    return Ordered((*sheet.line(number, tuple(told), *match.span(2)),), f"{noun} {match[1].strip()}")


def fields(sheet: Sheet, numbers: Iterable[int], pattern: re.Pattern[str], noun: str) -> Unordered:
    """Lines as fields in any order; those that are none stand between them as they are."""
    children: list[Node] = []
    for number in numbers:
        match = pattern.match(sheet.lines[number - 1])
        children += [field(sheet, number, match, noun)] if match else sheet.line(number)
    return Unordered(tuple(children))


def lines(sheet: Sheet, numbers: Iterable[int]) -> tuple[Line, ...]:
    """Lines as they are."""
    return tuple(line for number in numbers for line in sheet.line(number))
