"""Which program of a command line shaped what came out."""

from __future__ import annotations

import pytest
from handbook.command_line import Producer, producer


def words(command: str) -> str:
    made = producer(command)
    return " ".join(made.words) if made else ""


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("kubectl get pods", "kubectl get pods"),
        ("sudo -u daemon /usr/sbin/iptables -S", "iptables -S"),
        ("LC_ALL=C ls -l", "ls -l"),
        ("sudo ip netns exec test ping -c 1 10.0.0.1", "ping -c 1 10.0.0.1"),
        ("sudo nsenter --target {{ box }} --net ip -br link", "ip -br link"),
        ("docker exec -ti web cat /etc/hosts", "cat /etc/hosts"),
        ("docker run --rm --network host busybox ping 8.8.8.8", "ping 8.8.8.8"),
        ("kubectl exec web -- ip addr", "ip addr"),
        ("iptables-save | grep KUBE | head -n 3 | sort", "iptables-save"),
        ("docker inspect web | jq '.[] | .State'", "jq .[] | .State"),
        ("kubectl get nodes -o json |\n  jq '.items[] |\n    {name}'", "jq .items[] |\n    {name}"),
        ("ls $(docker inspect -f '{{.X}}' web) 2>/dev/null", "ls SUBSTITUTED"),
        ("curl -sk https://10.96.0.1; echo", "curl -sk https://10.96.0.1"),
        ("sh -c 'cat file | head'", "cat file"),
        ("etcdctl txn < swap.txt", "etcdctl txn"),
        ("nft -f - <<'END'\ntable ip x {\n}\nEND", "nft -f -"),
        ("tail -n 3 /etc/hosts", "tail -n 3 /etc/hosts"),
        ("ls | grep -c x", "grep -c x"),
        ("docker \\\n  ps", "docker ps"),
        ("kubectl -n kube-system exec etcd-node -- etcdctl version | head -n 1", "etcdctl version"),
        ("kubectl run box --image=busybox -- sleep 1", "kubectl run box --image=busybox -- sleep 1"),
        ("sudo setpriv --reuid=daemon --inh-caps +chown grep Cap /proc/self/status", "grep Cap /proc/self/status"),
    ],
)
def test_wrappers_and_filters_do_not_shape_an_output(command: str, expected: str) -> None:
    assert words(command) == expected


@pytest.mark.parametrize(
    "command", ["ls; cat file", "ls && cat file", "ls\ncat file", "for x in a b; do ls; done", "A=1", "echo 'open", "ls || true"]
)
def test_of_several_programs_none_is_the_one(command: str) -> None:
    assert producer(command) is None


def test_what_a_program_reads_through_a_pipe_is_known() -> None:
    made = producer("sudo cat /proc/1/mounts | grep -v cgroup | cut -d ' ' -f 2 | sort")
    assert made
    assert (made.program, made.filters) == ("cut", (("sort",),))
    assert made.fed_by
    assert (made.fed_by.program, made.fed_by.filters) == ("cat", (("grep", "-v", "cgroup"),))
    assert not made.fed_by.is_cut  # what a grep with -v prints has its header still


def test_filters_that_leave_lines_out_are_known() -> None:
    made = producer("kubectl get pods | sort | tail -n +2")
    assert made
    assert made.filters == (("sort",), ("tail", "-n", "+2"))
    assert made.is_cut
    assert not Producer(("ls",), (("head",),)).is_cut


@pytest.mark.parametrize(
    "command", ["kubectl get pods -o wide", "kubectl get pods -owide", "kubectl get pods --output=wide", "kubectl get pods -o=wide"]
)
def test_an_option_in_every_spelling(command: str) -> None:
    made = producer(command)
    assert made
    assert made.option("-o", "--output") == "wide"
    assert made.begins("kubectl", "get", "pods")
    assert not made.has("-q", "--quiet")
    assert Producer(("docker", "ps", "-aq")).has("-q")
