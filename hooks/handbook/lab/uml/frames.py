"""What goes over a serial line of a node: frames, each a letter, a length and data.

The node imports this too, and has only what Debian's python3-minimal has.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

# To the node.
START = b"R"  # the last piece of a request; PIECE are those before it
PIECE = b"r"
INPUT = b"I"  # for standard input
INPUT_END = b"E"
SIZE = b"W"  # of the terminal: rows and columns
RESET = b"K"  # end the session and answer READY with the same data

# From the node.
READY = b"A"
OUTPUT = b"O"
ERRORS = b"X"
SCREEN = b"T"  # for the terminal that was handed through
TAKEN = b"C"  # so many bytes of START, PIECE and INPUT frames were used
STATUS = b"S"  # exit status, negative for a signal; the last of a session

HEADER = struct.Struct("!cH")
NUMBER = struct.Struct("!i")
ROWS_AND_COLUMNS = struct.Struct("!HH")

CHUNK = 1024
WINDOW = 3072
"""Bytes that may be on the way to the node.

The kernel's driver of serial lines stops listening for good once the 4096 bytes of a line's input buffer are nearly full:
line_throttle() takes the descriptor out of what is polled and line_unthrottle() does not put it back (seen in 6.1 and 7.2).
"""


def frame(kind: bytes, data: bytes = b"") -> bytes:
    """A frame as bytes."""
    return HEADER.pack(kind, len(data)) + data


class Decoder:
    """Makes frames out of bytes as they come."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The frames that are complete now: kind and data."""
        self._rest += data
        while len(self._rest) >= HEADER.size:
            kind, length = HEADER.unpack_from(self._rest)
            end = HEADER.size + length
            if len(self._rest) < end:
                return
            found, self._rest = self._rest[HEADER.size : end], self._rest[end:]
            yield kind, found


class Request:
    """What a session is to run.

    Parameters:
        words: The command.
        stdin: Name of the file in the shared folder that it reads; empty where the input comes over the line.
        terminal: Number of the descriptor that is to be a terminal; 0 where all three standard streams are one; -1 for none.
        size: Rows and columns of that terminal.
    """

    def __init__(self, words: list[str], stdin: str = "", terminal: int = -1, size: tuple[int, int] = (24, 80)) -> None:
        self.words = words
        self.stdin = stdin
        self.terminal = terminal
        self.size = size

    def pack(self) -> bytes:
        """As bytes; no word holds a NUL."""
        head = [self.stdin, str(self.terminal), *map(str, self.size)]
        return "\0".join([*head, *self.words]).encode(errors="surrogateescape")

    @classmethod
    def unpack(cls, data: bytes) -> Request:
        """From bytes."""
        stdin, terminal, rows, columns, *words = data.decode(errors="surrogateescape").split("\0")
        return cls(words, stdin, int(terminal), (int(rows), int(columns)))
