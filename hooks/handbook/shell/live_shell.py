"""A running shell: its process, its streams and its terminal. It runs lines and says when each has ended; it judges nothing."""

from __future__ import annotations

import fcntl
import os
import secrets
import select
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field

from handbook.environment import Shell
from handbook.errors import CouldNotRun
from handbook.shell import processes
from handbook.shell.aside import Recent, send_aside
from handbook.shell.far_terminal import FarTerminal
from handbook.shell.marks import BOOT, PRELUDE, RUN_SHEET, SEPARATOR, Mark, line, new_words, parse_mark
from handbook.shell.mixture import Mixture
from handbook.shell.stream import Stream
from handbook.shell.terminal import COLUMNS, ROWS, Terminal
from handbook.shell.write_order import WriteOrder, default_signals

# Seconds that a shell may take to answer for the first time: docker exec on a busy machine.
START_PATIENCE = 30.0
# Seconds for which a shell that has many commands left is not looked at: twice as long every time, until it prints so much that
# its pipes could fill up. Each look costs as much as several commands.
SHORTEST_CALM, LONGEST_CALM = 0.004, 0.032
MUCH = 64  # packets of the 256 that a pipe holds
# Seconds that an idle shell may take to end.
LEAVE_PATIENCE = 0.5
VARIABLES = {
    "COLUMNS": str(COLUMNS),
    "LINES": str(ROWS),
    "TERM": "dumb",
    "NO_COLOR": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "MANPAGER": "cat",
    "SYSTEMD_PAGER": "cat",
    "SYSTEMD_COLORS": "0",
    "KUBERC": "off",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PS1": "$ ",
    "HISTFILE": "",
}
TERMINAL_VARIABLES = "TERM=xterm-256color NO_COLOR= SYSTEMD_COLORS= "


@dataclass(slots=True)
class Running:
    """A command that a shell runs now.

    Parameters:
        word: The word of its mark.
        mixture: What it printed so far.
        out_mark: Its mark on standard output; None while that has not come.
        err_mark: Its mark on standard error.
        mark: Its end; None while it runs.
    """

    word: bytes
    mixture: Mixture = field(default_factory=Mixture)
    out_mark: Mark | None = None
    err_mark: bytes | None = None
    mark: Mark | None = None


class LiveShell:
    """One shell process on a target.

    Parameters:
        shell: How to start it.

    Raises:
        CouldNotRun: Where it does not start or does not answer.
    """

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.variable = f"HANDBOOK_SESSION={secrets.token_hex(8)}"
        ordered = shell.local or shell.relayed
        self.out, self.err = Stream(packets=ordered, error=False), Stream(packets=ordered, error=True)
        # A plain sh knows no descriptor above nine, so it cannot be handed one.
        self.terminal: Terminal | None = Terminal() if ordered and shell.interpreter == "bash" else None
        self.order = _write_order(self.out, self.err) if ordered else None
        self._sheet = _new_sheet() if self.terminal and shell.local else -1
        self._unsent = bytearray()
        self._calm = SHORTEST_CALM
        self._lines = -1
        try:
            self.process = self._start()
            self.exit_descriptor = os.pidfd_open(self.process.pid)
            self._poll = self._watch()
            self._answer()
        except BaseException:
            self.close()
            raise

    def _start(self) -> subprocess.Popen[bytes]:
        passed = {6: self._sheet} if self._sheet >= 0 else {}
        passed |= {7: self.terminal.slave} if self.terminal else {}
        more = "".join(f" {number}<&{ours} {ours}<&-" for number, ours in passed.items())
        boot = BOOT[self.shell.interpreter].format(more=more)
        flags = ["--noprofile", "--norc"] if self.shell.interpreter == "bash" else []
        variables = [f"{name}={value}" for name, value in VARIABLES.items()]
        argv = [*self.shell.argv, "env", *variables, self.variable, self.shell.interpreter, *flags, "-c", boot]
        script, self._lines = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self._lines, False)
        os.fchmod(script, 0o666)  # the shell opens it by name, and may be another user than we are
        try:
            return subprocess.Popen(
                argv,
                stdin=script,
                stdout=self.out.writer,
                stderr=self.err.writer,
                pass_fds=list(passed.values()),
                start_new_session=True,
                preexec_fn=_begin,  # noqa: PLW1509 (it only makes system calls)
            )
        except OSError as error:
            raise CouldNotRun(f"the shell {argv[0]!r} does not start: {error.strerror}") from None
        finally:
            os.close(script)
            self.out.close_writer()
            self.err.close_writer()

    def _watch(self) -> select.poll:
        poll = select.poll()
        for descriptor in (self.out.reader, self.err.reader, self.exit_descriptor):
            poll.register(descriptor, select.POLLIN)
        if self.terminal:
            poll.register(self.terminal.master, select.POLLIN)
        return poll

    def running(self, word: bytes) -> Running:
        """A command that the shell is going to run, of which nothing has been read.

        Parameters:
            word: The word of its mark.
        """
        return Running(word, Mixture(ordered=self.order is not None))

    def _answer(self) -> None:
        """Wait until the shell marks its first line."""
        word = new_words(1)[0]
        self.send([PRELUDE[self.shell.interpreter].encode() + line("", word)])
        running = self.running(word)
        deadline = time.monotonic() + START_PATIENCE
        while running.mark is None:
            if not self.receive(running, deadline - time.monotonic()):
                said = running.mixture.output().text.strip() or "it said nothing"
                raise CouldNotRun(f"the shell {' '.join(self.shell.argv)!r} did not answer: {said}")
        # The shell waits now, so nothing can be on its way; starting it made signals that belong to no write.
        if self.order:
            self.order.writes()
            self._forget()

    def send(self, lines: list[bytes]) -> None:
        """Queue lines for the shell; as many as its pipe takes are written at once."""
        self._unsent += b"".join(lines)
        self._write()

    def send_sheet(self, lines: list[bytes]) -> None:
        """Hand the shell a sheet of lines: it reads a file in one go, a pipe byte by byte."""
        os.ftruncate(self._sheet, 0)
        os.pwrite(self._sheet, b"".join(lines), 0)
        self.send([RUN_SHEET])

    def _write(self) -> None:
        with suppress(BlockingIOError, BrokenPipeError):
            while self._unsent:
                del self._unsent[: os.write(self._lines, self._unsent[: 1 << 16])]

    def take_whole(self, word: bytes) -> tuple[bytes, Mark] | None:
        """What a command printed, and its end, where all of that was read already and there is nothing to put in order.

        Parameters:
            word: The word of its mark.

        Returns:
            None where it has not ended yet or has printed more than once or to standard error: ``receive`` is for these.
        """
        opening = SEPARATOR + word
        if len(self.err.whole(opening)) != 1 or not (packets := self.out.whole(opening)):
            return None
        if not (mark := parse_mark(packets[-1][len(opening) : -1])):
            return None
        self.err.drop(1)
        self.out.drop(len(packets))
        return packets[0] if len(packets) > 1 else b"", mark

    def receive(self, running: Running, patience: float, *, calm: bool = False) -> bool:
        """Read what the streams have for a command; wait for it where they have nothing yet.

        Parameters:
            running: The command; what came is added to it.
            patience: Seconds to wait at most.
            calm: Do not wake at every write: many more commands are on their way.

        Returns:
            False where nothing came: the time is over, or the shell has ended and has nothing more to say.
        """
        if self._unsent:
            self._write()
        self._take(running)
        if running.mark is not None or self._read(running):
            return True
        if patience <= 0:
            return False
        self._settle(running, empty=True)
        # Lines that the shell's pipe had no room for must not wait for output.
        wait = min(patience, 0.05) if self._unsent else patience
        if calm and patience > self._calm:
            time.sleep(self._calm)
            self._calm = min(2 * self._calm, LONGEST_CALM)
        ready = {descriptor for descriptor, _ in self._poll.poll(max(1, wait * 1000))}
        if self.terminal and self.terminal.master in ready:
            self.terminal.read()
        if self.exit_descriptor in ready:
            return self._read(running)
        return bool(ready) or wait < patience

    def _read(self, running: Running) -> bool:
        came = self.out.read() | self.err.read()
        if self.out.waiting > MUCH or self.err.waiting > MUCH:
            self._calm = SHORTEST_CALM
        for stream in (self.out, self.err):
            if stream.ended:
                with suppress(KeyError):
                    self._poll.unregister(stream.reader)
        self._take(running)
        return came

    def _take(self, running: Running) -> None:
        """Give a command what was read for it already."""
        if running.out_mark is None:
            running.out_mark = self._take_mark(running)
        if running.err_mark is None:
            running.err_mark = self.err.take(running.word, running.mixture)
        if running.out_mark is not None and running.err_mark is not None:
            if running.mixture.mixed:
                self._settle(running, empty=False)
            running.mark = running.out_mark

    def _take_mark(self, running: Running) -> Mark | None:
        """The mark on standard output, where it has come; what only looks like one is output."""
        while (rest := self.out.take(running.word, running.mixture)) is not None:
            if mark := parse_mark(rest):
                return mark
            running.mixture.add(SEPARATOR + running.word + rest + SEPARATOR, self.out.taken, error=False)
        return None

    def flush(self, running: Running) -> None:
        """Give a command what waits for a mark that will never come."""
        for stream in (self.out, self.err):
            stream.flush(running.mixture)

    def _settle(self, running: Running, *, empty: bool) -> None:
        """Fix the order of what came so far; with empty pipes also start counting anew."""
        if self.order is None:
            running.mixture.settle()
            return
        if running.mixture.mixed:
            exact = self.out.exact and self.err.exact
            writes = self.order.writes()
            running.mixture.settle([pipe == self.err.reader for pipe in writes] if exact else None)
        if empty and self.out.empty and self.err.empty:
            running.mixture.settle()
            self._count_anew()

    def _count_anew(self) -> None:
        """Forget what was counted, where every write that the kernel told of has been read; else one may just be coming."""
        assert self.order
        writes = self.order.writes()
        told = all(writes.count(stream.reader) == stream.taken for stream in (self.out, self.err))
        if told or not (self.out.exact and self.err.exact):
            self._forget()

    def _forget(self) -> None:
        assert self.order
        self.order.forget()
        self.out.settle()
        self.err.settle()

    def open_terminal(self) -> None:
        """Give the shell a terminal, where it has none yet.

        Raises:
            CouldNotRun: Where its target has none to give.
        """
        if self.terminal:
            return
        if not self.shell.terminal:
            raise CouldNotRun("a step with 'tty' needs a target that can give a terminal, and this one cannot")
        self.terminal = terminal = FarTerminal((*self.shell.terminal, "env", self.variable))
        self._poll.register(terminal.master, select.POLLIN)
        self.send([f"exec 7<>{terminal.name}\n".encode()])

    @property
    def takes_sheets(self) -> bool:
        """Whether the shell can be handed a sheet."""
        return self._sheet >= 0

    @property
    def alive(self) -> bool:
        """Whether the shell process is there."""
        return self.process.poll() is None

    def started_since(self, moment: float) -> list[processes.Process]:
        """What the shell started since a moment, in seconds since boot; never the shell itself nor what we started it with."""
        found = processes.of_session(self.variable, self.process.pid)
        carriers = [process for process in found if processes.has_variable(process, self.variable)]
        shell = min(carriers, key=lambda process: (process.started, process.pid), default=None)
        wrappers = {process.pid for process in found if process.session == self.process.pid} - {process.pid for process in carriers}
        grown = processes.descendants(shell.pid, found) if shell else set()
        return [
            process
            for process in found
            if process is not shell and process.started >= moment and (process.pid in grown or process.pid not in wrappers)
        ]

    def signal_started(self, recent: Recent, number: signal.Signals) -> bool:
        """Send a signal to what a command has started; False where there is nothing."""
        if self.shell.aside:
            return send_aside(self.shell.aside, self.variable, number, recent)
        started = self.started_since(recent.moment)
        processes.send(started, number)
        return bool(started)

    def leave(self) -> None:
        """End an idle shell as a person would, so that it ends what it would end by itself; then as ``close``."""
        started = processes.of_session(self.variable, self.process.pid)  # nobody can tell whose they are without it
        os.close(self._lines)
        self._lines = -1
        select.select([self.exit_descriptor], [], [], LEAVE_PATIENCE)
        self.close()
        processes.end(started)

    def close(self) -> None:
        """End every process of the session and release what it held."""
        if hasattr(self, "process"):
            if self.shell.aside:
                send_aside(self.shell.aside, self.variable, signal.SIGKILL)
            processes.end(processes.of_session(self.variable, self.process.pid))
            self.process.kill()
            self.process.wait()
        for stream in (self.out, self.err):
            stream.close()
        if self.terminal:
            self.terminal.close()
        if self.order:
            self.order.close()
        for descriptor in (self._lines, self._sheet, getattr(self, "exit_descriptor", -1)):
            if descriptor >= 0:
                os.close(descriptor)


def _begin() -> None:
    """What the process of a shell does before it becomes one."""
    default_signals()
    processes.adopt_orphans()


def _new_sheet() -> int:
    """A file without a name; the shell is told its number in a line of its own, where the first ten numbers have other uses."""
    descriptor = os.memfd_create("sheet")
    try:
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 20)
    finally:
        os.close(descriptor)


def _write_order(out: Stream, err: Stream) -> WriteOrder | None:
    try:
        order = WriteOrder()
        for stream in (out, err):
            order.watch(stream.reader)
    except OSError:
        return None  # the order in which we read is then the best there is
    return order
