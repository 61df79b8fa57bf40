"""One stream of a shell: its pipe, and the search for the marks in it."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress

from handbook.marks import SEPARATOR

F_SETPIPE_SZ = 1031
PIPE_SIZE = 1 << 20
READ = 1 << 16
# The most that one write can put into one packet of a pipe (pipe(2), O_DIRECT).
PACKET = 4096


class Stream:
    """The reading end of one of a shell's streams.

    Parameters:
        packets: Keep single writes apart; only possible where the writer has our pipe itself.
    """

    def __init__(self, *, packets: bool) -> None:
        self.reader, self.writer = os.pipe2(os.O_CLOEXEC | (os.O_DIRECT if packets else 0))
        os.set_blocking(self.reader, False)
        os.set_blocking(self.writer, True)
        os.fchmod(self.writer, 0o666)  # for commands that open /dev/stderr, and may be another user than we are
        with suppress(OSError):  # a smaller pipe is only slower
            fcntl.fcntl(self.reader, F_SETPIPE_SZ, PIPE_SIZE)
        self.ended = False
        # Packets read since the pipe was last seen empty, and whether each of them is one write for certain.
        self.packets = 0
        self.exact = packets
        self._rest = b""

    def settle(self) -> None:
        """Count packets anew; right only while the pipe is empty."""
        self.packets = 0
        self.exact = True

    def read(self) -> bool:
        """Take one packet from the pipe; False where nothing is there now."""
        try:
            data = os.read(self.reader, READ)
        except BlockingIOError:
            return False
        self.ended = not data
        self.packets += 1
        if len(data) >= PACKET:
            self.exact = False
        self._rest = self._rest + data if self._rest else data
        return bool(data)

    @property
    def waiting(self) -> bool:
        """Whether something was read that no command has yet."""
        return bool(self._rest)

    def take(self, word: bytes) -> tuple[bytes, bytes | None]:
        """What waits, up to a mark.

        Parameters:
            word: The mark's word.

        Returns:
            The command's output, and what stands in the mark behind the word; None there while the mark has not come.
        """
        data, opening = self._rest, SEPARATOR + word
        start = data.find(opening)
        end = data.find(SEPARATOR, start + len(opening)) if start >= 0 else -1
        if end >= 0:
            self._rest = data[end + 1 :]
            return data[:start], data[start + len(opening) : end]
        if start < 0:
            # The end of what was read may be the beginning of a mark.
            start = data.rfind(SEPARATOR, max(0, len(data) - len(opening)))
        start = len(data) if start < 0 else start
        self._rest = data[start:]
        return data[:start], None

    def flush(self) -> bytes:
        """All that waits; no mark will come any more."""
        rest, self._rest = self._rest, b""
        return rest

    def close_writer(self) -> None:
        """Leave the writing end to the shell."""
        if self.writer >= 0:
            os.close(self.writer)
            self.writer = -1

    def close(self) -> None:
        """Close both ends."""
        self.close_writer()
        os.close(self.reader)
