"""An interrupt in the middle of a run: status 130, nothing left running, no file half written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from handbook.runtime import instances
from handbook.shell import processes

from tests.commands.desk import Desk

NUMBERS = count(1)
Start = Callable[..., "subprocess.Popen[str]"]


class Endless:
    """A command that never ends, known by a number that nobody else uses."""

    def __init__(self) -> None:
        self.command = f"sleep {next(NUMBERS)}{os.getpid()}"

    def runs(self) -> bool:
        wanted = self.command.replace(" ", "\0").encode() + b"\0"
        return any(_line(process.pid) == wanted for process in processes.processes())

    def await_start(self) -> None:
        deadline = time.monotonic() + 30
        while not self.runs():
            assert time.monotonic() < deadline, self.command
            time.sleep(0.02)


def _line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture
def start(desk: Desk, sandbox: str) -> Iterator[Start]:
    """Starts the program in a group of its own, as a terminal does, in an environment of a sandbox."""
    desk.environment(desk.name, f"provider: {sandbox}\n")
    started: list[subprocess.Popen[str]] = []

    def run(*words: str) -> subprocess.Popen[str]:
        argv = [sys.executable, "-m", "handbook", *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        started.append(subprocess.Popen(argv, cwd=desk.root, text=True, process_group=0, **pipes))  # type: ignore[call-overload]
        return started[-1]

    yield run
    for program in started:
        program.kill()
        program.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_leaves_nothing_but_what_was_recorded(desk: Desk, start: Start, number: signal.Signals) -> None:
    desk.page("a", "{#a}\n$ echo done")
    assert start("record", desk.name).wait(60) == 0
    before = desk.files()
    endless = Endless()
    desk.page("a", f"{{#a}}\n$ echo new\n$ {endless.command} & {endless.command}\n#: timeout=300")
    program = start("record", desk.name)
    endless.await_start()
    os.killpg(program.pid, number)
    out, err = program.communicate(timeout=30)
    assert (program.returncode, out) == (130, "")
    assert err.endswith("interrupted; nothing was left running but what was to stay\n")
    assert desk.files() == before
    assert not endless.runs()
    assert not [name for name in instances() if name.startswith(desk.name)]


def test_an_interrupt_in_an_environment_that_stays_says_what_is_left_there(desk: Desk, start: Start) -> None:
    endless = Endless()
    desk.page("a", f"{{#a}}\n$ {endless.command}\n#: timeout=300")
    try:
        program = start("record", "--keep", desk.name)
        endless.await_start()
        os.killpg(program.pid, signal.SIGINT)
        _, err = program.communicate(timeout=30)
        assert f"{desk.name} stays up, with what a has made so far; end it with `handbook down {desk.name}`\n" in err
    finally:
        assert start("down", desk.name).wait(60) == 0


def test_an_interrupt_ends_chapters_side_by_side_at_once_and_begins_no_other(desk: Desk, start: Start) -> None:
    marks = [Endless() for _ in range(3)]
    for name, mark in zip("abc", marks, strict=True):
        desk.page(name, f"{{#{name}}}\n$ {mark.command}\n#: timeout=300\n$ echo after > /tmp/after")
    program = start("record", desk.name, "--jobs", "2")
    marks[0].await_start()
    marks[1].await_start()
    began = time.monotonic()
    os.killpg(program.pid, signal.SIGINT)
    _, err = program.communicate(timeout=30)
    assert program.returncode == 130
    assert time.monotonic() - began < 15
    assert "c ..." not in err
    assert not any(mark.runs() for mark in marks)
    assert not (desk.root / "snippets").exists()
    assert not [name for name in instances() if name.startswith(desk.name)]


def test_who_interrupts_again_does_not_stop_the_clean_up(desk: Desk, start: Start) -> None:
    endless = Endless()
    desk.page("a", f"{{#a}}\n$ {endless.command} & {endless.command}\n#: timeout=300")
    for pause in (0.0, 0.02, 0.1):
        program = start("record", desk.name)
        endless.await_start()
        for number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM, signal.SIGINT):
            with suppress(ProcessLookupError):
                os.killpg(program.pid, number)
            time.sleep(pause)
        _, err = program.communicate(timeout=30)
        assert program.returncode == 130
        assert err.endswith("interrupted; nothing was left running but what was to stay\n")
        assert not endless.runs()
        assert not [name for name in instances() if name.startswith(desk.name)]


def test_who_interrupts_until_the_program_is_gone_does_not_change_its_status(desk: Desk, start: Start) -> None:
    endless = Endless()
    desk.page("a", f"{{#a}}\n$ {endless.command}\n#: timeout=300")
    program = start("check", desk.name)
    endless.await_start()
    deadline = time.monotonic() + 30
    program.send_signal(signal.SIGINT)
    while program.poll() is None and time.monotonic() < deadline:
        program.send_signal(signal.SIGTERM)
        time.sleep(0.005)
    assert program.returncode == 130


def test_an_interrupted_check_ends_the_same_way(desk: Desk, start: Start) -> None:
    endless = Endless()
    desk.page("a", f"{{#a}}\n$ {endless.command}\n#: timeout=300")
    program = start("check", desk.name)
    endless.await_start()
    os.killpg(program.pid, signal.SIGINT)
    program.communicate(timeout=30)
    assert program.returncode == 130
    assert not endless.runs()


def test_who_calls_the_program_from_python_hears_signals_as_before(desk: Desk) -> None:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    desk.run("status")
    assert [signal.getsignal(number) for number in numbers] == before
