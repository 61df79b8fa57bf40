"""Tables with a header: kubectl, docker, crictl, ctr, etcdctl, ps, lsns, ss."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from handbook.command_line import producer
from handbook.kinds import FALLBACK, Unreadable, kind_named
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.structure.columns import aligned, barred, is_rule
from handbook.structure.fields import lines
from handbook.structure.table import IN_ORDER, Style, table
from handbook.structure.table_styles import Reader, style_of
from handbook.tree import Node, Ordered, Unordered

# What kubectl top says behind a label.
UNIT = re.compile(r"\((?:cores|bytes)\)")


class Tables:
    """Rows below labels, which are the lesson; cells are read by the label above them."""

    name = "table"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and style_of(made))

    def parse(self, output: str, context: Context) -> Node:
        made = producer(context.command)
        reader, style = (made and style_of(made)) or (aligned, IN_ORDER)
        sheet = Sheet(output, context)
        blocks = [[number for number, _ in block] for block in _blocks(sheet)]
        if made and made.is_cut and not any(is_header(sheet.lines[block[0] - 1]) for block in blocks):
            return _rows(output, context, style)
        read = [_block(sheet, block, reader, style) for block in blocks]
        if blocks and not any(found for found, _ in read):
            raise Unreadable(f"line {blocks[0][0]} is no header")
        return Ordered(tuple(node for _, nodes in read for node in nodes))


def _rows(output: str, context: Context, style: Style) -> Node:
    """Rows whose header was left out: text, in the order of the table."""
    read = kind_named(FALLBACK).parse(output, context)
    return Unordered(read.children) if isinstance(read, Ordered) and not style.is_sorted else read


def _blocks(sheet: Sheet) -> Iterator[list[tuple[int, str]]]:
    """Tables are divided by blank lines."""
    numbered = enumerate(sheet.lines, 1)
    return (list(block) for filled, block in groupby(numbered, key=lambda pair: bool(pair[1].strip())) if filled)


def _block(sheet: Sheet, numbers: Sequence[int], reader: Reader, style: Style) -> tuple[bool, Sequence[Node]]:
    """One stretch of lines, and whether it is a table; a title may stand above its header."""
    rows = [number for number in numbers if not is_rule(sheet.lines[number - 1])]
    title = [] if not rows or is_header(sheet.lines[rows[0] - 1]) else rows[:1]
    rows = rows[len(title) :]
    header = sheet.lines[rows[0] - 1] if rows else ""
    if not is_header(header):
        return False, lines(sheet, numbers)
    if header.startswith(("|", "│")):
        reader = barred
    return True, [*lines(sheet, title), table(sheet, rows[0], reader(header), rows[1:], style)]


def is_header(line: str) -> bool:
    """Tell whether a line looks like labels: no small letters but in a few tools' headers, no digits."""
    words = UNIT.sub("", line.replace("│", " ").replace("|", " "))
    if any(character.isdigit() for character in words):
        return False
    return bool(words.strip()) and (words == words.upper() or "Local Address:Port" in words)


KIND = Tables()
