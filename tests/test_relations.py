"""Relations that the book teaches: one name in several outputs of a chapter, and what happens where it is no longer one."""

from __future__ import annotations

import pytest
from handbook.compare import compare
from handbook.computed.services import endpoint_hash
from handbook.recording import RecordedStep, Recording

from tests.recordings import recording

ONE = {
    "hash": "6d897b74dc",
    "one": "4xk2p",
    "two": "bzq7d",
    "first": "10.244.0.4",
    "second": "10.244.0.5",
    "port": "31945",
    "cluster": "10.106.7.8",
    "id": "08670f3c21c088c8ce0419640c47beaa34bcb7e5e3edbcf4dd05c2e5e649880a",
    "pid": "4711",
    "uid": "5aaf719d-bb4d-11e8-bd46-080027e3a1c7",
    "index": "5",
    "inside": "4",
    "veth": "veth1a2b3c4",
    "age": "3m12s",
}
OTHER = {
    "hash": "85bdb68fcf",
    "one": "zzz2p",
    "two": "29q7d",
    "first": "10.244.0.17",
    "second": "10.244.0.9",
    "port": "30001",
    "cluster": "10.99.1.2",
    "id": "aa670f3c21c088c8ce0419640c47beaa34bcb7e5e3edbcf4dd05c2e5e6498801",
    "pid": "912",
    "uid": "6bbf719d-bb4d-11e8-bd46-080027e3a1c8",
    "index": "19",
    "inside": "18",
    "veth": "vethffee001",
    "age": "10s",
}
SVC = "KUBE-SVC-L65ENXXZWWSAPRCR"


def pods(values: dict[str, str]) -> str:
    rows = []
    for which, address in (("one", "first"), ("two", "second")):
        name = f"my-nginx-{values['hash']}-{values[which]}"
        rows.append(f"{name}   1/1     Running   0          {values['age']:5}   {values[address]:11}   node\n")
    return "NAME                        READY   STATUS    RESTARTS   AGE     IP            NODE\n" + "".join(rows)


def rules(values: dict[str, str]) -> str:
    chains = [endpoint_hash("default/my-nginx", "tcp", f"{values[address]}:80") for address in ("first", "second")]
    lines = [
        f'-A KUBE-NODEPORTS -p tcp -m comment --comment "default/my-nginx" --dport {values["port"]} -j KUBE-EXT-L65ENXXZWWSAPRCR',
        f'-A KUBE-SERVICES -d {values["cluster"]}/32 -p tcp -m comment --comment "default/my-nginx cluster IP" -j {SVC}',
        f"-A KUBE-SVC-L65ENXXZWWSAPRCR -m statistic --probability 0.50000000000 -j KUBE-SEP-{chains[0]}",
        f"-A KUBE-SVC-L65ENXXZWWSAPRCR -j KUBE-SEP-{chains[1]}",
    ]
    lines += [
        f'-A KUBE-SEP-{chain} -p tcp -m comment --comment "default/my-nginx" -j DNAT --to-destination {values[address]}:80'
        for chain, address in zip(chains, ("first", "second"), strict=True)
    ]
    return "*nat\n" + "\n".join(lines) + "\nCOMMIT\n"


def chapter(values: dict[str, str], environment: str = "here") -> Recording:
    """What one run of a chapter about a Service prints."""
    service = "NAME       TYPE       CLUSTER-IP   EXTERNAL-IP   PORT(S)        AGE\n"
    service += f"my-nginx   NodePort   {values['cluster']:10}   <none>        80:{values['port']}/TCP   {values['age']}\n"
    described = f"Name:         my-nginx-{values['hash']}-{values['one']}\nLabels:       app=my-nginx\n"
    described += f"              pod-template-hash={values['hash']}\nIP:           {values['first']}\n"
    described += f"Controlled By:  ReplicaSet/my-nginx-{values['hash']}\n"
    group = f"/kubepods/burstable/pod{values['uid']}/{values['id']}"
    inside = f"{values['inside']}: eth0@if{values['index']}: <UP> mtu 1500\n    inet {values['first']}/24 scope global eth0\n"
    outside = f"{values['index']}: {values['veth']}@if{values['inside']}: <UP> mtu 1500 master cni0\n"
    return recording(
        ("kubectl get pods -o wide", pods(values)),
        ("kubectl get service my-nginx", service),
        ("kubectl describe pod my-nginx", described),
        ("sudo iptables-save -t nat", rules(values)),
        ("sudo crictl inspect -o go-template --template '{{.info.pid}}' web", values["pid"]),
        ("sudo crictl ps", f"CONTAINER       IMAGE   STATE\n{values['id'][:13]}   nginx   Running\n"),
        ("cat /proc/{{ pid }}/cgroup", f"4:memory:{group}\n"),
        ("cat /sys/fs/cgroup/memory/kubepods/cgroup.procs", values["pid"]),
        ("kubectl get pod web -o jsonpath='{.metadata.uid}'", values["uid"]),
        ("kubectl exec web -- ip addr", inside),
        ("ip link show type veth", outside),
        environment=environment,
    )


def swapped(one: Recording, step: int, old: str, new: str) -> Recording:
    """The recording with another text in one step only."""
    steps = list(one.snippets[0].steps)
    was = steps[step]
    assert old in was.output
    steps[step] = RecordedStep(was.command, output=was.output.replace(old, new))
    return recording(*steps, environment=one.environment)


def test_another_run_with_other_names_everywhere_is_silent() -> None:
    found = compare(chapter(ONE), chapter(OTHER, "there"))
    assert [difference.sentence for drift in found.drifts for difference in drift.differences if difference.means_something] == []
    assert found.notes == ()


@pytest.mark.parametrize(
    ("step", "name", "wrong"),
    [
        (0, "first", "10.244.0.99"),  # the Pod's address is where the rules lead
        (1, "port", "32222"),  # the NodePort is the one in the rules
        (1, "cluster", "10.99.9.9"),
        (2, "hash", "77bdb68fcf"),  # the label is the ReplicaSet's hash
        (2, "first", "10.244.0.77"),
        (5, "id", "bb670f3c21c08"),  # the short id is the one in the path
        (6, "uid", "11bf719d-bb4d-11e8-bd46-080027e3a1c8"),
        (7, "pid", "913"),  # the first process of the container is in its group
        (9, "index", "21"),  # the other end of the pair
        (10, "index", "21"),
    ],
)
def test_a_name_that_is_another_one_in_one_place_is_told(step: int, name: str, wrong: str) -> None:
    right = OTHER[name][:13] if name == "id" else OTHER[name]
    found = compare(chapter(ONE), swapped(chapter(OTHER, "there"), step, right, wrong))
    assert found.means_something
    relations = [one for drift in found.drifts for one in drift.differences if one.change == "relation"]
    assert relations, [one.sentence for drift in found.drifts for one in drift.differences]


def test_a_broken_relation_names_both_places() -> None:
    (drift,) = compare(chapter(ONE), swapped(chapter(OTHER, "there"), 7, "912", "913")).drifts
    expected = "line 1: the process 913 stands in the place of 4711, which became 912 in line 1 of step 5 of snippet"
    assert drift.sentence == expected


def test_the_hash_of_a_template_is_the_same_in_every_run_of_an_environment() -> None:
    again = chapter(OTHER | {"hash": ONE["hash"]})
    assert not compare(chapter(ONE), again).means_something
    found = compare(chapter(ONE), chapter(OTHER))
    assert {difference.change for drift in found.drifts for difference in drift.differences} == {"value"}
    assert all(OTHER["hash"] in difference.sentence for drift in found.drifts for difference in drift.differences)


def test_a_restart_makes_another_hash_of_the_same_template() -> None:
    def restarted(values: dict[str, str]) -> Recording:
        steps = ("kubectl rollout restart deployment my-nginx", "restarted"), ("kubectl get pods -o wide", pods(values))
        return recording(*steps)

    assert not compare(restarted(ONE), restarted(OTHER)).means_something


def test_what_an_author_captured_is_what_the_same_pattern_captures() -> None:
    def chapter(first: str, second: str, captured: str, described: str) -> Recording:
        pods = f"NAME                        READY\nmy-nginx-6d897b74dc-{first}   1/1\nmy-nginx-6d897b74dc-{second}   1/1\n"
        step = RecordedStep("kubectl get pods", output=pods, captured=(("pod", f"my-nginx-6d897b74dc-{captured}"),))
        return recording(step, ("kubectl describe pod {{ pod }}", f"Name:  my-nginx-6d897b74dc-{described}\n"))

    one = chapter("4xk2p", "bzq7d", "4xk2p", "4xk2p")
    assert not compare(one, chapter("29q7d", "zzz2p", "29q7d", "29q7d")).means_something
    assert not compare(one, chapter("29q7d", "zzz2p", "zzz2p", "zzz2p")).means_something
    assert compare(one, chapter("29q7d", "zzz2p", "29q7d", "zzz2p")).means_something
    assert compare(one, chapter("4xk2p", "bzq7d", "4xk2p", "bzq7d")).means_something


def echoed(command: str, value: str, name: str, *others: tuple[str, str]) -> Recording:
    """A chapter that prints and captures a value that does not tell itself, and shows it elsewhere."""
    return recording(RecordedStep(command, output=f"{value}\n", captured=((name, value),)), *others)


def test_the_process_that_a_chapter_echoes_is_the_one_in_its_group() -> None:
    def container(echo: str, first: str) -> Recording:
        tree = (
            f"Control group /docker:\n└─{ONE['id']} (#2094186)\n  ├─{first} nginx: master process\n  └─439 nginx: worker process\n"
        )
        tasks = "cat /sys/fs/cgroup/cpu/docker/${CID}/tasks", f"{first}\n439\n440\n"
        return echoed("echo $PID", echo, "pid", tasks, ("systemd-cgls --no-pager /docker", tree))

    assert not compare(container("409", "409"), container("7777", "7777")).means_something
    (drift,) = compare(container("409", "409"), container("7777", "409")).drifts
    assert drift.sentence == "line 1: the process 409 stands in the place of 409, which became 7777 in line 1 of step 1 of snippet"
    assert compare(container("409", "409"), container("409", "7777")).means_something


def test_the_cache_of_a_layer_that_a_chapter_prints_is_its_directory() -> None:
    def layer(cache: str, directory: str) -> Recording:
        lower = f"/var/lib/docker/overlay2/{directory}/diff\n"
        inspected = "docker image inspect other | jq -r '.[].GraphDriver.Data.LowerDir' | tr : '\\n'", lower
        return echoed("sudo cat $LAYERDB/sha256/$CHAIN/cache-id; echo", cache, "cache", inspected)

    one, other = "lfom6r728ul6nom2wb7u22jsr", "2283zc7hcavlegij403kjjdkl"
    assert not compare(layer(one, one), layer(other, other)).means_something
    assert [drift.change for drift in compare(layer(one, one), layer(other, one)).drifts] == ["relation"]


def test_a_captured_value_that_is_several_things_elsewhere_is_none_of_them() -> None:
    def several(value: str, process: str, inode: str) -> Recording:
        return echoed("echo $N", value, "n", ("pidof nginx", process), ("ls -i", f"socket:[{inode}]"))

    assert not compare(several("409", "409", "409"), several("500", "600", "700")).means_something


def test_names_of_one_role_never_are_names_of_another() -> None:
    old = recording(("echo a", "process 4711"), ("cat b", "dpt:47110"))
    new = recording(("echo a", "process 812"), ("cat b", "dpt:47110"))
    assert not compare(old, new).means_something


@pytest.mark.parametrize("into", ["docker exec {} ", "kubectl exec {} -- "])
def test_each_container_numbers_its_own_processes(into: str) -> None:
    def chapter(first: str, second: str, running: str = "sleep 1") -> Recording:
        table = "PID   COMMAND\n    1 pause\n    {} {}\n"
        steps = (
            (f"{into.format(name)}ps -o pid,args", (pid, what))
            for name, pid, what in (("a", first, running), ("b", second, "nginx"))
        )
        return recording(*((command, table.format(*row)) for command, row in steps))

    assert not compare(chapter("7", "7"), chapter("7", "8")).means_something
    assert compare(chapter("7", "7"), chapter("7", "8", "sleep 2")).means_something


def shared(last: dict[str, int], extra: tuple[int, ...] = (), wrong: tuple[int, int] | None = None) -> Recording:
    """Three Pods whose addresses end in these numbers, and the rules that share among them, before and after there are more."""

    def rules(addresses: list[str]) -> str:
        lines = [f"-N {SVC}\n"]
        for at, address in enumerate(addresses):
            share = f" -m statistic --mode random --probability {1 / (len(addresses) - at):.11f}" if at + 1 < len(addresses) else ""
            chain = endpoint_hash("default/my-nginx", "tcp", f"{address}:80")
            lines.append(f'-A {SVC} -m comment --comment "default/my-nginx -> {address}:80"{share} -j KUBE-SEP-{chain}\n')
        return "".join(lines)

    def sorted_as_text(*numbers: int) -> list[str]:
        return sorted(f"10.244.0.{number}" for number in numbers)

    few = rules(sorted_as_text(*last.values()))
    if wrong:
        few = few.replace(f".{wrong[0]}:80", f".{wrong[1]}:80")
    cut = "".join(
        f"{line[line.index('--prob') :]}\n"
        for line in rules(sorted_as_text(*last.values(), *extra)).split("\n")
        if "--prob" in line
    )
    described = ((f"kubectl describe pod {name}", f"Name:  {name}\nIP:    10.244.0.{number}\n") for name, number in last.items())
    return recording(
        *described,
        ("sudo iptables -t nat -S {{ service }}", few),
        ("sudo iptables -t nat -S {{ service }} | grep -o -- '--probability .*'", cut),
    )


@pytest.mark.parametrize("others", [(8, 9, 10, 11, 12), (9, 10, 11, 12, 13), (10, 8, 9, 7, 99), (14, 15, 16, 17, 18)])
def test_which_rule_is_whose_is_told_by_what_is_known_of_the_pods_and_not_by_its_place(others: tuple[int, ...]) -> None:
    first, second, third, *more = others
    old = shared({"a": 4, "b": 5, "c": 6}, (7, 8))
    new = shared({"a": first, "b": second, "c": third}, tuple(more))
    assert not compare(old, new).means_something
    assert not compare(new, old).means_something


def test_a_rule_that_leads_to_somebody_else_is_told_wherever_it_stands() -> None:
    old = shared({"a": 4, "b": 5, "c": 6})
    assert compare(old, shared({"a": 8, "b": 9, "c": 10}, wrong=(9, 77))).means_something
    assert compare(old, shared({"a": 8, "b": 9, "c": 10}, wrong=(9, 8))).means_something
    assert compare(old, shared({"a": 8, "b": 9})).means_something
