"""Commands of the machine: bounded in time, never without their parent, plain about what went wrong."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from handbook.errors import CouldNotRun
from handbook.lab import host
from handbook.process import process

from tests.lab.lab_node import BOOK

RUN_AND_HANG = (
    "import sys; from handbook.lab import host; host.run('sh', '-c', 'echo $$ >$0; exec sleep 600', sys.argv[1], timeout=600)"
)


def test_a_command_gets_its_input_and_gives_its_output(tmp_path: Path) -> None:
    assert host.run("sed", "s/a/b/", timeout=10, given="cat\n") == "cbt\n"
    (tmp_path / "given").write_bytes(b"a\xff\n")
    assert host.run("cat", timeout=10, given=tmp_path / "given") == "a\ufffd\n"


def test_a_command_has_no_terminal() -> None:
    assert host.run("sh", "-c", "test -t 1 || echo none", timeout=10) == "none\n"


def test_a_failure_shows_the_command_its_status_and_its_words() -> None:
    with pytest.raises(CouldNotRun, match=r"`sh -c echo trouble >&2; exit 3` ended with status 3\ntrouble"):
        host.run("sh", "-c", "echo trouble >&2; exit 3", timeout=10)


def test_a_failure_of_a_logged_command_shows_the_logs_end_and_where_it_is(tmp_path: Path) -> None:
    log = tmp_path / "logs/build.log"
    with pytest.raises(CouldNotRun) as raised:
        host.run("sh", "-c", "seq 100; exit 1", timeout=10, log=log)
    lines = str(raised.value).splitlines()
    assert lines[-3:] == ["  99", "  100", f"its log: {log}"]
    assert "  88" not in lines


def test_a_command_that_takes_too_long_is_ended() -> None:
    start = time.monotonic()
    with pytest.raises(CouldNotRun, match=r"took more than 0 s"):
        host.run("sleep", "600", timeout=0.3)
    assert time.monotonic() - start < 5


def test_a_command_that_ended_in_time_is_not_blamed_for_what_it_left_behind() -> None:
    with pytest.raises(CouldNotRun, match="ended with status 3"):
        host.run("sh", "-c", "sleep 3 & exit 3", timeout=1)


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(CouldNotRun, match="no-such-program is not on this machine"):
        host.run("no-such-program", timeout=10)


def test_a_command_ends_with_the_command_that_ran_it_even_when_that_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    environment = {**os.environ, "PYTHONPATH": str(BOOK / "hooks")}
    with subprocess.Popen([sys.executable, "-c", RUN_AND_HANG, str(note)], env=environment) as parent:
        until(lambda: note.exists() and note.read_text().endswith("\n"))
        child = process(int(note.read_text()))
        parent.kill()
    assert child
    until(lambda: not child.runs())


def test_an_interrupted_command_is_gone_before_anybody_cleans_up_behind_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"

    def interrupt() -> None:
        until(lambda: note.exists() and note.read_text().endswith("\n"))
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        host.run("sh", "-c", "echo $$ >$0; exec sleep 600", str(note), timeout=600)
    assert process(int(note.read_text())) is None
    thread.join()


def test_nothing_watches_a_command_whose_end_was_interrupted(tmp_path: Path) -> None:
    note = tmp_path / "pid"

    def interrupt() -> None:
        until(lambda: note.exists() and note.read_text().endswith("\n") and process(int(note.read_text())) is None)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        # What it leaves behind keeps its output open, which is waited for.
        host.run("sh", "-c", "sleep 3 & echo $$ >$0", str(note), timeout=600)
    thread.join()
    until(lambda: not any(isinstance(thread, threading.Timer) for thread in threading.enumerate()))


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
