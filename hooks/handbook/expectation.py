"""Expected output as an author wrote it: exact lines, with ``...`` for what may vary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DOTS = "..."
END = "the end of the output"
# Lines of each side, and columns of a line, that are shown of a difference.
LINES, WIDTH = 6, 160


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The first place where an output is not the expected one.

    Parameters:
        expected: The expected line and some behind it; none where the output should have ended.
        found: The line that was printed and some behind it; none where it ended.
        line: The number of that line in the output, counted from 1.
    """

    expected: tuple[str, ...]
    found: tuple[str, ...]
    line: int

    def __str__(self) -> str:
        return f"line {self.line} of the output is {_first(self.found)}, expected {_first(self.expected)}"

    def excerpt(self) -> tuple[str, ...]:
        """Both sides: expected lines marked with ``-``, printed ones with ``+``."""
        return (*(f"- {_cut(line)}" for line in self.expected), *(f"+ {_cut(line)}" for line in self.found))


def _first(lines: Sequence[str]) -> str:
    return repr(_cut(lines[0])) if lines else END


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[:WIDTH]}..."


def mismatch(expected: Sequence[str], output: str) -> Mismatch | None:
    """Compare an output with what the author wrote; blanks at the ends of lines do not count.

    Parameters:
        expected: The lines; ``...`` alone stands for any number of lines, within a line for anything.
        output: What was printed.

    Returns:
        The first difference, None where there is none.
    """
    if output == "\n".join(expected) + "\n":
        return None  # nearly always, and most quickly found out
    lines = [line.rstrip() for line in output.rstrip().split("\n")] if output.strip() else []
    wanted = [line.rstrip() for line in expected]
    blank = next((number for number, line in enumerate(lines) if line), 0) if wanted and wanted[0] else 0
    return _walk(wanted, lines, blank)


def _walk(wanted: list[str], lines: list[str], line: int) -> Mismatch | None:
    """Match line by line; behind a ``...`` line try again one line further down, the usual way of matching wildcards."""
    want = 0
    resume: tuple[int, int] | None = None
    furthest = (0, 0)
    while line < len(lines) or want < len(wanted):
        furthest = max(furthest, (want, line))
        if want < len(wanted) and wanted[want].strip() == DOTS:
            resume = (line, want + 1)
            want += 1
        elif want < len(wanted) and line < len(lines) and _line_matches(wanted[want], lines[line]):
            line, want = line + 1, want + 1
        elif resume and resume[0] < len(lines):
            resume = (resume[0] + 1, resume[1])
            line, want = resume
        else:
            want, line = furthest
            return Mismatch(tuple(wanted[want : want + LINES]), tuple(lines[line : line + LINES]), line + 1)
    return None


def _line_matches(wanted: str, line: str) -> bool:
    first, *parts = wanted.split(DOTS)
    if not parts:
        return wanted == line
    if not line.startswith(first):
        return False
    position, last = len(first), parts.pop()
    for part in parts:
        found = line.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return line.endswith(last) and len(line) - len(last) >= position
