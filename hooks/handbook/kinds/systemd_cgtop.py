"""systemd-cgtop: which control groups there are; what they use is noise."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handbook.command_line import producer
from handbook.recognition.checks import Meaning
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.recognition.tokens import Token
from handbook.tree import Exact, Line, Node, Noise, Ordered, Place, Unordered

ROW = re.compile(r"(?P<path>/|\S[^\s]*?)(?P<usage>(?: +(?:-|[\d.]+[BKMGT]?)){5})$")
USAGE = re.compile(r"\S+")
# A path that is too long is cut in the middle, also of a pod's id. What follows is no word of its own then.
CUT = re.compile(r"…\w*?(?P<pod>[0-9a-f]{0,8}(?:[-_][0-9a-f]{4}){1,3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?$")


class SystemdCgtop:
    """Groups in any order, by path."""

    name = "systemd_cgtop"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and made.program == "systemd-cgtop")

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        head = tuple(line for number, text in sheet.filled() if not ROW.match(text) for line in sheet.line(number))
        rows = [(number, match) for number, text in sheet.filled() if (match := ROW.match(text))]
        # Blank lines divide iterations, of which the last one counts.
        blank = max((number for number, text in enumerate(sheet.lines, 1) if not text.strip() and number < _last(rows)), default=0)
        return Ordered((*head, Unordered(tuple(_row(sheet, *row) for row in rows if row[0] > blank))))


def _last(rows: Sequence[tuple[int, re.Match[str]]]) -> int:
    return rows[-1][0] if rows else 0


def _row(sheet: Sheet, number: int, match: re.Match[str]) -> Node:
    """A group."""
    cut = CUT.search(match["path"])
    pod = [Token(*cut.span("pod"), Meaning("name", "UUID"))] if cut else []
    path = sheet.line(number, pod, *match.span("path"))
    exact = all(isinstance(leaf, Exact) for line in path for leaf in line.leaves)
    return Ordered((*path, _usage(number, match)), f"group {match['path']}" if exact else "")


def _usage(number: int, match: re.Match[str]) -> Line:
    """What a group uses, in as many columns as there always are, whatever an author wants ignored of them."""
    cells = USAGE.finditer(match.string, match.start("usage"))
    return Line(tuple(Noise("usage", cell[0], Place(number, *cell.span())) for cell in cells))


KIND = SystemdCgtop()
