"""kubectl describe: fields in order, labels without one, events by their reasons."""

from __future__ import annotations

from itertools import permutations

from handbook.compare import compare

from tests.kinds.reading import drift, kind, subjects
from tests.recordings import recording

POD = """Name:             my-nginx-6d897b74dc-4xk2p
Namespace:        default
Node:             node/192.168.49.2
Start Time:       Mon, 23 Nov 2026 21:45:36 +0000
Labels:           app=my-nginx
                  pod-template-hash=6d897b74dc
Status:           Running
IP:               10.244.0.4
Controlled By:  ReplicaSet/my-nginx-6d897b74dc
Containers:
  nginx:
    Container ID:   containerd://08670f3c21c088c8ce0419640c47beaa34bcb7e5e3edbcf4dd05c2e5e649880a
    Image:          nginx:1.26
    Limits:
      cpu:     200m
      memory:  128Mi
Conditions:
  Type              Status
  Initialized       True
  Ready             True
Volumes:
  kube-api-access-ftwl2:
    Type:                    Projected
QoS Class:       Burstable
Events:
  Type    Reason     Age   From               Message
  ----    ------     ----  ----               -------
  Normal  Scheduled  10s   default-scheduler  Successfully assigned default/my-nginx-6d897b74dc-4xk2p to node
  Normal  Pulled     9s    kubelet            Container image "nginx:1.26" already present on machine
  Normal  Started    9s    kubelet            Started container nginx
"""
COMMAND = "kubectl describe pod my-nginx"


def test_an_event_that_became_a_warning_is_told() -> None:
    assert drift(COMMAND, POD, POD.replace("Normal  Pulled ", "Warning  Pulled")) == ['line 29: "Warning" where "Normal" was']


def test_events_of_one_reason_and_two_types_are_two() -> None:
    scheduled = "  Normal   Scheduled  20s               default-scheduler  Successfully assigned default/web to node\n"
    pulling = '  Normal   BackOff    5s (x2 over 18s)  kubelet            Back-off pulling image "nginx:0.0"\n'
    starting = "  Warning  BackOff    4s (x3 over 9s)   kubelet            Back-off restarting failed container again in pod web\n"
    head = "Name:  web\nEvents:\n  Type     Reason     Age               From               Message\n"
    old = head + scheduled + pulling + starting
    for lines in permutations((scheduled, pulling, starting)):
        assert drift(COMMAND, old, head + "".join(lines)) == []
    assert drift(COMMAND, old, head + scheduled + starting) == ["the event BackOff is gone (it was line 5)"]
    assert drift(COMMAND, old, head + pulling + scheduled) == ["the event BackOff is gone (it was line 6)"]
    assert drift(COMMAND, head + starting + scheduled, old) == ["line 5 is new: the event BackOff"]
    assert drift(COMMAND, head + pulling, head + starting) == ['line 4: "Warning" where "Normal" was']


def test_another_run_is_silent() -> None:
    other = (
        POD.replace("6d897b74dc", "85bdb68fcf")
        .replace("4xk2p", "22222")
        .replace("ftwl2", "bbbb7")
        .replace("10.244.0.4", "10.244.0.40")
        .replace("10s ", "3m7s")
    )
    other = (
        other.replace("21:45:36", "22:10:00")
        .replace("Started container nginx", "Container started")
        .replace("08670f3c", "aa670f3c")
    )
    assert kind(COMMAND) == "describe"
    assert kind("kubectl describe service web | grep -E '^(Name|Endpoints)'") == "describe"
    assert kind(f"{COMMAND} | tail -n 3") == "text"
    assert drift(COMMAND, POD, other) == []


def test_fields_are_told_by_their_names() -> None:
    assert drift(COMMAND, POD, POD.replace("QoS Class:       Burstable\n", "")) == ["the field QoS Class is gone (it was line 24)"]
    assert subjects(COMMAND, POD, POD.replace("nginx:1.26\n", "nginx:1.27\n")) == {"field Containers: nginx: Image"}


def test_relations_hold() -> None:
    assert drift(COMMAND, POD, POD.replace("ReplicaSet/my-nginx-6d897b74dc", "ReplicaSet/my-nginx-85bdb68fcf"))
    assert drift(COMMAND, POD, POD.replace("pod-template-hash=6d897b74dc", "pod-template-hash=85bdb68fcf"))


def test_endpoints_are_a_set() -> None:
    service = "Name:       web\nEndpoints:  10.244.0.6:80,10.244.0.5:80,10.244.0.4:80\nType:       NodePort\n"
    pods = "NAME   IP\na      {}\nb      {}\nc      {}\n"
    one, other, wrong = (
        recording(("kubectl get pods", pods.format(*addresses)), ("kubectl describe service web", service))
        for addresses in (
            ("10.244.0.4", "10.244.0.5", "10.244.0.6"),
            ("10.244.0.6", "10.244.0.4", "10.244.0.5"),
            ("10.244.0.6", "10.244.0.4", "10.244.0.9"),
        )
    )
    assert not compare(one, other).means_something
    assert compare(one, wrong).means_something


def test_events_are_told_by_their_reasons() -> None:
    lines = POD.splitlines(keepends=True)
    assert drift(COMMAND, POD, "".join([*lines[:-1], lines[-2], lines[-1]])) == []
    assert drift(COMMAND, POD, "".join(lines[:-1])) == ["the event Started is gone (it was line 30)"]
    assert drift(COMMAND, POD, "".join(lines[:24])) == ["the section Events is gone (it was line 28)"]


def test_an_event_that_comes_by_chance_is_none() -> None:
    mount = 'Warning  FailedMount  5s  kubelet  MountVolume.SetUp failed for volume "token"'
    chance = f"  {mount} : failed to sync secret cache: timed out waiting for the condition\n"
    assert drift(COMMAND, POD, POD + chance) == []
    assert drift(COMMAND, POD, f'{POD}  {mount} : secret "token" not found\n') == ["line 31 is new: the event FailedMount"]


def test_a_quantity_in_another_unit_is_the_same() -> None:
    assert drift(COMMAND, POD, POD.replace("128Mi", "134217728")) == []
    assert drift(COMMAND, POD, POD.replace("200m", "300m"))


def test_a_field_may_be_empty() -> None:
    command = "kubectl describe service go-webserver | grep -E '^(Name|Endpoints)'"
    old = "Name:                     go-webserver\nEndpoints:                <none>\n"
    assert drift(command, old, old.replace("<none>", "")) == ['"<none>" is gone (it was in line 2)']
    assert subjects(command, old, old.replace("<none>", "")) == {"field Endpoints"}


def test_a_field_of_a_volume_is_told_as_that() -> None:
    assert subjects(COMMAND, POD, POD.replace("Projected", "Secret   ")) == {"field Type of a volume"}
    assert subjects(COMMAND, POD, POD.replace("200m", "300m")) == {"field Containers: nginx: Limits: cpu"}


NODE = """Name:               node
Conditions:
  Type             Status  LastHeartbeatTime                 Reason          Message
  ----             ------  -----------------                 ------          -------
  Ready            True    Mon, 23 Nov 2026 22:41:22 +0000   KubeletReady    kubelet is posting ready status
Non-terminated Pods:          (2 in total)
  Namespace                   Name                            CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----                            ------------  ----------  ---------------  -------------  ---
  default                     web                             100m (5%)     200m (10%)  64Mi (1%)        128Mi (3%)     5h1m
  kube-system                 etcd-node                       100m (5%)     0 (0%)      100Mi (2%)       0 (0%)         5h1m
Allocated resources:
  (Total limits may be over 100 percent, i.e., overcommitted.)
  Resource           Requests    Limits
  --------           --------    ------
  cpu                200m (10%)  200m (10%)
"""


def test_how_old_the_pods_of_a_node_are_is_noise_and_what_they_ask_for_is_not() -> None:
    command = "kubectl describe node"
    assert drift(command, NODE, NODE.replace("5h1m", "3d2h").replace("22:41:22", "22:46:02")) == []
    assert drift(command, NODE, NODE.replace("5h1m\n  kube", "9s  \n  kube")) == []
    older = NODE.replace("  Age", "  AGE")
    assert drift(command, older, older.replace("5h1m", "3d2h")) == []
    assert drift(command, NODE, NODE.replace("128Mi (3%)", "256Mi (6%)")) == ['line 9: "256Mi (6%)" where "128Mi (3%)" was']
    assert drift(command, NODE, NODE.replace("KubeletReady ", "KubeletAlive "))
    rows = NODE.splitlines(keepends=True)
    assert drift(command, NODE, "".join([*rows[:8], rows[9], rows[8], *rows[10:]])) == []


def test_a_duration_that_somebody_set_is_a_lesson_in_whatever_units_and_a_measured_one_is_noise() -> None:
    pod = "Name:  web\nTermination Grace Period:  30s\n"
    assert drift(COMMAND, pod, pod.replace("30s", "5s")) == ['line 2: "5s" where "30s" was']
    job = "Name:  pi\nActive Deadline Seconds:  600s\nStart Time:  Mon, 23 Nov 2026 21:45:36 +0000\nDuration:  5s\n"
    assert drift("kubectl describe job pi", job, job.replace(" 5s", " 1m7s").replace("21:45", "22:10")) == []
    assert drift("kubectl describe job pi", job, job.replace("600s", "10m")) == []
    assert subjects("kubectl describe job pi", job, job.replace("600s", "30s")) == {"field Active Deadline Seconds"}
