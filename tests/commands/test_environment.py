"""``handbook up``, ``down``, ``shell`` and ``doctor``."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from handbook.runtime import Runtime, instances
from handbook.shell import processes

from tests.commands.desk import Desk

PROGRAM = [sys.executable, "-m", "handbook"]


def outside(
    desk: Desk, *words: str, typed: str = "", variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program as a process of its own: what it leaves up must outlive it."""
    return subprocess.run(
        [*PROGRAM, *words], cwd=desk.root, env=variables, input=typed, capture_output=True, text=True, timeout=60, check=False
    )


def test_an_environment_stays_up_until_it_is_brought_down(desk: Desk, sandbox: str) -> None:
    desk.environment(desk.name, f"provider: {sandbox}\n")
    up = outside(desk, "up", desk.name)
    assert (up.returncode, up.stdout) == (0, f"{desk.name} is up; next: handbook shell {desk.name}\n")
    assert outside(desk, "up", desk.name).returncode == 0
    first = outside(desk, "shell", desk.name, typed="touch kept; hostname; echo $TZ\n")
    assert (first.returncode, first.stdout) == (0, "sandbox\nUTC\n")
    second = outside(desk, "shell", desk.name, "laptop", typed="ls\nexit 7\n")
    assert (second.returncode, second.stdout) == (7, "kept\n")
    holder = Runtime(desk.name).running()
    assert holder
    down = outside(desk, "down", desk.name)
    assert (down.returncode, down.stdout) == (0, f"{desk.name} is down; nothing is left of it\n")
    assert not any(process.runs() for process in holder.values())
    assert desk.name not in instances()
    assert outside(desk, "down", desk.name).returncode == 0


def test_an_environment_that_is_up_and_died_is_brought_up_anew(desk: Desk, sandbox: str) -> None:
    desk.environment(desk.name, f"provider: {sandbox}\n")
    outside(desk, "up", desk.name)
    for process in Runtime(desk.name).running().values():
        assert process.end(10)
    again = outside(desk, "up", desk.name)
    assert again.returncode == 0
    assert f"{desk.name} was up and does not answer; it is brought up anew" in again.stderr
    assert outside(desk, "shell", desk.name, typed="hostname\n").stdout == "sandbox\n"
    assert outside(desk, "down", desk.name).returncode == 0


def test_a_shell_needs_an_environment_that_is_up_and_a_target(desk: Desk) -> None:
    down = desk.run("shell", desk.name)
    assert (down.exit_code, down.stderr) == (2, f"{desk.name} is not up; next: handbook up {desk.name}\n")
    odd = desk.run("shell", desk.name, "nood")
    assert odd.exit_code == 2
    assert odd.stderr == "found target 'nood'\n  expected: laptop, node, container:NAME or pod:NAME\n"


def test_ctrl_c_in_a_shell_is_for_what_runs_there(desk: Desk) -> None:
    outside(desk, "up", desk.name)
    endless = f"sleep 10000.{os.getpid()}"
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(desk.root)
        os.execv(sys.executable, [*PROGRAM, "shell", desk.name])
    try:
        until(terminal, "# ")
        os.write(terminal, f"{endless}\n".encode())
        until_runs(endless)
        os.write(terminal, b"\x03")
        os.write(terminal, b"echo still $((40 + 2))\n")
        until(terminal, "still 42")
        os.write(terminal, b"exit 5\n")
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 5
    finally:
        os.close(terminal)
        outside(desk, "down", desk.name)


def until(terminal: int, words: str) -> None:
    """Read from a terminal until it has shown these words."""
    seen, deadline = "", time.monotonic() + 30
    while words not in seen:
        assert select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))[0], seen
        seen += os.read(terminal, 4096).decode(errors="replace")


def until_runs(command: str) -> None:
    """Wait until a process with this command line runs."""
    deadline = time.monotonic() + 30
    wanted = command.replace(" ", "\0").encode() + b"\0"
    while not any(wanted == line_of(process.pid) for process in processes.processes()):
        assert time.monotonic() < deadline, command
        time.sleep(0.02)


def line_of(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def test_doctor_says_what_can_run_here_and_what_is_missing(desk: Desk) -> None:
    told = desk.run("doctor", desk.name)
    assert (told.exit_code, told.stdout) == (0, f"{desk.name}: can run here\n")
    assert desk.run("doctor", "moon").exit_code == 2


def test_where_something_is_missing_doctor_and_record_name_the_command_that_gets_it(desk: Desk) -> None:
    desk.environment("box", "provider: sandbox\n")
    desk.page("a", "{#a}\n$ true")
    bare = {**os.environ, "PATH": str(desk.root)}
    doctor = outside(desk, "doctor", "box", variables=bare)
    assert doctor.returncode == 3
    assert doctor.stdout.startswith("box: cannot run here\n  missing: ")
    assert "\n  next: " in doctor.stdout
    record = outside(desk, "record", "box", variables=bare)
    assert (record.returncode, record.stdout) == (3, "")
    assert "box cannot run here; missing:\n" in record.stderr
    assert "; next: " in record.stderr
    assert not (desk.root / "snippets").exists()
