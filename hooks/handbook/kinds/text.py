"""Running text: what no other kind claims, and what others fall back to."""

from __future__ import annotations

from collections.abc import Iterator

from handbook.recognition.context import Context
from handbook.recognition.line_reader import LineReader
from handbook.tree import Line, Node, Ordered


class Text:
    """Lines in which values are recognised; everything else is exact."""

    name = "text"

    def chooses(self, command: str) -> bool:
        return True

    def parse(self, output: str, context: Context) -> Node:
        return Ordered(tuple(_lines(output, context)))


def _lines(output: str, context: Context) -> Iterator[Line]:
    reader, levels = LineReader(context), _Levels()
    for number, line in enumerate(output.split("\n"), 1):
        if leaves := reader.leaves(line, number):
            yield Line(leaves, levels.of(line))


class _Levels:
    """How deep lines are indented, in steps. A line that begins with a number has none: its indentation is alignment."""

    def __init__(self) -> None:
        self._open = [0]

    def of(self, line: str) -> int:
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
