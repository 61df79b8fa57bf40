"""Tables: a header and rows, from a stretch of lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from handbook.recognition.columns import cell_meaning
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.structure.columns import Cell, Columns
from handbook.structure.lists import addresses
from handbook.tree import Exact, Line, Node, Ordered, Place, Table, Unordered, leaves


class Style(NamedTuple):
    """What a tool's tables are like.

    Parameters:
        is_sorted: True where the order of rows says something; false where names and ids decide it.
        keys: Columns that tell a row from all others, unless what stands in them is a name that varies.
        is_stream: True where the same row may come several times by chance, so that it counts once.
    """

    is_sorted: bool = True
    keys: tuple[str, ...] = ()
    is_stream: bool = False


IN_ORDER = Style()
DRAWN = re.compile(r"[ │├└─]*[├└]─|[ |]*\\_ ")


def table(sheet: Sheet, number: int, columns: Columns, rows: Sequence[int], style: Style) -> Table:
    """Read a table.

    Parameters:
        sheet: The output.
        number: The line of the header.
        columns: Its columns.
        rows: Lines of the rows.
        style: What the table is like.
    """
    header = tuple(Ordered((_label(text, number, cell),), f"column {text}") for text, cell in columns.labels)
    read = tuple(_row(sheet, row, columns, style) for row in rows)
    if style.is_stream:
        read = tuple({tuple(leaf.text for leaf in leaves(row)): row for row in read}.values())
    return Table(Ordered(header), Ordered(read) if style.is_sorted else Unordered(read))


def _label(text: str, number: int, cell: Cell) -> Line:
    return Line((Exact(text, Place(number, *cell)),))


def _row(sheet: Sheet, number: int, columns: Columns, style: Style) -> Ordered:
    text = sheet.lines[number - 1]
    cells = list(zip((label for label, _ in columns.labels), columns.cut(text), strict=False))
    told = [token for label, cell in cells if (token := _told(label, text, cell))]
    children = tuple(Ordered(_cell(sheet, number, told, cell), f"column {label}") for label, cell in cells)
    return Ordered(children, _row_label(children, style))


def _cell(sheet: Sheet, number: int, told: Sequence[Token], cell: Cell) -> tuple[Node, ...]:
    drawn = DRAWN.match(sheet.lines[number - 1], *cell)  # which process is whose child its own column says
    start = drawn.end() if drawn else cell.start
    if start >= cell.end:
        return ()
    return addresses(sheet, number, cell) or sheet.line(number, told, start, cell.end)


def _told(label: str, text: str, cell: Cell) -> Token | None:
    found = cell_meaning(label, text, cell) if cell.start < cell.end else None
    return Token(*found) if found else None


def _row_label(cells: Sequence[Ordered], style: Style) -> str:
    """What the row is called; empty where a part of that is a name that varies."""
    keys = [cell for cell in cells if cell.label.removeprefix("column ") in style.keys]
    leaves = [leaf for cell in keys for line in cell.children if isinstance(line, Line) for leaf in line.leaves]
    if not leaves or not all(isinstance(leaf, Exact) for leaf in leaves):
        return ""
    return f"row {' '.join(leaf.text for leaf in leaves)}"
