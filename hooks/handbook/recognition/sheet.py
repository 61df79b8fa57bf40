"""A sheet: the lines of an output, read as a kind wants them, whole or cut at columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from handbook.recognition.context import Context
from handbook.recognition.line_reader import IGNORED, LineReader
from handbook.recognition.tokens import Token
from handbook.tree import Exact, Leaf, Line, Noise


class Sheet:
    """Gives a kind the leaves of lines, with everything recognised that tells itself.

    Parameters:
        output: The output.
        context: What else is known.
    """

    def __init__(self, output: str, context: Context) -> None:
        self.lines = output.split("\n")
        self._reader = LineReader(replace(context, plain=frozenset()), output)
        self._read: dict[int, tuple[Leaf, ...]] = {}

    def filled(self) -> Iterator[tuple[int, str]]:
        """The lines that hold something, each with its number counted from 1."""
        return ((number, line) for number, line in enumerate(self.lines, 1) if line and not line.isspace())

    def line(self, number: int, told: Sequence[Token] = (), start: int = 0, end: int | None = None) -> tuple[Line, ...]:
        """A line, or a part of it; nothing where that is blank.

        Parameters:
            number: Counted from 1.
            told: What the kind knows of its values.
            start: The part's first column.
            end: The column behind the part; None for the end of the line.
        """
        text = self.lines[number - 1]
        last = len(text) if end is None else end
        if not text[start:last].strip():
            return ()
        if told:
            leaves = self._reader.told(text, number, told)
        else:
            leaves = self._read[number] = self._read.get(number) or self._reader.told(text, number)
        found = tuple(_cut(leaves, start, last)) if (start, last) != (0, len(text)) else leaves
        return (Line(found),) if found else ()


def _cut(leaves: Sequence[Leaf], start: int, end: int) -> Iterator[Leaf]:
    """The leaves between two columns; text and what is ignored are divided, the others belong to where they begin."""
    for leaf in leaves:
        _, first, last = leaf.place
        if (isinstance(leaf, Exact) and not leaf.value) or (isinstance(leaf, Noise) and leaf.what == IGNORED.what):
            low, high = max(first, start), min(last, end)
            text = leaf.text[low - first : high - first]
            if low < high and text.strip():
                yield leaf._replace(text=text, place=leaf.place._replace(start=low, end=high))
        elif start <= first < end:
            yield leaf
