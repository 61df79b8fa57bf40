"""The life of a node: pristine, apart from others and from the machine, and gone without a trace, however it ends."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from handbook.environment import Target
from handbook.errors import CouldNotRun
from handbook.lab.node import Node
from handbook.namespaces import held_namespaces, processes_in
from handbook.progress import Quiet
from handbook.sandbox.system import mount_points

from tests.lab.lab_node import BOOK, ENVIRONMENTS, LabNode

pytestmark = pytest.mark.lab
Nodes = Callable[..., LabNode]

UP = """
import sys
from pathlib import Path
from handbook.environment import load_environment
from handbook.environments.lab import Lab
from handbook.progress import Lines
Lab(load_environment(Path(sys.argv[1])), sys.argv[2]).up(Lines())
"""


def flags_of_the_machine() -> dict[str, str]:
    """Settings of this machine that a careless node would change."""
    names = ("net/ipv4/ip_forward", "kernel/panic", "vm/overcommit_memory", "kernel/pid_max", "kernel/core_pattern")
    return {name: Path("/proc/sys", name).read_text() for name in names}


def network_of_the_machine() -> str:
    commands = (["ip", "-o", "link"], ["ip", "route"], ["ip", "netns"])
    text = "".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout for command in commands)
    return re.sub(r" (qdisc|state) \S+", "", text)


def mounts_below(path: Path) -> list[str]:
    """Every mount of this machine below a directory."""
    return [f"mount {point}" for point in mount_points() if point.is_relative_to(path)]


def remains(node: LabNode, namespaces: Iterable[str] = ()) -> list[str]:
    """Everything of a node that this machine still has."""
    found = [str(path) for path in (*node.groups(), node.runtime.path, node.disk()) if path.exists()]
    return [*found, *processes_in(namespaces), *mounts_below(node.disk())]


def seconds_up(node: LabNode) -> float:
    start = time.monotonic()
    node.up()
    assert node.output("systemctl is-active docker") == "active\n"
    return time.monotonic() - start


@pytest.mark.usefixtures("parts")
def test_from_cached_parts_to_docker_takes_less_than_ten_seconds(nodes: Nodes) -> None:
    took: list[float] = []
    while not took or (min(took) >= 10 and len(took) < 3):  # a machine may be busy for a while
        took.append(seconds_up(nodes()))
    assert min(took) < 10, took


def test_every_up_is_pristine(nodes: Nodes) -> None:
    node = nodes()
    node.up()
    node.output("echo changed >/etc/motd; touch /root/mine; docker rmi nginx:next; docker run --name mine busybox true")
    layer = node.output("docker image inspect -f '{{.GraphDriver.Data.UpperDir}}' busybox").strip()
    node.output(f"echo changed >{layer}/etc/passwd")
    node.up()
    assert "changed" not in node.output("cat /etc/motd; ls /root; docker ps --all --quiet")
    assert "nginx:next" in node.output("docker images --format '{{.Repository}}:{{.Tag}}'")
    assert node.output("docker run --rm busybox head -1 /etc/passwd") == "root:x:0:0:root:/root:/bin/sh\n"


def test_two_nodes_with_the_same_addresses_run_at_once_and_never_meet(nodes: Nodes) -> None:
    before = (flags_of_the_machine(), network_of_the_machine())
    first, second = nodes("debian-12"), nodes("debian-13")
    first.up()
    second.up()
    for node in (first, second):
        assert "192.168.49.2/24" in node.output("ip -o -4 address show eth0")
        node.output("docker run -d --name same-name nginx")
    assert first.lab.fingerprint().get("docker") != second.lab.fingerprint().get("docker")
    first.output("docker rm -f same-name; touch /tmp/only-in-the-first")
    assert second.output("docker ps --format '{{.Names}}'") == "same-name\n"
    assert second.run("ls /tmp/only-in-the-first").returncode != 0
    first.lab.down()
    assert second.output("systemctl is-active docker") == "active\n"
    assert (flags_of_the_machine(), network_of_the_machine()) == before


def test_two_instances_of_one_environment_run_at_once(nodes: Nodes) -> None:
    first, second = nodes(), nodes()
    first.up()
    second.up()
    first.output("docker run -d --name mine busybox sleep 600")
    assert second.output("docker ps --quiet") == ""


def test_a_node_cannot_turn_the_flags_of_the_machines_kernel(nodes: Nodes) -> None:
    before = flags_of_the_machine()
    node = nodes()
    node.up()
    assert node.run("sysctl -w kernel.panic=7").returncode != 0
    assert node.output("sysctl -w net.ipv4.ip_forward=0") == "net.ipv4.ip_forward = 0\n"
    assert flags_of_the_machine() == before


def test_down_leaves_nothing_and_may_be_said_twice(nodes: Nodes) -> None:
    node = nodes()
    node.up()
    node.output("docker run -d nginx; setsid sleep 600 >/dev/null 2>&1 & ip netns add left; mount -t tmpfs left /mnt")
    with held_namespaces(node.processes()) as namespaces:
        assert list(processes_in(namespaces))
        node.lab.down()
        assert remains(node, namespaces) == []
    node.lab.down()
    assert remains(node) == []


WHEN = ["the disk is copied", "systemd-nspawn starts", "systemd is up"]


def signs(node: LabNode) -> dict[str, Path]:
    """The file by which each moment of an up can be seen from outside."""
    paths = (node.disk() / "docker/overlay2", node.runtime.path / "holder.process", node.runtime.path / "leader.process")
    return dict(zip(WHEN, paths, strict=True))


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("how", ["up", "down"])
def test_what_a_killed_up_left_is_cleaned_by_the_next_command(nodes: Nodes, when: str, how: str) -> None:
    node = nodes()
    end_up_when(signs(node)[when], node.instance)
    with held_namespaces(node.processes()) as namespaces:
        if how == "up":
            node.up()
            assert node.output("systemctl is-active docker") == "active\n"
        node.lab.down()
        assert remains(node, namespaces) == []


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("when", WHEN)
def test_an_interrupted_up_cleans_up_itself(nodes: Nodes, when: str) -> None:
    node = nodes()
    end_up_when(signs(node)[when], node.instance, how=signal.SIGINT)
    assert remains(node) == []


def test_a_killed_build_of_the_root_file_system_ends_everywhere(nodes: Nodes, tmp_path: Path) -> None:
    node = nodes()
    end_up_when(tmp_path / "root", node.instance, HANDBOOK_CACHE=str(tmp_path), sign="*.partial/usr")
    deadline = time.monotonic() + 10
    while commands := subprocess.run(["pgrep", "--list-full", "--full", str(tmp_path)], capture_output=True, check=False).stdout:
        assert time.monotonic() < deadline, commands
        time.sleep(0.05)
    assert mounts_below(tmp_path) == []


def end_up_when(folder: Path, instance: str, sign: str = "", how: signal.Signals = signal.SIGKILL, **variables: str) -> None:
    """Bring a node up in a process of its own, and end that as soon as something is there."""
    environment = {**os.environ, "PYTHONPATH": str(BOOK / "hooks"), **variables}
    words = [sys.executable, "-c", UP, str(ENVIRONMENTS / "debian-13.yml"), instance]
    with subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL) as command:
        deadline = time.monotonic() + 60
        while not (any(folder.glob(sign)) if sign else folder.exists()):
            assert command.poll() is None, "it ended before"
            assert time.monotonic() < deadline
            time.sleep(0.005)
        command.send_signal(how)


def test_a_command_that_is_not_up_says_so(nodes: Nodes) -> None:
    with pytest.raises(CouldNotRun, match="is not up"):
        nodes().lab.shell(Target("node"))


def test_an_up_that_fails_says_what_and_where_its_log_is_and_leaves_nothing(nodes: Nodes, tmp_path: Path) -> None:
    node = nodes()
    (tmp_path / "empty").mkdir()
    node.runtime.claim()
    with pytest.raises(CouldNotRun, match=r"systemd-nspawn ended while the node booted(.|\n)*its log: .*console\.log"):
        node.lab._machine.boot(tmp_path / "empty", None, tmp_path / "disk", Quiet())
    node.lab.down()
    assert remains(node) == []


def test_a_unit_that_does_not_start_says_where_its_log_is(nodes: Nodes) -> None:
    node = nodes()
    node.up()
    node.output("systemctl stop docker.socket docker; echo broken >/etc/docker/daemon.json")
    live = Node(node.lab.shell(Target("node")).argv, node.lab._logs)
    with pytest.raises(CouldNotRun, match=r"docker\.service did not start(.|\n)*its log: .*docker\.service\.log"):
        live.start("docker.service")
    assert "daemon.json" in (node.lab._logs / "docker.service.log").read_text()
