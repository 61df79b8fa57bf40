"""Whatever a command prints, its kind reads it or says that it cannot, and every leaf stands where it says."""

from __future__ import annotations

import pytest
from handbook.kind_names import kind_names
from handbook.kinds import Unreadable, kind_named
from handbook.recognition.context import Context
from handbook.tree import leaves
from hypothesis import given, settings
from hypothesis import strategies as st

COMMANDS = {
    "capabilities": "capsh --decode=21",
    "certificate": "openssl x509 -text -in ca.crt",
    "cgroup_files": "cat /sys/fs/cgroup/x/cpu.stat",
    "describe": "kubectl describe pod web",
    "etcd_keys": "etcdctl get / --prefix --keys-only",
    "http": "curl -sv http://x",
    "ip": "ip addr",
    "iptables": "iptables -t nat -S",
    "json_document": "docker inspect web",
    "listing": "ls -la",
    "mounts": "cat /proc/1/mounts",
    "nft": "nft list ruleset",
    "ping": "ping x",
    "process_files": "cat /proc/1/status",
    "repeated": "for i in $(seq 9); do curl -s x; done | sort | uniq -c",
    "stat": "stat -c '%A %i' file",
    "stream": "kubectl get events",
    "systemctl": "systemctl list-units",
    "systemd_cgls": "systemd-cgls",
    "systemd_cgtop": "systemd-cgtop",
    "table": "kubectl get pods",
    "template": "kubectl get po -o jsonpath='{.items[*].x}'",
    "text": "cat file",
    "yaml_document": "kubectl get po -o yaml",
}
PIECES = st.sampled_from(
    [
        "*nat",
        ":A - [0:0]",
        "-A A -j B",
        "COMMIT",
        "{",
        "}",
        "[",
        "]",
        '"a": 1,',
        '"b": {',
        "a: b",
        "  c: 5m",
        "- d",
        "NAME   READY",
        "web    1/1",
        "",
        "table ip x {",
        "chain y {",
        "elements = { a,",
        "1: lo: <UP>",
        "    inet 10.0.0.1/8",
        "├─a",
        "│ └─17 b",
        "…",
        "HTTP/1.1 200 OK",
        "A: b",
        "> ",
        "Chain A (2 references)",
        "target prot",
        "/ 1 2 3M - -",
        "  3 x",
        "Normal  Pulled  pod/x",
        "Events:",
        "cpu.stat 3",
        "x on / type y (rw)",
        "total 3",
        "+---+",
        "UNIT LOAD",
        "---",
        "}{",
        "0x3=cap_a,cap_b",
        "-rw-r--r-- 1 root root 6 Nov 23 21:45 file",
        "-----BEGIN CERTIFICATE-----",
        "\t",
        "│ A │ B │",
    ]
)
OUTPUTS = st.one_of(
    st.lists(PIECES, max_size=8).map("\n".join), st.text(max_size=60).filter(lambda text: not set(text) & set("\r\x0b\x0c\x85"))
)


def test_every_kind_is_tried() -> None:
    assert set(COMMANDS) == set(kind_names())
    for name, command in COMMANDS.items():
        assert name == "text" or kind_named(name).chooses(command), name


@pytest.mark.parametrize("name", COMMANDS)
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(output=OUTPUTS)
def test_an_output_is_read_or_refused(name: str, output: str) -> None:
    try:
        tree = kind_named(name).parse(output, Context(COMMANDS[name]))
    except Unreadable:
        return
    lines = output.split("\n")
    for leaf in leaves(tree):
        number, start, end = leaf.place
        assert lines[number - 1][start:end] == leaf.text, leaf
