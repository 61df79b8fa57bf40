"""The two streams of one command put together in the order in which they were written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from handbook.outcome import KEPT, NOTHING, Output
from handbook.shell.byte_text import readable


class Mixture:
    """What a command has written so far.

    Pieces wait until their order is known, at the latest when the command has ended.

    Parameters:
        ordered: Whether anybody can know it. Where nobody can, the order in which they were read is taken, but a line stays whole:
            one that was cut by a line of the other stream would say what nobody has written.
    """

    __slots__ = ("_ordered", "_settled", "_waiting", "total")

    def __init__(self, *, ordered: bool = True) -> None:
        self.total = 0
        self._ordered = ordered
        self._settled: list[tuple[bool, bytes]] = []
        self._waiting: list[tuple[bool, int, bytes]] = []

    def add(self, data: bytes, packet: int, *, error: bool) -> None:
        """Add what one packet brought.

        Parameters:
            data: The bytes; those beyond what is kept are only counted.
            packet: The packet's number on its stream, counted from 1.
            error: True for standard error.
        """
        room = KEPT - self.total
        self.total += len(data)
        if room > 0:
            self._waiting.append((error, packet, data[:room]))

    @property
    def mixed(self) -> bool:
        """Whether pieces of both streams wait, so that their order must be found out."""
        return len(self._waiting) > 1 and len({error for error, _, _ in self._waiting}) > 1

    def settle(self, order: Sequence[bool] | None = None) -> None:
        """Fix the order of the pieces that wait.

        Parameters:
            order: For each write since packets are counted, whether it went to standard error; None where nobody knows, then
                the order in which they were read is taken.
        """
        if order is not None and self.mixed:
            places = dict(_places(order))
            self._waiting.sort(key=lambda piece: places.get(piece[:2], len(order)))
        self._settled += [(error, data) for error, _, data in self._waiting]
        self._waiting.clear()

    def raw(self) -> bytes:
        """All of it that is kept, as bytes."""
        return b"".join(data for _, data in self._pieces())

    def _pieces(self) -> Sequence[tuple[bool, bytes]]:
        self.settle()
        return self._settled if self._ordered else tuple(_whole_lines(self._settled))

    def output(self) -> Output:
        """All of it as text."""
        if not self.total:
            return NOTHING
        if not self._settled and len(self._waiting) == 1 and not self._waiting[0][0] and self.total <= KEPT:
            return Output(readable(self._waiting[0][2]))  # one write to standard output, as nearly always
        text = readable(self.raw())
        truncated = self.total if self.total > KEPT else 0
        return Output(text, tuple(self._error_lines()), truncated)

    def _error_lines(self) -> Iterator[int]:
        line, newest = 1, 0
        for error, data in self._pieces():
            breaks = data.count(b"\n")
            if error and data:
                last = line + breaks - data.endswith(b"\n")
                yield from range(max(line, newest + 1), last + 1)
                newest = max(newest, last)
            line += breaks


def _whole_lines(pieces: Iterable[tuple[bool, bytes]]) -> Iterator[tuple[bool, bytes]]:
    """The same pieces, each of them whole lines of its stream; what no end of a line follows comes last."""
    begun = {False: b"", True: b""}
    for error, data in pieces:
        head, newline, begun[error] = (begun[error] + data).rpartition(b"\n")
        yield error, head + newline
    yield from begun.items()


def _places(order: Sequence[bool]) -> Iterator[tuple[tuple[bool, int], int]]:
    counts = {False: 0, True: 0}
    for place, error in enumerate(order):
        counts[error] += 1
        yield (error, counts[error]), place
