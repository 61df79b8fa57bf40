"""A real terminal for the steps that ask for one: a pseudo-terminal that a terminal emulator reads."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import termios
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from handbook.outcome import KEPT, Output
from handbook.recording import Span

COLUMNS = 100
ROWS = 30
HISTORY = 2000
# What pyte calls colours that everybody else calls differently.
COLOURS = {"brown": "yellow", "brightbrown": "brightyellow", "bfightmagenta": "brightmagenta"}


class Terminal:
    """A pseudo-terminal of fixed size."""

    def __init__(self) -> None:
        self.master, slave = pty.openpty()
        # The shell is told this number in a line of its own; the first ten numbers have other uses there.
        self.slave = fcntl.fcntl(slave, fcntl.F_DUPFD_CLOEXEC, 20)
        os.close(slave)
        os.set_blocking(self.master, False)
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.data = bytearray()
        self.total = 0

    def read(self) -> None:
        """Take in what was printed since the last call."""
        while True:
            try:
                data = os.read(self.master, 1 << 16)
            except (BlockingIOError, OSError):
                return
            self.total += len(data)
            self.data += data
            # A program that paints for minutes: the emulator needs the newest screens, not the oldest.
            if len(self.data) > 4 * KEPT:
                del self.data[: 2 * KEPT]

    def forget(self) -> None:
        """Begin a new command."""
        self.read()
        self.data.clear()
        self.total = 0

    def wait(self, patience: float) -> None:
        """Wait until something is printed, so many seconds at most, and take it in."""
        select.select([self.master], [], [], patience)
        self.read()

    def render(self, mark: bytes = b"") -> Output:
        """What a person sees: the lines that scrolled away and the screen, with their colours.

        Parameters:
            mark: Where to stop, if it was printed.
        """
        return render(bytes(self.data).partition(mark)[0] if mark else bytes(self.data))

    def close(self) -> None:
        """Close both ends."""
        for descriptor in (self.master, self.slave):
            os.close(descriptor)


def render(data: bytes) -> Output:
    """Show bytes on a terminal emulator and read its screen.

    Parameters:
        data: What a program wrote to its terminal.
    """
    # pyte is needed for tty steps only, and it takes longer to import than most chapters to replay.
    import pyte  # noqa: PLC0415

    screen = pyte.HistoryScreen(COLUMNS, ROWS, history=HISTORY, ratio=1.0)
    pyte.ByteStream(screen).feed(data)
    rows = [*screen.history.top, *(screen.buffer[row] for row in range(ROWS))]
    lines = [_text(row) for row in rows]
    while lines and not lines[-1]:
        lines.pop()
    spans = tuple(
        span for number, (row, line) in enumerate(zip(rows, lines, strict=False), 1) for span in _spans(number, row, len(line))
    )
    return Output("".join(f"{line}\n" for line in lines), spans=spans)


def _text(row: Mapping[int, Any]) -> str:
    return "".join(row[column].data for column in range(COLUMNS)).rstrip()


def _spans(number: int, row: Mapping[int, Any], length: int) -> Iterator[Span]:
    for style, columns in groupby(range(length), key=lambda column: _style(row[column])):
        if style:
            run = list(columns)
            yield Span(number, run[0], run[-1] + 1, style)


def _style(cell: Any) -> str:
    words = [name for name, on in (("bold", cell.bold), ("italic", cell.italics), ("underline", cell.underscore)) if on]
    if cell.reverse:
        words.append("reverse")
    if cell.fg != "default":
        words.append(_colour(cell.fg))
    if cell.bg != "default":
        words.append("on-" + _colour(cell.bg))
    return " ".join(words)


def _colour(name: str) -> str:
    name = COLOURS.get(name, name)
    return f"#{name}" if len(name) == 6 and all(digit in "0123456789abcdef" for digit in name) else name
