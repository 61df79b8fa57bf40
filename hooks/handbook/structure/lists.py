"""Lists in one word, such as ``10.244.0.4:80,10.244.0.5:80``: what tools print of a set."""

from __future__ import annotations

import re

from handbook.recognition.sheet import Sheet
from handbook.structure.columns import Cell
from handbook.tree import Node, Unordered

ADDRESS = r"(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|\[?[0-9a-f:]+::?[0-9a-f:]+\]?(?::\d+)?)"
ADDRESSES = re.compile(rf"{ADDRESS}(?:,{ADDRESS})+(?= |$)")
ITEM = re.compile(r"[^,]+")


def addresses(sheet: Sheet, number: int, cell: Cell) -> tuple[Node, ...]:
    """Addresses in any order, and what stands behind them; nothing where a part of a line is no such list.

    Parameters:
        sheet: The output.
        number: The line, counted from 1.
        cell: Where in it.
    """
    text = sheet.lines[number - 1]
    match = ADDRESSES.match(text, cell.start, cell.end)
    if not match:
        return ()
    items = (line for item in ITEM.finditer(text, *match.span()) for line in sheet.line(number, (), *item.span()))
    return (Unordered(tuple(items)), *sheet.line(number, (), match.end(), cell.end))
