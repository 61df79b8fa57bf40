"""One stream of a shell: its pipe, and the search for the marks in it."""

from __future__ import annotations

import fcntl
import os
from collections import deque
from contextlib import suppress

from handbook.shell.marks import SEPARATOR
from handbook.shell.mixture import Mixture

F_SETPIPE_SZ = 1031
PIPE_SIZE = 1 << 20
READ = 1 << 16
# The most that one write can put into one packet of a pipe (pipe(2), O_DIRECT).
PACKET = 4096
# Packets that are read from one stream before the other gets its turn.
BURST = 256


class Stream:
    """The reading end of one of a shell's streams.

    Parameters:
        packets: Keep single writes apart; only possible where the writer has our pipe itself.
        error: True for standard error.
    """

    def __init__(self, *, packets: bool, error: bool) -> None:
        self.reader, self.writer = os.pipe2(os.O_CLOEXEC | (os.O_DIRECT if packets else 0))
        os.set_blocking(self.reader, False)
        os.set_blocking(self.writer, True)
        os.fchmod(self.writer, 0o666)  # for commands that open /dev/stderr, and may be another user than we are
        with suppress(OSError):  # a smaller pipe is only slower
            fcntl.fcntl(self.reader, F_SETPIPE_SZ, PIPE_SIZE)
        self.error = error
        self.ended = False
        self._read_size = PACKET if packets else READ
        # Packets taken since the pipe was last seen empty, and whether each of them was one write for certain.
        self.taken = 0
        self.exact = packets
        self._packets: deque[bytes] = deque()
        # What may be the beginning of a mark.
        self._beginning = b""

    def settle(self) -> None:
        """Count packets anew; right only while nothing waits."""
        self.taken = 0
        self.exact = True

    def read(self) -> bool:
        """Read what the pipe has, within limits; False where nothing is there now."""
        packets, reader, size = self._packets, self.reader, self._read_size
        for _ in range(BURST):
            try:
                data = os.read(reader, size)
            except BlockingIOError:
                break
            if not data:
                self.ended = True
                break
            if len(data) >= PACKET:
                self.exact = False
            packets.append(data)
        return bool(packets)

    @property
    def waiting(self) -> int:
        """Packets that were read and not taken yet."""
        return len(self._packets)

    @property
    def empty(self) -> bool:
        """Whether all that was read has been taken."""
        return not self._packets

    def whole(self, opening: bytes) -> list[bytes]:
        """All packets of a command that printed at most once, its mark being the last; none where it is not as simple as that.

        Parameters:
            opening: How its mark begins. Nothing is taken.
        """
        packets = self._packets
        if self._beginning or not packets:
            return []
        first = packets[0]
        if first.startswith(opening):
            found = [first]
        elif len(packets) > 1 and SEPARATOR not in first and packets[1].startswith(opening):
            found = [first, packets[1]]
        else:
            return []
        mark = found[-1]
        return found if mark.find(SEPARATOR, 1) == len(mark) - 1 else []

    def drop(self, count: int) -> None:
        """Take packets that ``whole`` has told of."""
        self.taken += count
        for _ in range(count):
            self._packets.popleft()

    def take(self, word: bytes, mixture: Mixture) -> bytes | None:
        """Give a command what was read, up to its mark.

        Parameters:
            word: The mark's word.
            mixture: The command's output, added to.

        Returns:
            What stands in the mark behind the word; None while the mark has not come.
        """
        packets, opening = self._packets, SEPARATOR + word
        while packets:
            data = packets.popleft()
            self.taken += 1
            if not self._beginning:
                if SEPARATOR not in data:
                    mixture.add(data, self.taken, error=self.error)
                    continue
                if data.startswith(opening) and data.find(SEPARATOR, 1) == len(data) - 1:
                    return data[len(opening) : -1]  # a packet of its own, as nearly always
            mark = self._search(self._beginning + data, opening, mixture)
            if mark is not None:
                return mark
        return None

    def _search(self, data: bytes, opening: bytes, mixture: Mixture) -> bytes | None:
        start = data.find(opening)
        end = data.find(SEPARATOR, start + len(opening)) if start >= 0 else -1
        if start < 0:
            start = data.rfind(SEPARATOR, max(0, len(data) - len(opening)))
            start = start if start >= 0 and opening.startswith(data[start:]) else len(data)
        mixture.add(data[:start], self.taken, error=self.error)
        self._beginning = b"" if end >= 0 else data[start:]
        if end < 0:
            return None
        if data[end + 1 :]:
            self._packets.appendleft(data[end + 1 :])
            self.exact = False
        return data[start + len(opening) : end]

    def flush(self, mixture: Mixture) -> None:
        """Give a command all that was read; its mark will not come any more."""
        for data in (self._beginning, *self._packets):
            mixture.add(data, self.taken, error=self.error)
        self._beginning = b""
        self._packets.clear()

    def close_writer(self) -> None:
        """Leave the writing end to the shell."""
        if self.writer >= 0:
            os.close(self.writer)
            self.writer = -1

    def close(self) -> None:
        """Close both ends."""
        self.close_writer()
        os.close(self.reader)
