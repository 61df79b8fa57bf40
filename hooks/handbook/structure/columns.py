"""Where the cells of a table stand: three ways in which tools print tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

WIDE_GAP = re.compile(r"\S+(?: \S+)*")
WORD = re.compile(r"\S+")
BARS = re.compile(r"[|│]")
RULE = re.compile(r"[+├└┌─┬┼┴┤┐┘ -]+")


class Cell(NamedTuple):
    """A part of a line.

    Parameters:
        start: Its first column.
        end: The column behind it.
    """

    start: int
    end: int


Cutter = Callable[[str], Iterator[Cell]]


class Columns(NamedTuple):
    """The columns of a table.

    Parameters:
        labels: Their names as printed, each with where it stands in the header.
        cut: Divides a row into as many cells.
    """

    labels: tuple[tuple[str, Cell], ...]
    cut: Cutter


def aligned(header: str, *, words: bool = False) -> Columns:
    """Columns whose cells begin below their labels: kubectl, docker, systemctl.

    Parameters:
        header: The line of labels.
        words: True where single blanks divide labels; else two do, and a label may have several words.
    """
    labels = _labels(header, WORD if words else WIDE_GAP)
    starts = [cell.start for _, cell in labels]

    def cut(row: str) -> Iterator[Cell]:
        for start, end in zip(starts, [*starts[1:], len(row)], strict=True):
            yield _stripped(row, start, max(start, end))

    return Columns(labels, cut)


def counted(header: str, names: re.Pattern[str] = WORD) -> Columns:
    """Columns that are counted, the last one taking the rest of the line: ps, lsns, ss.

    Parameters:
        header: The line of labels.
        names: What a label is.
    """
    labels = _labels(header, names)

    def cut(row: str) -> Iterator[Cell]:
        found = [Cell(*match.span()) for match in WORD.finditer(row)]
        for at in range(len(labels)):
            if at >= len(found):
                yield Cell(len(row), len(row))
            elif at == len(labels) - 1:
                yield Cell(found[at].start, len(row.rstrip()))
            else:
                yield found[at]

    return Columns(labels, cut)


def barred(header: str) -> Columns:
    """Columns between bars: etcdctl."""
    labels = tuple((header[slice(*cell)], cell) for cell in _between_bars(header))
    return Columns(labels, _between_bars)


def is_rule(line: str) -> bool:
    """Tell whether a line only divides others."""
    return bool(RULE.fullmatch(line))


def _labels(header: str, pattern: re.Pattern[str]) -> tuple[tuple[str, Cell], ...]:
    return tuple((match[0], Cell(*match.span())) for match in pattern.finditer(header))


def _between_bars(line: str) -> Iterator[Cell]:
    bars = [match.start() for match in BARS.finditer(line)]
    return (_stripped(line, start + 1, end) for start, end in pairwise(bars))


def _stripped(line: str, start: int, end: int) -> Cell:
    text = line[start:end]
    first = start + len(text) - len(text.lstrip())
    return Cell(first, max(first, start + len(text.rstrip())))
