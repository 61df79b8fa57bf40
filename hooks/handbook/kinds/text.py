"""Running text: what no other kind claims, and what others fall back to."""

from __future__ import annotations

from handbook.recognition.context import Context
from handbook.tree import Exact, Line, Node, Ordered, Place


class Text:
    """Lines of leaves."""

    name = "text"

    def chooses(self, command: str) -> bool:
        return True

    def parse(self, output: str, context: Context) -> Node:
        lines = enumerate(output.split("\n"), 1)
        return Ordered(tuple(Line((Exact(line, Place(number, 0, len(line))),)) for number, line in lines if line.strip()))


KIND = Text()
