"""The way into a node with a kernel of its own, with a socket in place of the serial line and this machine in place of the node."""

import fcntl
import os
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import handbook
import pytest

PACKAGE = str(Path(handbook.__file__).parents[1])
BEGIN = f"import sys; sys.path.insert(0, {PACKAGE!r});"
AGENT = f"""{BEGIN}
import handbook.lab.uml.child as child
from pathlib import Path
from handbook.lab.uml.agent import run_sessions
from handbook.lab.uml.line import Line
child.SHARED = Path(sys.argv[1])
run_sessions(Line(int(sys.argv[2])))
"""
ENTER = f"{BEGIN} from handbook.lab.uml.enter import main; main()"
HOLDER = f"{BEGIN} from handbook.lab.uml.holder import main; main()"
KERNEL = """
import os, re, subprocess, sys, time
lines = [int(number) for number in re.findall(r"ssl\\d+=fd:(\\d+)", " ".join(sys.argv))]
agents = [subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2], str(line)], pass_fds=[line]) for line in lines]
for agent in agents:
    agent.wait()
"""

Enter = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def enter(tmp_path: Path) -> Iterator[Enter]:
    """Starts a command by way of a holder with two lines and its agents."""
    path, shared = tmp_path / "way-in", tmp_path / "shared"
    shared.mkdir()
    words = [sys.executable, "-c", HOLDER, str(path), "2", sys.executable, "-c", KERNEL, AGENT, str(shared)]
    holder = subprocess.Popen(words, stdin=subprocess.PIPE)
    assert holder.stdin
    holder.stdin.write(b"go\n")
    holder.stdin.flush()
    while not path.exists():
        assert holder.poll() is None
        time.sleep(0.01)

    def start(*command: str, **options: object) -> "subprocess.Popen[bytes]":
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        return subprocess.Popen([sys.executable, "-c", ENTER, str(path), str(shared), *command], **pipes)  # type: ignore[call-overload,no-any-return]

    yield start
    holder.kill()
    holder.communicate()


def run(enter: Enter, *command: str, given: bytes = b"") -> tuple[int, bytes, bytes]:
    with enter(*command) as process:
        output, errors = process.communicate(given, timeout=20)
        return process.returncode, output, errors


def test_streams_are_apart_and_the_status_is_exact(enter: Enter) -> None:
    assert run(enter, "sh", "-c", "cat; echo no >&2; exit 7", given=b"yes") == (7, b"yes", b"no\n")


def test_a_signal_that_ends_a_command_ends_ours(enter: Enter) -> None:
    assert run(enter, "sh", "-c", "kill -TERM $$")[0] == -signal.SIGTERM


def test_a_command_that_is_not_there_has_the_status_of_a_shell(enter: Enter) -> None:
    status, _, errors = run(enter, "no-such-program")
    assert status == 127
    assert b"no-such-program" in errors


def test_more_than_the_line_takes_at_once_goes_both_ways_unchanged(enter: Enter) -> None:
    data = os.urandom(300_000)
    assert run(enter, "cat", given=data) == (0, data, b"")


def test_a_large_file_is_read_by_the_node_itself(enter: Enter, tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(os.urandom(3_000_000))
    with path.open("rb") as file, enter("sh", "-c", "readlink /proc/self/fd/0 >&2; cat", stdin=file) as process:
        output, errors = process.communicate(timeout=20)
    assert output == path.read_bytes()
    assert b"/shared/" in errors
    assert list((tmp_path / "shared").iterdir()) == []


def test_input_that_nobody_reads_holds_nothing_up(enter: Enter) -> None:
    assert run(enter, "true", given=bytes(100_000))[0] == 0
    assert run(enter, "sh", "-c", "exec <&-; sleep 0.1; echo on", given=bytes(100_000))[1] == b"on\n"


def test_commands_run_beside_each_other_and_wait_where_all_lines_are_taken(enter: Enter, tmp_path: Path) -> None:
    waiting = "echo here; until [ -e {} ]; do sleep 0.02; done"
    first, second = (enter("sh", "-c", waiting.format(tmp_path / name)) for name in ("one", "two"))
    assert [process.stdout.readline() for process in (first, second) if process.stdout] == [b"here\n", b"here\n"]
    third = enter("sh", "-c", f"[ -e {tmp_path}/two ] && echo after")
    (tmp_path / "two").touch()
    assert third.communicate(timeout=20)[0] == b"after\n"
    assert first.poll() is None
    (tmp_path / "one").touch()
    for process in (first, second):
        process.communicate(timeout=20)


def test_a_command_ends_with_whoever_asked_for_it(enter: Enter) -> None:
    process = enter("sh", "-c", "echo $$; sleep 1000")
    assert process.stdout
    number = int(process.stdout.readline())
    process.kill()
    process.communicate()
    until = time.monotonic() + 10
    while Path(f"/proc/{number}").exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not Path(f"/proc/{number}").exists()
    assert run(enter, "echo", "next")[1] == b"next\n"


def test_a_terminal_that_is_inherited_is_handed_through_with_its_size(enter: Enter) -> None:
    master, slave = os.openpty()
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("4H", 30, 100, 0, 0))
    os.set_inheritable(slave, True)  # noqa: FBT003 (it takes no name)
    words = ("bash", "-c", f"stty size <&{slave} >&{slave}; tty <&{slave}")
    with enter(*words, pass_fds=[slave]) as process:
        output, _ = process.communicate(timeout=20)
    assert output.startswith(b"/dev/pts/")
    assert os.read(master, 100) == b"30 100\r\n"
    os.close(master)
    os.close(slave)
