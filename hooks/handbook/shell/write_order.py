"""In which order the writes to two pipes were made.

A reader that finds data in two pipes cannot tell which came first. The kernel can: a pipe with ``O_ASYNC`` and a real-time signal
queues one signal per write, and real-time signals keep their order (fcntl(2), F_SETSIG; signal(7)). Pipes with ``O_DIRECT`` keep
writes apart (pipe(2)), so that the n-th signal of a pipe belongs to the n-th packet read from it.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import struct
import threading

F_SETSIG = 10
F_SETOWN_EX = 15
F_OWNER_TID = 0
SFD_NONBLOCK = os.O_NONBLOCK
# struct signalfd_siginfo of signalfd(2): 128 bytes, of which the descriptor is the sixth number.
SIGINFO_SIZE, NUMBER_SIZE, DESCRIPTOR = 128, 4, 5
ORDER_SIGNAL = signal.SIGRTMAX - 3


class WriteOrder:
    """Watches pipes and tells the order in which they were written to.

    Only the thread that made it may use it: the signals are that thread's.

    Raises:
        OSError: Where the kernel has no signalfd or refuses.
    """

    def __init__(self) -> None:
        self._queue: list[int] = []
        signal.pthread_sigmask(signal.SIG_BLOCK, {ORDER_SIGNAL, signal.SIGIO})
        mask = (ctypes.c_ulong * 16)()
        mask[0] = 1 << (ORDER_SIGNAL - 1)
        self._descriptor = ctypes.CDLL(None, use_errno=True).signalfd(-1, ctypes.byref(mask), SFD_NONBLOCK | os.O_CLOEXEC)
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), "signalfd")

    def watch(self, pipe: int) -> None:
        """Count the writes to a pipe from now on.

        Parameters:
            pipe: The end that is read.
        """
        fcntl.fcntl(pipe, F_SETOWN_EX, struct.pack("ii", F_OWNER_TID, threading.get_native_id()))
        fcntl.fcntl(pipe, F_SETSIG, ORDER_SIGNAL)
        fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)

    def writes(self) -> list[int]:
        """The pipes written to since ``forget``, one entry per write, in order."""
        while True:
            try:
                data = os.read(self._descriptor, SIGINFO_SIZE * 256)
            except BlockingIOError:
                return self._queue
            self._queue += memoryview(data).cast("i")[DESCRIPTOR :: SIGINFO_SIZE // NUMBER_SIZE].tolist()

    def forget(self) -> None:
        """Forget the writes that were told."""
        self._queue.clear()

    def close(self) -> None:
        """Release the descriptor."""
        os.close(self._descriptor)


def default_signals() -> None:
    """Undo in a child process what ``WriteOrder`` did to the signal mask."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {ORDER_SIGNAL, signal.SIGIO})
