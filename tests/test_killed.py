"""``kill -9`` of ``handbook record`` at random moments: every recording stays whole, and the next command leaves nothing behind.

``HANDBOOK_KILLS`` says how often; ``HANDBOOK_KILLED_IN`` names another environment of this book than a sandbox of its own.
"""

from __future__ import annotations

import ctypes
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from handbook.book import Book
from handbook.environments import make_provider
from handbook.errors import CouldNotRun
from handbook.recording_file import read_environment, read_recording
from handbook.runtime import Runtime, instances
from handbook.shell import processes

from tests.commands.desk import Desk

KILLS = int(os.environ.get("HANDBOOK_KILLS", "15"))
PR_SET_CHILD_SUBREAPER = 36
ROUND = """{{#{name}}}
$ echo round {number} of {name} && seq 300
$ sleep 1000 &
$ mount -t tmpfs tmpfs /mnt && mkdir /mnt/x
$ sleep 0.03
$ echo end of {name}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path, monkeypatch)
    model = Book.find(Path(__file__).parent).environment(os.environ.get("HANDBOOK_KILLED_IN", "sandbox"))
    if missing := make_provider(model).missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{model.name} cannot run here: {missing[0].what}")
    desk.environment(desk.name, model.path.read_text(encoding="utf-8"))
    resources = model.path.parent.parent
    for folder in ("lab", "images"):
        if (resources / folder).is_dir():
            (desk.root / "resources" / folder).symlink_to(resources / folder)
    return desk


@pytest.fixture
def orphanage() -> Iterator[None]:
    """Orphans of what this test starts become its own children, wherever they try to go."""
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    yield
    prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def write_pages(desk: Desk, number: int) -> None:
    for name in "ab":
        desk.page(name, ROUND.format(name=name, number=number))


def start(desk: Desk, command: str = "record", stderr: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "handbook", command, desk.name]
    return subprocess.Popen(argv, cwd=desk.root, stdout=subprocess.DEVNULL, stderr=stderr)


def check_files(desk: Desk, number: int) -> None:
    """Every recording is whole: that of this round or of one before it, never a mixture."""
    for path in desk.snippets.glob("[!.]*.yml"):
        outputs = [step.output for step in read_recording(path, desk.name).snippets[0].steps]
        rounds = {f"round {older} of {path.stem}" for older in range(number + 1)}
        assert outputs[0].split("\n")[0] in rounds
        assert outputs[-1] == f"end of {path.stem}\n"
    if (known := desk.root / "snippets" / f"{desk.name}.yml").exists():
        assert read_environment(known, local=False).fingerprint.facts


def the_next_command(desk: Desk) -> str:
    """Bring down what nobody needs; we look after the orphans meanwhile, as a machine's first process does."""
    down = start(desk, "down", stderr=subprocess.PIPE)
    while (found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)) and found.si_pid != down.pid:
        os.waitpid(found.si_pid, 0)
    _, told = down.communicate(timeout=60)
    assert down.returncode == 0, told
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return told.decode()


def children() -> set[int]:
    """Numbers of all processes that came from this one; other tests keep sandboxes of their own."""
    return processes.descendants(os.getpid(), processes.processes())


def is_cleaned_by_another(instance: str) -> bool:
    """Whether another command of this machine, which cleans up too, was first; we wait until it is done."""
    deadline = time.monotonic() + 60
    while instance in instances() and time.monotonic() < deadline:
        try:
            Runtime(instance).claim()
        except CouldNotRun:
            time.sleep(0.05)
        else:
            return False
    return instance not in instances()


def what_is_left(desk: Desk, before: set[int]) -> list[str]:
    """Processes that the killed program had started, instances, control groups and mounts."""
    up = [name for name in instances() if name.startswith(desk.name) and not is_cleaned_by_another(name)]
    left = [Path(f"/proc/{pid}/cmdline").read_text() for pid in children() - before]
    groups = [top for top, *_ in os.walk("/sys/fs/cgroup") if Path(top).name.startswith(f"handbook-{desk.name}")]
    return up + left + groups + [line for line in Path("/proc/self/mountinfo").read_text().splitlines() if desk.name in line]


@pytest.mark.usefixtures("orphanage")
def test_a_killed_recording_leaves_whole_files_and_nothing_else_after_the_next_command(desk: Desk) -> None:
    source, before = random.Random(20261123), children()
    write_pages(desk, 0)
    begin = time.monotonic()
    assert start(desk).wait(300) == 0
    whole = time.monotonic() - begin
    killed = begun = 0
    for number in range(1, KILLS + 1):
        write_pages(desk, number)
        program, begin = start(desk), time.monotonic()
        with suppress(subprocess.TimeoutExpired):
            program.wait(source.uniform(0.2, 1.1) * whole)
            whole = min(whole, time.monotonic() - begin)  # the machine is less busy than before
        program.send_signal(signal.SIGKILL)
        killed += program.wait() == -signal.SIGKILL
        begun += any(name.startswith(desk.name) for name in instances())
        check_files(desk, number)
        told = the_next_command(desk)
        assert what_is_left(desk, before) == [], told
    assert killed > KILLS / 3
    assert begun > KILLS / 4
    assert desk.record().exit_code == 0
    assert sorted(path.name for path in desk.snippets.iterdir()) == ["a.yml", "b.yml"]
