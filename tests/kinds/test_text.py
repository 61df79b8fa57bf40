"""Running text: what is a lesson, what is a name, what has a form and what is noise, in outputs of real tools."""

from __future__ import annotations

import re

import pytest
from handbook.compare import compare
from handbook.kind_names import kind_names
from handbook.kinds import Unreadable, kind_named, kind_of
from handbook.recognition.context import Context, typed_values
from handbook.recording import Recording
from handbook.tree import Exact, Leaf, Line, Name, Noise, Ordered, Shape, Unordered, leaves

from tests.recordings import recording

ID = "08670f3c21c088c8ce0419640c47beaa34bcb7e5e3edbcf4dd05c2e5e649880a"


def test_a_hash_of_a_template_is_known_where_it_stands_alone() -> None:
    def chapter(hash_: str, alone: str) -> Recording:
        pods = f"NAME                        READY\nmy-nginx-{hash_}-4xk2p   1/1\n"
        table = f"POD                         HASH\nmy-nginx-{hash_}-4xk2p   {alone}\n"
        return recording(
            ("kubectl get pods", pods), ("kubectl get pods -o custom-columns=POD:.x,HASH:.y", table), environment=hash_
        )

    assert not compare(chapter("6d897b74dc", "6d897b74dc"), chapter("5bdc86c65d", "5bdc86c65d")).means_something
    assert compare(chapter("6d897b74dc", "6d897b74dc"), chapter("5bdc86c65d", "6d897b74dc")).means_something


@pytest.mark.parametrize("chain", ["YQM5UV7OAKLFA63E", "YQMAUVAOAKLFAAAE"])
def test_a_hash_of_an_endpoint_is_known_where_it_is_computed(chain: str) -> None:
    def chapter(jump: str, computed: str) -> Recording:
        rule = f"-A KUBE-SVC-NPX46M4PTMTKRN6Y -j KUBE-SEP-{jump}\n"
        command = "printf default/kubernetes:httpstcp{{ address }} | openssl dgst -sha256 -binary | base32 | cut -c1-16"
        return recording((command, f"{computed}\n"), ("sudo iptables-save -t nat | grep NPX46M4PTMTKRN6Y", rule))

    old = "VPILYQBSPPXYB66K"
    assert not compare(chapter(old, old), chapter(chain, chain)).means_something
    assert compare(chapter(old, old), chapter(chain, old)).means_something
    assert compare(chapter(old, old), chapter(old, "VPILYQBSPPXYB66A")).means_something


def test_a_short_id_that_is_a_number_is_known_by_the_long_one() -> None:
    def container(long: str, short: str) -> Recording:
        return recording(("docker run -d nginx", f"{long}\n"), ("tail -n 1 /etc/hosts", f"172.17.0.2\t{short}\n"))

    digits = "034137426685" + ID[12:]
    assert not compare(container(ID, ID[:12]), container(digits, digits[:12])).means_something
    assert compare(container(ID, ID[:12]), container(digits, "034137426686")).means_something


def read(output: str, command: str = "cat file", typed: str = "", **more: object) -> list[Leaf]:
    context = Context(command=command, typed=typed_values([command, typed]), **more)  # type: ignore[arg-type]
    return list(leaves(kind_named("text").parse(output, context)))


def names(output: str, command: str = "cat file", **more: object) -> list[tuple[str, str]]:
    return [(leaf.role, leaf.text) for leaf in read(output, command, **more) if isinstance(leaf, Name)]  # type: ignore[arg-type]


def noise(output: str, command: str = "cat file") -> list[str]:
    return [leaf.text for leaf in read(output, command) if isinstance(leaf, Noise)]


def shapes(output: str, command: str = "cat file") -> list[str]:
    return [leaf.text for leaf in read(output, command) if isinstance(leaf, Shape)]


@pytest.mark.parametrize(
    "line",
    [
        "134217728",
        "20000 100000",
        "CapBnd:\t00000000a80425fb",
        "CapEff:\t000001ffffffffff",
        "Chain PREROUTING (policy ACCEPT)",
        "target     prot opt source               destination",
        "DNAT       6    --  0.0.0.0/0            0.0.0.0/0            tcp dpt:8080",
        " Version:           20.10.24+dfsg1",
        "nginx version: nginx/1.22.1",
        "User-Agent: Chrome/120.0.0.0 Safari/537.36",
        "iptables v1.8.9 (nf_tables)",
        "nftables v1.0.6.1 (Lester Gooch #5)",
        "6.18.44-fc-v657",
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000",
        "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00",
        "    inet 127.0.0.1/8 scope host lo",
        "    inet6 ::1/128 scope host",
        "5 packets transmitted, 5 received, 0% packet loss",
        "nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)",
        "8e9e05c52164694d: name=default peerURLs=http://localhost:2380 clientURLs=http://localhost:2379 isLeader=true",
        '{"action":"set","node":{"key":"/a","value":"hello","modifiedIndex":5,"createdIndex":5}}',
        "         0          0 4294967295",
        "KUBE-SVC-NPX46M4PTMTKRN6Y  tcp  --  0.0.0.0/0  /* default/kubernetes:https cluster IP */ tcp dpt:443",
        "statistic mode random probability 0.33333333349",
        "nginx   1.22      latest",
        "-rw-r--r-- 1 root root 6",
        "std::string a::b cafe::",
        "exit status 137",
        "0x00000000a80425fb=cap_chown,cap_dac_override",
        "CPUQuotaPerSecUSec=200ms",
        "kubernetes-dashboard-https",
        "kube-controller-manager --leader-elect",
    ],
)
def test_lessons_stay_exact(line: str) -> None:
    assert all(isinstance(leaf, Exact) for leaf in read(line)), read(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (ID, [("id", ID)]),
        (f"{ID[:12]}   nginx", [("id", ID[:12])]),
        (f"sha256:{ID}", [("id", ID)]),
        (f"/var/lib/docker/overlay2/{ID}/merged", [("id", ID)]),
        (f"0::/system.slice/docker-{ID}.scope", [("id", ID)]),
        ("overlay2/l/7XTQT5UNTXX3QGYKE5SFLLPW5C:", [("layer link", "7XTQT5UNTXX3QGYKE5SFLLPW5C")]),
        (f"-namespace moby -id {ID[:36]}…", [("id", ID[:36])]),
        ("/var/run/docker/netns/995480760780", [("id", "995480760780")]),
        ("/kubepods/pod5aaf719d-bb4d-11e8-bd46-080027e3a1c7", [("UUID", "5aaf719d-bb4d-11e8-bd46-080027e3a1c7")]),
        ("inet 172.17.0.2/16 brd 172.17.255.255", [("address", "172.17.0.2"), ("address", "172.17.255.255")]),
        ("Node:             node/192.168.49.2", [("address", "192.168.49.2")]),
        ("inet6 fe80::42:acff:fe11:2/64 scope link", [("address", "fe80::42:acff:fe11:2")]),
        ("link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff", [("MAC address", "02:42:ac:11:00:02")]),
        ("7: eth0@if8: <BROADCAST> mtu 1500", [("interface index", "7"), ("interface index", "8")]),
        ("02:42:ac:11:00:02 dev veth1a2b3c4 master docker0", [("MAC address", "02:42:ac:11:00:02"), ("interface", "veth1a2b3c4")]),
        ("net -> 'net:[4026532281]'", [("namespace", "4026532281")]),
        ("socket:[48211]", [("inode", "48211")]),
        ('  "Pid": 4711,', [("process", "4711")]),
        ("users:((\"nginx\",pid=4711,fd=6))", [("process", "4711")]),
        ("Main PID: 4711 (dockerd)", [("process", "4711")]),
        ("2018/09/18 16:10:42 [notice] 1#1: start worker process 29", [("process", "29")]),
        ("nginx[4711]: started", [("process", "4711")]),
        ("NSpid:\t4711\t1", [("process", "4711")]),
        ("PPid:\t1", []),
        ("Message queue id: 0", [("IPC id", "0")]),
        ("0xf695b68e 0          root       644        0            0", [("IPC id", "0")]),
        ("0.0.0.0:32768->80/tcp", [("port", "32768")]),
        ("src=10.9.0.1 dst=10.9.0.2 sport=45678 dport=80", [("address", "10.9.0.1"), ("address", "10.9.0.2"), ("port", "45678")]),
        ("12:memory:/docker/x", [("hierarchy", "12")]),
        ("/tmp/tmp.Ab3dEf7h1J", [("temporary name", "Ab3dEf7h1J")]),
        ("lease 694d8e9e05c52164 granted with TTL(60s)", [("lease", "694d8e9e05c52164")]),
        ("my-nginx-6d897b74dc-x7k2p", [("template hash", "6d897b74dc"), ("name suffix", "x7k2p")]),
        ("kube-proxy-zbcdf", [("name suffix", "zbcdf")]),
        ("kube-proxy-99m2s   1/1", [("name suffix", "99m2s")]),
        ("my-nginx-6d897b74dc-2m45s", [("template hash", "6d897b74dc"), ("name suffix", "2m45s")]),
        ("pod/coredns-66bc5c9577-786ns condition met", [("template hash", "66bc5c9577"), ("name suffix", "786ns")]),
        ("pod-template-hash=6d897b74dc", [("template hash", "6d897b74dc")]),
        ("-j KUBE-SEP-AAOCRVJBUI2XUHEI", [("endpoint chain", "AAOCRVJBUI2XUHEI")]),
        ("80:31945/TCP", [("port", "31945")]),
        ("tcp . 32075 : goto external-LCLMUIO2-default/my-nginx/tcp/", [("port", "32075")]),
    ],
)  # fmt: skip
def test_names_are_recognised(line: str, expected: list[tuple[str, str]]) -> None:
    assert names(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Up 2 seconds", ["2 seconds"]),
        ("tcp dport 80 # handle 14", ["14"]),
        ("Up About a minute (healthy)", ["About a minute"]),
        ("Exited (137) 5 minutes ago", ["5 minutes ago"]),
        ("etcd-node   1/1     Running   1 (2m7s ago)", ["2m7s ago"]),
        ("etcd-node   1/1     Running   3 (3d4h ago)", ["3d4h ago"]),
        ("Less than a second ago", ["Less than a second ago"]),
        ("-rw-r--r-- 1 root root 6 Nov 23 21:45 file", ["Nov 23 21:45"]),
        ("-rw-r--r-- 1 root root 6 Nov  3  2024 file", ["Nov  3  2024"]),
        ("2018/09/18 16:10:42 [emerg] bind()", ["2018/09/18 16:10:42"]),
        ('"StartedAt": "2026-11-23T21:45:36.123456789Z",', ["2026-11-23T21:45:36.123456789Z"]),
        ("Active: active since Tue 2018-09-18 16:10:42 UTC; 3min 2s ago", ["Tue 2018-09-18 16:10:42 UTC", "3min 2s ago"]),
        ("[18/Sep/2018:16:10:42 +0000] 200", ["18/Sep/2018:16:10:42 +0000"]),
        ("< Date: Mon, 23 Nov 2026 22:41:22 GMT", ["Mon, 23 Nov 2026 22:41:22 GMT"]),
        ("# Completed on Mon Nov 23 22:41:31 2026", ["Mon Nov 23 22:41:31 2026"]),
        ("64 bytes: icmp_seq=1 ttl=64 time=0.043 ms", ["0.043 ms"]),
        ("rtt min/avg/max/mdev = 0.023/0.031/0.039/0.008 ms", ["0.023/0.031/0.039/0.008 ms"]),
        ("is healthy: successfully committed proposal: took = 2.345ms", ["2.345ms"]),
        ("real\t0m0.003s", ["0m0.003s"]),
        ("Chain INPUT (policy ACCEPT 12 packets, 345 bytes)", ["12 packets, 345 bytes"]),
        (":PREROUTING ACCEPT [12:345]", ["12:345"]),
        ("counter packets 3 bytes 180 masquerade", ["3", "180"]),
        ("X-Raft-Index: 9", ["9"]),
        ("drwxr-xr-x 2 root root 4.0K Nov 23 21:45 dir", ["2", "4.0K", "Nov 23 21:45"]),
        ("total 12K", ["12K"]),
        ("VmRSS:\t    3220 kB", ["3220"]),
    ],
)
def test_noise_is_recognised(line: str, expected: list[str]) -> None:
    assert noise(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "--sync-frequency=1m0s",
        '    - --leader-elect-lease-duration=15s --max-age=2m30s --time="0.5s"',
        "qdisc netem 8002: root refcnt 2 limit 1000 delay 100ms  10ms 25%",
        "qdisc fq_codel 0: root refcnt 2 limit 10240p target 5.0ms interval 100.0ms ecn drop_batch 64",
        "qdisc tbf 8001: root refcnt 2 rate 1Mbit burst 32Kb lat 50ms",
        "syncFrequency: 1m0s",
        '- timeout: "2m30s"',
        'I1128 "Flag" {"heartbeat-interval": "100ms"}',
        "RestartUSec=100ms",
        "default dev eth0 scope link rto_min 200ms",
        "Liveness:   http-get http://:80/ delay=0s timeout=1s period=2m30s #success=1 #failure=3",
    ],
)
def test_a_duration_that_somebody_set_is_a_lesson(line: str) -> None:
    assert all(isinstance(leaf, Exact) for leaf in read(line)), read(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("took: 1m0s", ["1m0s"]),
        ("time_total: 0.004s", ["0.004s"]),
        ("64 bytes from 10.0.0.1: seq=0 ttl=64 time=12 ms", ["12 ms"]),
        ("rtt=1.5ms min=20ms", ["1.5ms", "20ms"]),
        ("Service runtime: 5.012s", ["5.012s"]),
        ('{"level":"info","took":"22.9ms","elapsed-time":"1m3s"}', ["22.9ms", "1m3s"]),
        ("message: waited 1m3s for it", ["1m3s"]),
        ("back-off 2m40s restarting failed container", ["2m40s"]),
        ("restarted (2m7s ago)", ["2m7s ago"]),
        ("ran for 59s972ms", ["59s972ms"]),
    ],
)
def test_a_duration_that_was_measured_is_noise(line: str, expected: list[str]) -> None:
    assert noise(line) == expected


def test_the_end_of_a_name_is_no_duration() -> None:
    assert names("my-nginx-6d897b74dc-2m45s") == [("template hash", "6d897b74dc"), ("name suffix", "2m45s")]


def test_what_an_author_typed_is_a_lesson() -> None:
    output = "inet 10.9.0.1/24 brd 10.9.0.255"
    assert names(output, "ip addr show veth0", typed="ip addr add 10.9.0.1/24 dev veth0") == [("address", "10.9.0.255")]
    assert names("0.0.0.0:40000->80/tcp", "docker ps", typed="docker run -p 40000:80 nginx") == []


def test_a_captured_value_is_a_name() -> None:
    assert names("hello web_7", captured={"web_7": "captured value"}) == [("captured value", "web_7")]
    assert names("web_71", captured={"web_7": "captured value"}) == []


def test_a_captured_value_is_what_it_is_elsewhere() -> None:
    assert names("409", "echo $PID", captured={"409": "process"}) == [("process", "409")]


@pytest.mark.parametrize(
    "lesson", ["1.22.1", "00000000a80425fb", "overlay", "KUBE-SVC-2CMXP7HKUVJN7L6M", "service-LCLMUIO2-default/my-nginx/tcp/"]
)
def test_a_lesson_that_was_captured_is_still_one(lesson: str) -> None:
    assert names(f"it is {lesson}", captured={lesson: "captured value"}) == []


@pytest.mark.parametrize(
    ("command", "output", "expected"),
    [
        ("cat /sys/fs/cgroup/cpu/docker/x/tasks", "4711", [("process", "4711")]),
        ("docker inspect -f '{{.State.Pid}}' web", "4711", [("process", "4711")]),
        ("sleep 100 & echo $!", "4711", [("process", "4711")]),
        ("cat /sys/class/net/eth0/iflink", "8", [("interface index", "8")]),
        ("stat -c %i /var/run/netns/test", "4026532923", [("namespace", "4026532923")]),
        ("systemctl show demo -p MainPID --value", "4711", [("process", "4711")]),
        ("getpcaps $$", "4711: =ep", [("process", "4711")]),
        ("cat /sys/fs/cgroup/cpu/docker/x/cpu.shares", "1024", []),
        ("cat /sys/fs/cgroup/cpu/docker/x/tasks | wc -l", "3", []),
        ("ps -ef | grep nginx", "root 4711 4690 0 22:41 ? 00:00:00 nginx", [("process", "4711"), ("process", "4690")]),
        ("ps -eo user,pid,args | grep nginx", "root 4711 nginx", [("process", "4711")]),
        ("docker ps | grep nginx", "b2c4d6e8f0a1 nginx 17 up", [("id", "b2c4d6e8f0a1")]),
    ],
)  # fmt: skip
def test_the_command_tells_what_bare_numbers_are(command: str, output: str, expected: list[tuple[str, str]]) -> None:
    assert names(output, command) == expected


@pytest.mark.parametrize(
    ("command", "output", "expected"),
    [
        # as many words as fields
        ("docker inspect -f '{{.State.Pid}} {{.State.ExitCode}}' web", "409 137", ["409"]),
        ("docker inspect -f '{{.RestartCount}} {{.State.Pid}}' web", "3 409", ["409"]),
        ("kubectl get lease x -o jsonpath='{.spec.pid}{\" \"}{.spec.leaseDurationSeconds}'", "409 15", ["409"]),
        # as many lines as files, properties, values, statements
        ("cat $CG/cgroup.procs $CG/pids.max", "409\n100", ["409"]),
        ("cat $CG/{pids.max,cgroup.procs}", "100\n409", ["409"]),
        ("docker exec web cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/cgroup.procs", "100\n409", ["409"]),
        ("systemctl show web -p MainPID -p NRestarts --value", "409\n3", ["409"]),
        ("systemctl show web --property=NRestarts,ExecMainPID,MainPID --value", "409\n3\n408", ["409", "408"]),
        ("docker inspect web | jq '.State.Pid, .State.ExitCode'", "409\n137", ["409"]),
        ("sleep 100 & echo $!; cat /proc/sys/kernel/pid_max", "409\n32768", ["409"]),
        # what is only assigned or kept in a file is not printed
        ("pid=$(pgrep -o nginx); cat /sys/fs/cgroup/cpu/web/cpu.shares", "204", []),
        ("pid=$(pgrep -o nginx); echo $pid", "409", ["409"]),
        ("cat /sys/fs/cgroup/$(pgrep -o nginx)/cpu.shares", "204", []),
        ("echo $$ > cgroup.procs && cat cpu.shares", "204", []),
        # where the numbers do not agree, the first clue counts for all
        ("cat $CG/cgroup.procs $CG/pids.max", "409\n410\n100", ["409", "410", "100"]),
        ("sh -c 'sleep 1 & echo $!'", "409", ["409"]),
        ("for pid in $(pgrep nginx); do echo $pid; done", "409\n410", ["409", "410"]),
    ],
)
def test_a_clue_is_one_to_the_piece_that_was_asked_for(command: str, output: str, expected: list[str]) -> None:
    assert [text for _, text in names(output, command)] == expected


def test_what_is_used_is_noise_beside_a_limit() -> None:
    assert noise("134217728\n5242880", "cat demo/memory.max demo/memory.current") == ["5242880"]
    assert noise("memory.max:134217728\nmemory.current:5242880", "grep . memory.max memory.current") == ["5242880"]


def test_how_many_processes_there_are_is_exact() -> None:
    assert names("3", "pgrep -c nginx") == names("3", "pgrep -f --count 'nginx: worker'") == []
    assert names("3", "pgrep -f 'sh -c sleep'") == [("process", "3")]


def test_which_endpoint_has_a_probability_is_not_told_where_the_rest_of_its_rule_is_cut_off() -> None:
    rule = "--probability 0.50000000000 -j KUBE-SEP-AAOCRVJBUI2XUHEI"
    assert names(rule) == [("endpoint with a probability", "AAOCRVJBUI2XUHEI")]
    assert names(f"-A KUBE-SVC-2CMXP7HKUVJN7L6M -m statistic --mode random {rule}") == [("endpoint chain", "AAOCRVJBUI2XUHEI")]


def test_counts_are_exact_but_not_of_mounts() -> None:
    assert shapes("143", "cat /proc/1/mounts | wc -l") == ["143"]
    assert shapes("143", "ls | wc -l") == []


def test_how_many_namespaces_there_are_of_a_kind_is_a_lesson() -> None:
    command = 'for kind in mnt pid; do echo "$kind: $(readlink /proc/*/ns/$kind | sort -u | wc -l)"; done'
    assert all(isinstance(leaf, Exact) for leaf in read("mnt: 3\npid: 3", command))
    assert names("pid: 4711", "sudo crictl inspect -o yaml web | grep pid:") == [("process", "4711")]


def test_a_header_tells_what_cells_are() -> None:
    table = (
        "        NS TYPE   NPROCS   PID USER COMMAND\n"
        "4026531837 user       25     1 root /sbin/init\n"
        "4026532281 net         2  4711 root sleep 10"
    )
    assert names(table, "lsns") == [("namespace", "4026531837"), ("namespace", "4026532281"), ("process", "4711")]
    stats = "NAME   CPU %   MEM USAGE / LIMIT   PIDS\nweb    0.01%   3.4MiB / 128MiB     3"
    assert noise(stats, "docker stats --no-stream") == ["0.01%", "3.4MiB", "3"]
    exact = [leaf.text for leaf in read(stats, "docker stats --no-stream") if isinstance(leaf, Exact)]
    assert any("128MiB" in text for text in exact)


def test_a_size_has_a_form_and_no_size_is_a_lesson() -> None:
    history = "IMAGE       CREATED BY   SIZE\n<missing>   COPY debs    22MB\n<missing>   CMD nginx    0B"
    assert shapes(history, "docker image history nginx") == ["22MB"]


def test_columns_divided_by_tabs_are_counted() -> None:
    table = "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t3\t6\t1\nmemory\t12\t101\t1"
    assert noise(table) == ["3", "6", "12", "101"]


def test_processes_of_another_namespace_are_other_names() -> None:
    for command in (
        "docker exec web cat /proc/self/status",
        "kubectl exec web -- cat /proc/self/status",
        "kubectl -n kube-system exec etcd-node -c etcd -- cat /proc/self/status",
        "kubectl run -it --rm look --image=busybox -- cat /proc/self/status",
        "sudo crictl exec {{ container }} cat /proc/self/status",
        "sudo ctr -n k8s.io task exec --exec-id look {{ container }} cat /proc/self/status",
    ):
        assert names("Pid:\t47", command) == [("process elsewhere", "47")]
    assert names("Pid:\t47", "kubectl get pods -o name; cat /proc/47/status") == [("process", "47")]
    assert names("Pid:\t47", target="container:web") == [("process elsewhere", "47")]


def test_namespaces_that_end_with_their_command_are_passing() -> None:
    (leaf,) = (leaf for leaf in read("net:[4026532281]", "unshare -n readlink /proc/self/ns/net") if isinstance(leaf, Name))
    assert leaf.passing


def test_ignored_parts_are_noise_and_ignored_lines_are_not_there() -> None:
    tree = read("took 17 turns\nprogress 5\nend", ignore=re.compile(r"^progress.*|\d+ turns"))
    assert [leaf.text for leaf in tree] == ["took ", "17 turns", "end"]


def test_every_leaf_keeps_its_place() -> None:
    line = f"  docker run {ID[:12]} on 172.17.0.2:80"
    for leaf in read(f"first\n{line}"):
        number, start, end = leaf.place
        assert ["first", line][number - 1][start:end] == leaf.text


def test_indentation_counts_in_steps() -> None:
    tree = kind_named("text").parse("a\n    b\n        c\n  12 d\ne", Context())
    assert isinstance(tree, Ordered)
    assert [line.level for line in tree.children if isinstance(line, Line)] == [0, 1, 2, 0, 0]


def test_a_drawing_is_a_tree_without_an_order() -> None:
    drawing = "/docker:\n├─aaaa\n│ ├─4711 nginx: master\n│ └─4712 nginx: worker\n└─bbbb\n  └─4713 sleep"
    tree = kind_named("text").parse(drawing, Context("systemd-cgls /docker"))
    assert isinstance(tree, Ordered)
    (root,) = tree.children
    assert isinstance(root, Ordered)
    below = root.children[-1]
    assert isinstance(below, Unordered)
    assert [len(branch.children) for branch in below.children if isinstance(branch, Ordered)] == [2, 2]
    assert [leaf.text for leaf in leaves(tree)] == [
        "/docker:", "aaaa", "4711", " nginx: master", "4712", " nginx: worker", "bbbb", "4713", " sleep",
    ]  # fmt: skip


def test_lists_sorted_by_numbers_that_vary_have_no_order() -> None:
    def free(command: str) -> bool:
        tree = kind_named("text").parse("b\na", Context(command))
        return isinstance(tree, Ordered) and isinstance(tree.children[0], Unordered)

    assert free("lsns -t net")
    assert free("mount | grep overlay")
    assert free("kubectl get pods -l app=web -o name | grep -v web-1")
    assert not free("kubectl get pods -o name | head; true")
    assert not free("iptables -S")
    assert not free("ls; cat file")
    assert not free("ip netns exec test ip a")


def test_paragraphs_of_such_a_list_keep_their_order() -> None:
    tree = kind_named("text").parse("one:\nb\na\n\ntwo:\nd\nc\n", Context("ls one two"))
    assert isinstance(tree, Ordered)
    assert [len(child.children) for child in tree.children if isinstance(child, Unordered)] == [3, 3]


def test_remarks_of_curl_are_not_there() -> None:
    output = "*   Trying 127.0.0.1:80...\n> GET / HTTP/1.1\n* left intact"
    assert [leaf.text for leaf in read(output, "curl -v http://localhost")] == ["> GET / HTTP/1.1"]
    assert len(read(output, "cat log")) == 3


def test_every_module_is_a_kind_and_text_takes_the_rest() -> None:
    assert "text" in kind_names()
    for name in kind_names():
        assert kind_named(name).name == name
    assert kind_of("some command that nobody knows").name == "text"
    assert kind_of("anything", "text").name == "text"
    assert issubclass(Unreadable, ValueError)
