"""A node with a kernel of its own, live. Needs the built kernel (`make kernel`)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from handbook.environment import Target
from handbook.lab.cache import Cache
from handbook.lab.machines.uml import Uml
from handbook.outcome import Finished, Unfinished
from handbook.runtime import Runtime
from handbook.session import Command, Session

from tests.lab.lab_node import BOOK, ENVIRONMENTS, LabNode

pytestmark = [pytest.mark.lab]
NAME = "debian-13-uml"
Nodes = Callable[..., LabNode]


@pytest.fixture(scope="module", autouse=True)
def kernel() -> None:
    """Skips where nobody has built it: that takes longer than all tests."""
    if missing := LabNode(NAME).lab.missing():
        pytest.skip("; ".join(f"missing: {thing.what}, next: {thing.remedy}" for thing in missing))


@pytest.fixture(scope="module")
def node() -> Iterator[LabNode]:
    made = LabNode(NAME)
    made.up()
    yield made
    made.lab.down()


@pytest.fixture
def session(node: LabNode) -> Iterator[Session]:
    made = Session(lambda: node.lab.shell(Target("node")))
    yield made
    made.close()


def run(session: Session, *commands: Command) -> list[Finished]:
    outcomes = list(session.run(commands))
    assert all(isinstance(outcome, Finished) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, Finished)]


def machine(node: LabNode) -> Uml:
    found = node.lab._machine
    assert isinstance(found, Uml)
    return found


def without_a_note(node: LabNode, empty: Path, cache: Cache | None = None) -> Uml:
    """The same machine as one sees it who has no note of what was started; maybe from another cache."""
    setup = machine(node)._setup
    runtime = Runtime(node.instance)
    runtime.path = empty / "runtime"
    return Uml(replace(setup, runtime=runtime, cache=cache or setup.cache))


def processes(node: LabNode) -> list[int]:
    return [process.pid for process in machine(node).processes()]


def remains(node: LabNode) -> list[object]:
    return [*processes(node), *(path for path in (node.disk(), node.runtime.path) if path.exists())]


def test_it_is_another_kernel_with_control_groups_of_version_2(node: LabNode) -> None:
    facts = node.lab.fingerprint().facts
    assert facts["cgroup"] == "2"
    assert facts["kernel"] != os.uname().release
    assert facts["root"] == "yes"


def test_the_kernel_and_all_that_it_starts_stay_on_one_processor(node: LabNode) -> None:
    allowed: set[int] = set()
    for number in processes(node):
        with suppress(ProcessLookupError):
            allowed |= os.sched_getaffinity(number)
    assert len(allowed) == 1


def test_a_container_has_the_limits_it_was_given(node: LabNode) -> None:
    began = time.monotonic()
    assert node.output("docker run --rm --memory=64m --cpus=0.5 busybox cat /sys/fs/cgroup/memory.max") == "67108864\n"
    assert time.monotonic() - began < 20


def test_the_router_answers_and_refuses_at_once(node: LabNode) -> None:
    assert "1 received" in node.output("ping -c 1 8.8.8.8")
    assert "Unreachable" in node.run("ping -c 1 192.0.2.1").stdout
    assert node.output("ip netns list") == ""


def test_both_streams_keep_the_order_of_their_writes(session: Session) -> None:
    wanted = "".join(f"out {number}\nerr {number}\n" for number in range(50))
    command = "for n in {0..49}; do echo out $n; echo err $n >&2; done"
    assert [outcome.output.text for outcome in run(session, *[Command(command)] * 5)] == [wanted] * 5


def test_a_step_on_a_terminal_has_one(session: Session) -> None:
    shown, status = run(
        session,
        Command("tty; stty size; echo -e '\\e[31mred\\e[m'; exit_with() { return 3; }; exit_with", tty=True),
        Command("echo $?"),
    )
    assert shown.output.text.startswith("/dev/pts/")
    assert shown.output.text.endswith("30 100\nred\n")
    assert [span.style for span in shown.output.spans] == ["red"]
    assert (shown.exit, status.output.text) == (3, "3\n")


def test_an_endless_command_is_stopped_and_its_shell_stays(session: Session) -> None:
    first, endless, last = run(session, Command("here=yes"), Command("ping 8.8.8.8", duration=1.5), Command("echo $here"))
    assert first.exit == 0
    assert endless.stopped
    assert "bytes from 8.8.8.8" in endless.output.text
    assert last.output.text == "yes\n"


def test_an_overdue_command_costs_its_own_step_only(session: Session) -> None:
    overdue, after = session.run([Command("sleep 300", timeout=1), Command("pgrep -c sleep", timeout=20)])
    assert isinstance(overdue, Unfinished)
    assert not overdue.shell_lost
    assert isinstance(after, Finished)
    assert after.output.text == "0\n"


def test_what_a_session_leaves_running_ends_with_it(node: LabNode) -> None:
    session = Session(lambda: node.lab.shell(Target("node")))
    run(session, Command("setsid sleep 4321 >/dev/null 2>&1 &"))
    session.close()
    assert node.run("pgrep -f 'sleep 4321'").returncode == 1


def test_a_shell_in_a_container(node: LabNode) -> None:
    node.output("docker run -d --name web nginx")
    session = Session(lambda: node.lab.shell(Target("container", "web")))
    (outcome,) = run(session, Command("cat /proc/1/comm"))
    session.close()
    assert outcome.output.text == "nginx\n"


def test_two_nodes_at_once_do_not_see_each_other(node: LabNode) -> None:
    other = LabNode(NAME)
    try:
        other.up()
        other.output("touch /mine; ip link add mine type dummy")
        assert node.run("ls /mine").returncode != 0
        assert "mine" not in node.output("ip link")
        assert "192.168.49.2" in other.output("ip address")
    finally:
        other.lab.down()
    other.up()
    assert other.run("ls /mine").returncode != 0
    other.lab.down()
    assert remains(other) == []
    other.lab.down()


def test_a_node_of_the_same_name_in_another_cache_is_not_ours(node: LabNode, tmp_path: Path) -> None:
    assert processes(node)
    assert without_a_note(node, tmp_path, Cache(tmp_path / "cache")).processes() == []


def test_the_processes_of_a_node_are_found_without_any_note(node: LabNode, tmp_path: Path) -> None:
    holder = node.runtime.recorded("holder")
    assert holder
    assert holder.pid in {one.pid for one in without_a_note(node, tmp_path).processes()}


SIGNS = {"the holder starts": "holder.process", "the kernel starts": "way-in"}


@pytest.mark.parametrize("when", SIGNS)
def test_what_a_killed_up_left_is_cleaned_by_the_next_command(when: str) -> None:
    node = LabNode(NAME)
    end_up_when(node, SIGNS[when], signal.SIGKILL)
    node.lab.down()
    assert remains(node) == []


@pytest.mark.parametrize("when", SIGNS)
def test_an_interrupted_up_cleans_up_itself(when: str) -> None:
    node = LabNode(NAME)
    end_up_when(node, SIGNS[when], signal.SIGINT)
    assert remains(node) == []


UP = """
import sys
from pathlib import Path
from handbook.environment import load_environment
from handbook.environments.lab import Lab
from handbook.progress import Quiet
Lab(load_environment(Path(sys.argv[1])), sys.argv[2]).up(Quiet())
"""


def end_up_when(node: LabNode, sign: str, how: signal.Signals) -> None:
    """Bring a node up in a process of its own, and end that as soon as a file is in the node's runtime directory."""
    words = [sys.executable, "-c", UP, str(ENVIRONMENTS / f"{NAME}.yml"), node.instance]
    environment = {**os.environ, "PYTHONPATH": str(Path(BOOK, "hooks"))}
    with subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL) as command:
        deadline = time.monotonic() + 60
        while not (node.runtime.path / sign).exists():
            assert command.poll() is None, "it ended before"
            assert time.monotonic() < deadline
            time.sleep(0.005)
        command.send_signal(how)
