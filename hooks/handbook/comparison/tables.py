"""Two tables: what can be compared where one has a column that the other has not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from handbook.drift import Difference
from handbook.tree import Branch, Node, Ordered, Table, Unordered


def in_common(old: Table, new: Table) -> tuple[Ordered | Unordered, Ordered | Unordered]:
    """The rows of two tables with the columns that both have."""
    common = _columns(old) & _columns(new)
    return _only(old.rows, common), _only(new.rows, common)


def with_cells(differences: Iterable[Difference], old: Table, new: Table) -> Iterator[Difference]:
    """Differences of a header; a column that came or went is as high as its table."""
    for difference in differences:
        if difference.came or difference.went:
            yield replace(difference, height=1 + len((new if difference.came else old).rows.children))
        else:
            yield difference


def _columns(table: Table) -> set[str]:
    return {column.label for column in table.header.children if isinstance(column, Branch)}


def _only(rows: Ordered | Unordered, columns: set[str]) -> Ordered | Unordered:
    return rows._replace(children=tuple(_row(row, columns) for row in rows.children))


def _row(row: Node, columns: set[str]) -> Node:
    if not isinstance(row, Ordered):
        return row
    return row._replace(children=tuple(cell for cell in row.children if not isinstance(cell, Branch) or cell.label in columns))
