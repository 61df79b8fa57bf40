"""Running text: what no other kind claims, and what others fall back to; JSON that somebody printed is read as that."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from itertools import groupby

from handbook.recognition.clues import any_order
from handbook.recognition.context import Context
from handbook.recognition.drawing import drawn, is_drawing
from handbook.recognition.line_reader import LineReader
from handbook.recognition.sheet import Sheet
from handbook.structure.document import NoDocument, json_parts, read_document
from handbook.tree import Line, Node, Ordered, Unordered


class Text:
    """Lines in which values are recognised; everything else is exact."""

    name = "text"

    def chooses(self, command: str) -> bool:
        return True

    def parse(self, output: str, context: Context) -> Node:
        if document := _document(output, context):
            return document
        if is_drawing(output):
            return Ordered(tuple(drawn(_lines(output, context))))
        if any_order(context.command):
            # Which branch is drawn as the last one is a matter of order, too.
            return _paragraphs(output.replace("└─", "├─"), context)
        return Ordered(tuple(line for _, line in _lines(output, context)))


def _document(output: str, context: Context) -> Node | None:
    """An output that is JSON from beginning to end, whoever printed it."""
    if output.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        sheet = Sheet(output, context)
        return Ordered(tuple(tree for part in json_parts(output) for tree in read_document(sheet, part)))
    except NoDocument:
        return None


def _lines(output: str, context: Context) -> Iterator[tuple[str, Line]]:
    """The lines that hold something, as printed and as leaves."""
    reader, levels = LineReader(context, output), _Levels()
    for number, line in enumerate(output.split("\n"), 1):
        if leaves := reader.leaves(line, number):
            yield line, Line(leaves, levels.of(line))


def _paragraphs(output: str, context: Context) -> Node:
    """Paragraphs, such as the directories that ls lists, each a set of lines."""
    blank = [number for number, line in enumerate(output.split("\n"), 1) if not line.strip()]
    lines = (line for _, line in _lines(output, context))
    paragraphs = groupby(lines, key=lambda line: bisect(blank, line.leaves[0].place.line))
    return Ordered(tuple(Unordered(tuple(lines)) for _, lines in paragraphs))


class _Levels:
    """How deep lines are indented, in steps. A line that begins with a number has none: its indentation is alignment."""

    def __init__(self) -> None:
        self._open = [0]

    def of(self, line: str) -> int:
        if line[0] not in " \t":
            self._open = [0]
            return 0
        text = line.lstrip()
        if text[0] in "0123456789":
            return 0
        indent = len(line) - len(text)
        while self._open[-1] > indent:
            self._open.pop()
        if self._open[-1] < indent:
            self._open.append(indent)
        return len(self._open) - 1


KIND = Text()
