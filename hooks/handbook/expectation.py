"""Expected output as an author wrote it: exact lines, with ``...`` for what may vary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DOTS = "..."


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The first place where an output is not the expected one.

    Parameters:
        expected: The expected line; ``the end of the output`` where there should be none.
        found: The line that was printed, or ``the end of the output``.
        line: Its number in the output, counted from 1.
    """

    expected: str
    found: str
    line: int

    def __str__(self) -> str:
        return f"line {self.line} of the output is {self.found}, expected {self.expected}"


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
    while lines and wanted and not lines[0] and wanted[0]:
        lines.pop(0)
    return _walk(wanted, lines)


def _walk(wanted: list[str], lines: list[str]) -> Mismatch | None:
    """Match line by line; behind a ``...`` line try again one line further down, the usual way of matching wildcards."""
    line = want = 0
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
            return _mismatch(wanted, lines, furthest[1], furthest[0])
    return None


def _mismatch(wanted: list[str], lines: list[str], line: int, want: int) -> Mismatch:
    end = "the end of the output"
    expected = repr(wanted[want]) if want < len(wanted) else end
    return Mismatch(expected, repr(lines[line]) if line < len(lines) else end, line + 1)


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
