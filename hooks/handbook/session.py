"""Sessions: one live shell per target and chapter, and what becomes of the commands that it runs.

Whatever a command does to its shell costs that command alone: the next one runs, in a fresh shell where the old one is gone.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from handbook.environment import Shell
from handbook.outcome import NOTHING, Finished, Outcome, Output, Unfinished
from handbook.shell import processes
from handbook.shell.aside import Recent
from handbook.shell.byte_text import readable
from handbook.shell.live_shell import TERMINAL_VARIABLES, LiveShell, Running
from handbook.shell.marks import Mark, is_tame, line, new_words, sheet_line

# Commands whose lines are sent ahead. More would gain nothing, fewer would let the shell wait for us.
AHEAD = 256
# With more commands than this on their way nobody waits for the single one.
MANY = 8
# Seconds that a command is given to end after each of these signals. Docker's client also waits until its container is gone, and
# leaves it behind when it is killed.
POLITE = ((signal.SIGINT, 2.0), (signal.SIGTERM, 1.0), (signal.SIGKILL, 1.0))
FIRM = ((signal.SIGTERM, 0.3), (signal.SIGKILL, 1.0))
# Seconds that a mark may be on its way.
MARK_PATIENCE = 0.2
# How often to look for something to end: on a busy machine a command's time may be over before its shell has begun it.
LOOKS = 3
# Start times of processes are counted in hundredths of a second.
TICK = 0.011


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it is given to a shell.

    Parameters:
        text: Shell source.
        timeout: Seconds after which it is ended.
        duration: Seconds after which an endless command is stopped, which is then no failure; 0 for all others.
        tty: Run it on a terminal.
    """

    text: str
    timeout: float = 30.0
    duration: float = 0.0
    tty: bool = False

    @property
    def plain(self) -> bool:
        """Whether commands behind this one may be sent ahead."""
        return not (self.tty or self.duration)


class Session:
    """A live shell on one target.

    Parameters:
        find: Says how to start a shell; asked again when one is lost.
        patience: How many times as long as elsewhere a command is given to end once it is stopped.
    """

    def __init__(self, find: Callable[[], Shell], patience: float = 1) -> None:
        self._find = find
        self._patience = patience
        self._live: LiveShell | None = None
        self._loss = ""
        self._clock = 0.0
        self._idle = True
        # Whether the shell's flags forbid a sheet, and whether one is being run.
        self._care = self._sheet = False
        # Whether a command, or a function that one made known, may ask for the status of the command before it.
        self._asks = False
        # The last that a lost shell printed.
        self._unread = b""

    def run(self, commands: Sequence[Command]) -> Iterator[Outcome]:
        """Run commands one after the other; one outcome each, as soon as it is known.

        Raises:
            CouldNotRun: Where no shell can be started.
        """
        done = 0
        while done < len(commands):
            for outcome in self._run_batch(commands[done : done + AHEAD]):
                done += 1
                yield replace(outcome, after_loss=self._loss) if self._loss else outcome
                if isinstance(outcome, Unfinished) and outcome.shell_lost:
                    self._loss = self._loss or outcome.reason

    def _run_batch(self, commands: Sequence[Command]) -> Iterator[Outcome]:
        """Run as many commands from the first on as can be handed to the shell at once."""
        live = self._live or LiveShell(self._find())
        self._live = live
        if commands[0].tty:
            live.open_terminal()
        commands = commands[: self._together(live, commands)]
        words = new_words(len(commands))
        self._send(live, commands, words)
        for number, (command, word) in enumerate(zip(commands, words, strict=True), 1):
            outcome = self._at_once(live, command, word) or self._await(
                live, command, live.running(word), calm=len(commands) - number > MANY
            )
            yield outcome
            if isinstance(outcome, Unfinished) and outcome.shell_lost:
                yield from self._ran_ahead(words[number:])
                return
        self._idle = True

    def _together(self, live: LiveShell, commands: Sequence[Command]) -> int:
        """How many commands can be sent at once: all tame ones for a sheet, else those that are not special."""
        sheet = live.takes_sheets and not self._care
        wild = (n for n, command in enumerate(commands) if not command.plain or (sheet and not is_tame(command.text)))
        self._sheet = sheet and commands[0].plain and is_tame(commands[0].text)
        return max(1, next(wild, len(commands)))

    def _send(self, live: LiveShell, commands: Sequence[Command], words: Sequence[bytes]) -> None:
        if live.terminal:
            live.terminal.forget()
        self._clock = time.time()
        self._idle = False
        self._asks = self._asks or not self._sheet or any("?" in command.text for command in commands)
        if self._sheet:
            live.send_sheet(self._sheet_lines(commands, words))
        else:
            live.send([_line(command, word) for command, word in zip(commands, words, strict=True)])

    def _sheet_lines(self, commands: Sequence[Command], words: Sequence[bytes]) -> list[bytes]:
        """The lines of a sheet; what comes behind the last one nobody knows yet, and it may ask."""
        last = len(commands) - 1
        pairs = zip(commands, words, strict=True)
        return [sheet_line(command.text, word, asked=self._asks or n == last) for n, (command, word) in enumerate(pairs)]

    def _ran_ahead(self, words: Sequence[bytes]) -> Iterator[Outcome]:
        """Commands that ran although the end of one before them was never marked: they must not run twice."""
        for word in words:
            if word in self._unread:
                yield Unfinished("it ran, but a step before it had taken away what marks the end of a step")

    def _at_once(self, live: LiveShell, command: Command, word: bytes) -> Finished | None:
        """What came of a command that was read together with one before it, as most of many quick ones are."""
        if command.tty or (found := live.take_whole(word)) is None:
            return None
        data, mark = found
        self._care = mark.care
        return Finished(mark.exit, Output(readable(data)) if data else NOTHING, self._seconds(mark))

    def _await(self, live: LiveShell, command: Command, running: Running, *, calm: bool) -> Outcome:
        patience = command.duration or command.timeout
        # By the clock of the command before it: we may read that one's end late.
        began = processes.since_boot() - max(0.0, time.time() - self._clock)
        deadline = time.monotonic() + patience
        while True:
            came = live.receive(running, patience, calm=calm)
            if running.mark is not None:
                break
            patience = deadline - time.monotonic()
            if patience <= 0:
                return self._overdue(live, command, running, began)
            if not came and not live.alive:
                return self._lost(live, running)
        return self._finished(live, command, running)

    def _finished(self, live: LiveShell, command: Command, running: Running) -> Finished:
        assert running.mark is not None
        self._care = running.mark.care
        seconds = self._seconds(running.mark)
        output = _screen(live, running) if command.tty else running.mixture.output()
        return Finished(running.mark.exit, output, seconds)

    def _seconds(self, mark: Mark | None) -> float:
        """Seconds since the command before it ended, by the shell's own clock where it has one."""
        now = mark.time if mark and mark.time else time.time()
        seconds, self._clock = max(0.0, now - self._clock), now
        return seconds

    def _overdue(self, live: LiveShell, command: Command, running: Running, began: float) -> Outcome:
        """The time is over: stop what the command started, and the shell only where that does not help."""
        screen = live.terminal.render() if command.tty and live.terminal else None
        stopped = self._stop(live, running, began, POLITE if command.duration else FIRM)
        seconds = self._seconds(running.mark)
        if not stopped:
            self._end(live, running)
        output = screen or running.mixture.output()
        if command.duration and stopped:
            assert running.mark is not None
            return Finished(running.mark.exit, output, seconds, stopped=True)
        reason = f"it was still running after {command.duration or command.timeout:g} s and was ended"
        reason += "" if stopped else ", and its shell with it"
        return Unfinished(reason, output, seconds, shell_lost=not stopped)

    def _stop(self, live: LiveShell, running: Running, began: float, signals: Sequence[tuple[signal.Signals, float]]) -> bool:
        recent = Recent(began - TICK, lambda: self._marks_end(live, running, 0.0))
        for number, patience in signals:
            for _ in range(LOOKS):
                sent = live.signal_started(recent, number)
                # With nothing to end, the mark is on its way, or the shell is itself busy, or it has not come to the command yet.
                if self._marks_end(live, running, patience * self._patience if sent else MARK_PATIENCE):
                    return True
                if sent:
                    break
            else:
                return False
        return False

    def _marks_end(self, live: LiveShell, running: Running, patience: float) -> bool:
        deadline = time.monotonic() + patience
        while running.mark is None and live.alive and deadline > time.monotonic():
            live.receive(running, deadline - time.monotonic())
        return running.mark is not None

    def _lost(self, live: LiveShell, running: Running) -> Unfinished:
        status = live.process.wait()
        self._end(live, running)
        how = f"with status {status}" if status >= 0 else f"by signal {signal.Signals(-status).name}"
        return Unfinished(f"the shell ended {how}", running.mixture.output(), self._seconds(running.mark), shell_lost=True)

    def _end(self, live: LiveShell, running: Running) -> None:
        live.flush(running)
        self._unread = running.mixture.raw()
        live.close()
        self._live = None
        self._care = False

    def abort(self) -> None:
        """Kill the shell from another thread, so that whoever waits for it goes on at once."""
        if live := self._live:
            live.process.kill()

    def close(self) -> None:
        """End the shell and everything that it started. Safe to call twice."""
        live, self._live = self._live, None
        if live and self._idle:
            live.leave()
        elif live:
            live.close()


def _line(command: Command, word: bytes) -> bytes:
    return line(command.text, word, terminal=TERMINAL_VARIABLES if command.tty else "")


def _screen(live: LiveShell, running: Running) -> Output:
    """What the terminal shows; its mark tells that all of it has come through."""
    assert live.terminal
    mark = b"\x1e" + running.word + b"\x1e"
    deadline = time.monotonic() + 2.0
    while mark not in live.terminal.data and time.monotonic() < deadline:
        live.terminal.wait(0.05)
    return live.terminal.render(mark)
