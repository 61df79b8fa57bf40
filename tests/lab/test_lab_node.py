"""What a reader finds in a node: systemd, Docker with its images, a network that ends in the machine."""

import os
import signal
import subprocess
import time

import pytest
from handbook.environment import Target
from handbook.errors import CouldNotRun

from tests.lab.lab_node import LabNode

pytestmark = pytest.mark.lab

VERSIONS = {"debian-12": ("252", "20.10", "1.22", "v3.4"), "debian-13": ("257", "26.1", "1.26", "v3.5")}


def versions(node: LabNode) -> tuple[str, str, str, str]:
    return VERSIONS[node.lab.fingerprint().get("distribution")]


def test_systemd_and_docker_run_and_nothing_has_failed(node: LabNode) -> None:
    assert node.output("systemctl is-active docker containerd").split() == ["active", "active"]
    assert node.output("systemctl --failed --no-legend") == ""
    assert node.output("cat /proc/1/comm") == "systemd\n"
    assert node.run("systemctl is-active etcd").stdout == "inactive\n"


def test_the_fingerprint_names_everything_that_could_explain_an_output(node: LabNode) -> None:
    facts = node.lab.fingerprint()
    systemd, docker, _, etcd = versions(node)
    assert facts.get("systemd") == systemd
    assert facts.get("docker").startswith(docker)
    assert facts.get("etcd").startswith(etcd.removeprefix("v"))
    assert facts.get("iptables-backend") == "nf_tables"
    assert (facts.get("storage-driver"), facts.get("cgroup-driver"), facts.get("root")) == ("overlay2", "cgroupfs", "yes")
    for name in ("kernel", "cgroup", "containerd", "runc", "iptables", "iproute2", "util-linux", "bridge-utils"):
        assert facts.get(name), name


def test_a_shell_starts_as_a_chapter_expects_it(node: LabNode) -> None:
    variables = node.output("env").splitlines()
    assert {line.partition("=")[0] for line in variables} <= {
        *("HOME", "USER", "LOGNAME", "SHELL", "LC_ALL", "TZ", "TERM", "PATH", "PWD", "OLDPWD", "SHLVL", "_"),
    }
    assert node.output("pwd; hostname; date +%Z; id -u").split() == ["/root", "node", "UTC", "0"]
    assert "0::/user.slice" in node.output("cat /proc/self/cgroup").splitlines()


def test_exit_status_and_standard_streams_come_through(node: LabNode) -> None:
    done = node.run("cat; echo trouble >&2; exit 7", given="a\0b\n")
    assert (done.returncode, done.stdout, done.stderr) == (7, "a\0b\n", "trouble\n")


def test_a_shell_on_the_node_inherits_every_descriptor(node: LabNode) -> None:
    shell = node.lab.shell(Target("node"))
    assert shell.local
    reading, writing = os.pipe()
    subprocess.run([*shell.argv, "bash", "-c", f"echo here >&{writing}"], pass_fds=[writing], check=True, timeout=30)
    os.close(writing)
    with open(reading, encoding="ascii") as stream:
        assert stream.read() == "here\n"


def test_a_shell_that_is_killed_takes_its_process_along(node: LabNode) -> None:
    shell = node.lab.shell(Target("node"))
    words = [*shell.argv, "bash", "-c", "echo ready; exec sleep 8641"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, start_new_session=True) as started:
        assert started.stdout
        assert started.stdout.readline() == b"ready\n"
        os.killpg(started.pid, signal.SIGKILL)
    until_gone(node, "sleep 8641")


def until_gone(node: LabNode, command: str) -> None:
    deadline = time.monotonic() + 10
    while node.run(f"pgrep --full --exact '{command}'").returncode == 0:
        assert time.monotonic() < deadline, f"{command} still runs"


def test_the_images_of_the_chapters_are_there_with_their_layers(node: LabNode) -> None:
    _, _, nginx, etcd = versions(node)
    names = node.output("docker images --format '{{.Repository}}:{{.Tag}}'").split()
    for name in (
        "busybox:latest",
        "nginx:latest",
        f"nginx:{nginx}",
        "nginx:next",
        f"quay.io/coreos/etcd:{etcd}",
        "quay.io/coreos/etcd:v3.3",
    ):
        assert name in names
    history = node.output("docker image history --no-trunc --format '{{.CreatedBy}}' nginx")
    assert "dpkg --install" in history
    assert "COPY index.html" in history
    layers = "docker image inspect --format '{{len .RootFS.Layers}}' "
    assert int(node.output(layers + "nginx:next")) == int(node.output(layers + "nginx:latest")) + 1
    assert node.output("docker system df --format '{{.Type}} {{.Size}}' | grep 'Build Cache'") == "Build Cache 0B\n"


def test_a_container_runs_within_its_limits(node: LabNode) -> None:
    node.output("docker run -d --name limited --memory=128m --cpus=0.2 nginx")
    identity = node.output("docker inspect -f '{{.Id}}' limited").strip()
    try:
        assert node.output(f"cat /sys/fs/cgroup/memory/docker/{identity}/memory.limit_in_bytes") == "134217728\n"
        assert node.output(f"cat /sys/fs/cgroup/cpu/docker/{identity}/cpu.cfs_quota_us") == "20000\n"
        address = node.output("docker inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}' limited").strip()
        page = node.output(f"curl --silent --show-error --retry 20 --retry-connrefused --retry-delay 1 http://{address}")
        assert "<title>Welcome to nginx!</title>" in page
    finally:
        node.output("docker rm -f limited")


def test_a_container_is_a_target_with_the_shell_that_it_has(node: LabNode) -> None:
    node.output("docker run -d --name with-bash nginx && docker run -d --name with-sh busybox sleep 600")
    try:
        shell = node.lab.shell(Target("container", "with-bash"))
        assert (shell.interpreter, shell.local) == ("bash", False)
        assert {"-t", "-i"} <= set(shell.terminal)
        assert node.lab.shell(Target("container", "with-sh")).interpreter == "sh"
        done = node.run("cat; cat /proc/1/comm; exit 3", target="container:with-bash", given="typed\n")
        assert (done.returncode, done.stdout) == (3, "typed\nnginx\n")
        node.output("docker stop -t 0 with-sh")
        with pytest.raises(CouldNotRun, match="no container with-sh runs"):
            node.lab.shell(Target("container", "with-sh"))
    finally:
        node.output("docker rm -f with-bash with-sh")


def test_what_this_machine_cannot_give_a_container_does_not_stop_it(node: LabNode) -> None:
    given = node.output("docker run --rm --privileged busybox grep CapBnd /proc/self/status").split()[1]
    own = node.output("grep CapBnd /proc/self/status").split()[1]
    assert int(given, 16) & ~int(own, 16) == 0
    node.output("docker run --rm --oom-score-adj=-500 --ulimit nofile=9000000 busybox true")


def test_capabilities_of_a_container_are_what_docker_says(node: LabNode) -> None:
    assert node.output("docker run --rm busybox grep CapEff /proc/self/status").split()[1] == "00000000a80425fb"
    refused = node.run("docker run --rm --cap-drop=NET_BIND_SERVICE --sysctl net.ipv4.ip_unprivileged_port_start=1024 nginx")
    assert refused.returncode == 1
    assert "bind() to 0.0.0.0:80 failed (13: Permission denied)" in refused.stderr


@pytest.mark.parametrize("target", ["node", "container"])
def test_a_ping_to_the_outside_is_answered(node: LabNode, target: str) -> None:
    inside = "docker run --rm busybox " if target == "container" else ""
    assert ", 0% packet loss" in node.output(f"{inside}ping -c 1 -W 2 8.8.8.8")


def test_every_other_way_out_is_refused_at_once(node: LabNode) -> None:
    start = time.monotonic()
    assert node.run("curl --silent --max-time 20 http://192.0.2.1").returncode == 7
    assert node.run("getent hosts www.example.org").returncode == 2
    missing = node.run("docker run no-such-image")
    assert missing.returncode == 125
    assert "Unable to find image" in missing.stderr
    assert time.monotonic() - start < 10


def test_a_reader_connects_a_namespace_by_hand_to_the_outside(node: LabNode) -> None:
    assert node.output("ip netns list") == ""
    try:
        node.output(
            "ip netns add by-hand && ip link add veth0 type veth peer name veth1 netns by-hand"
            " && ip address add 10.9.0.1/24 dev veth0 && ip link set veth0 up"
            " && ip -n by-hand address add 10.9.0.2/24 dev veth1 && ip -n by-hand link set veth1 up"
            " && ip -n by-hand route add default via 10.9.0.1"
            " && iptables -t nat -A POSTROUTING -s 10.9.0.0/24 -j MASQUERADE"
        )
        assert ", 0% packet loss" in node.output("ip netns exec by-hand ping -c 1 -W 2 8.8.8.8")
    finally:
        node.run("iptables -t nat -D POSTROUTING -s 10.9.0.0/24 -j MASQUERADE; ip netns del by-hand")


def test_an_overlay_can_be_made_by_hand_in_the_home_directory(node: LabNode) -> None:
    command = "cd $(mktemp -d -p ~) && mkdir l u w m && echo low >l/file && mount -t overlay -o lowerdir=l,upperdir=u,workdir=w o m"
    assert node.output(f"{command} && echo high >m/file && cat l/file u/file && umount m").split() == ["low", "high"]


def test_systemd_sets_limits_for_what_it_runs(node: LabNode) -> None:
    group = node.output("systemd-run --quiet --pipe --wait -p MemoryMax=64M cat /proc/self/cgroup")
    assert ":memory:/system.slice/run-" in group
    node.output("systemd-run --quiet --unit=limited -p MemoryMax=64M sleep 600")
    assert node.output("cat /sys/fs/cgroup/memory/system.slice/limited.service/memory.limit_in_bytes") == "67108864\n"
    node.output("systemctl stop limited")


def test_the_old_etcd_speaks_both_of_its_languages(node: LabNode) -> None:
    node.output("docker run -d --name museum quay.io/coreos/etcd:v3.3")
    try:
        node.output("timeout 20 sh -c 'until docker exec museum etcdctl cluster-health; do sleep 0.2; done'")
        assert node.output("etcdctl set /classes/value 'hello world'", target="container:museum") == "hello world\n"
        answer = "curl -s http://localhost:2379/v2/keys/classes/value | jq -r .node.value"
        assert node.output(answer, target="container:museum") == "hello world\n"
        assert node.output("ETCDCTL_API=3 etcdctl put key value", target="container:museum") == "OK\n"
    finally:
        node.output("docker rm -f museum")
