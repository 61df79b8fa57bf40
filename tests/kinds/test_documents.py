"""JSON and YAML: objects have no order, lists have one, keys are told by their path."""

from __future__ import annotations

import pytest
from handbook.changes.explanation import Explainer
from handbook.changes.markdown import plain, reasons
from handbook.changes.report import drift_lines
from handbook.compare import compare

from tests.kinds.reading import drift, kind, names, sample_of, subjects
from tests.recordings import recording

INSPECT = """[
    {
        "Id": "08670f3c21c088c8ce0419640c47beaa34bcb7e5e3edbcf4dd05c2e5e649880a",
        "State": {"Status": "running", "Pid": 4711, "StartedAt": "2026-11-23T21:45:36.123456789Z"},
        "NetworkSettings": {
            "Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "32768"}]},
            "Networks": {"bridge": {"IPAddress": "172.17.0.2", "MacAddress": "02:42:ac:11:00:02"}}
        },
        "HostConfig": {"Memory": 134217728, "CapDrop": ["NET_RAW", "CHOWN"]}
    }
]
"""
DOCKER = "docker inspect web"
NFT = "nft -j list ruleset"
POD = """apiVersion: v1
kind: Pod
metadata:
  creationTimestamp: "2026-11-23T21:45:36Z"
  generateName: my-nginx-6d897b74dc-
  labels:
    app: my-nginx
    pod-template-hash: 6d897b74dc
  name: my-nginx-6d897b74dc-4xk2p
  resourceVersion: "512"
  uid: 5aaf719d-bb4d-11e8-bd46-080027e3a1c7
spec:
  containers:
  - image: nginx:1.26
    name: nginx
    resources:
      limits:
        memory: 128Mi
status:
  podIP: 10.244.0.4
  qosClass: Burstable
"""
YAML = "kubectl get pod my-nginx -o yaml"


@pytest.mark.parametrize(
    "command",
    [
        DOCKER,
        "docker image inspect nginx",
        "docker inspect web | jq '.[].State'",
        "jq . file",
        "kubectl get po -o json",
        "ip -j addr",
        "nft -j list ruleset",
        "etcdctl get / --prefix -w json",
        "docker inspect -f '{{json .Mounts}}' web",
        "findmnt -J",
        "sudo crictl inspect CID",
        "sudo ctr -n k8s.io containers info ID",
    ],
)
def test_json_is_this_kind(command: str) -> None:
    assert kind(command) == "json_document"


def test_what_prints_no_json_is_not() -> None:
    for command in (DOCKER + " | head -60", "docker inspect -f '{{.State.Pid}}' web", "jq -r .[].Id file", "docker info"):
        assert kind(command) != "json_document", command


def test_another_run_is_silent_whatever_the_order_of_keys() -> None:
    other = (
        INSPECT.replace("08670f3c", "11670f3c").replace("4711", "812").replace("172.17.0.2", "172.17.0.3").replace("32768", "32790")
    )
    other = other.replace('"Status": "running", "Pid": 812', '"Pid": 812, "Status": "running"').replace("21:45:36", "22:00:01")
    assert drift(DOCKER, INSPECT, other) == []


def test_keys_that_came_and_went_are_told_by_their_path() -> None:
    without = INSPECT.replace('"IPAddress": "172.17.0.2", ', "")
    assert drift(DOCKER, INSPECT, without) == ["the key [].NetworkSettings.Networks.bridge.IPAddress is gone (it was in line 7)"]
    more = INSPECT.replace('"HostConfig"', '"GraphDriver": {"Name": "overlay2"}, "HostConfig"')
    assert drift(DOCKER, INSPECT, more) == ["line 9: the key [].GraphDriver is new"]


def test_a_value_is_told_by_its_key() -> None:
    assert drift(DOCKER, INSPECT, INSPECT.replace("134217728", "67108864")) == ['line 9: "67108864" where "134217728" was']
    assert subjects(DOCKER, INSPECT, INSPECT.replace("134217728", "67108864")) == {"key [].HostConfig.Memory"}


def test_lists_have_an_order_and_types_count() -> None:
    assert drift(DOCKER, INSPECT, INSPECT.replace('"NET_RAW", "CHOWN"', '"CHOWN", "NET_RAW"'))
    assert drift(DOCKER, INSPECT, INSPECT.replace("134217728", '"134217728"'))


def test_a_key_that_is_there_twice_is_drift() -> None:
    assert drift(DOCKER, INSPECT, INSPECT.replace('"Memory": 134217728', '"Memory": 134217728, "Memory": 134217728'))


def test_what_is_printed_of_each_object_of_a_list_has_no_order() -> None:
    lines = '["web-a","10.244.0.4",true]\n["web-b","10.244.0.5",false]\n'
    command = "kubectl get endpointslice x -o json | jq -c '.endpoints | sort_by(.targetRef.name)[] | [.targetRef.name]'"
    assert drift(command, lines, "".join(reversed(lines.splitlines(keepends=True)))) == []
    assert drift(command, lines, lines.replace("false", "true"))


def test_json_of_several_lines_is_several_documents() -> None:
    lines = '{"key":"/a","mod_revision":3}\n{"key":"/b","mod_revision":4}\n'
    assert drift("jq -c . file", lines, lines.replace("4}", "5}")) == ['line 2: "5" where "4" was']
    assert drift("jq -c . file", lines, lines.splitlines()[0])


def test_objects_that_are_sorted_by_names_have_no_order() -> None:
    old, new = '["web-9tzlk",true]\n["web-fzv6j",false]\n', '["web-2q8xk",false]\n["web-hk4gc",true]\n'
    slices = "kubectl get endpointslice web -o json | jq -c '.endpoints{}[] | [.targetRef.name]'"
    assert drift(slices.format(" | sort_by(.targetRef.name)"), old, new) == []
    assert drift(slices.format(""), old, new) == []


def test_what_is_no_json_falls_back_to_text_and_says_so() -> None:
    found = compare(recording((DOCKER, INSPECT)), recording((DOCKER, "Error: something")))
    assert found.means_something
    note = "compared as text: it cannot be read as json_document (line 1: Expecting value)"
    assert found.notes == (f"step 1 of snippet is {note}",)
    (drifted,) = found.drifts
    assert drifted.note == note
    assert note in drift_lines(drifted)
    assert next(reasons(drifted, Explainer())) == f"- {plain(note.replace('compared', 'Compared'))}."


def test_an_empty_object_is_empty_on_however_many_lines() -> None:
    assert drift("curl -s http://x", '{\n  "metadata": {\n  },\n  "items": [ ]\n}', '{\n  "metadata": {},\n  "items": []\n}') == []
    assert drift("curl -s http://x", '{"metadata": {}}', '{"metadata": []}')
    assert drift("curl -s http://x", '{"metadata": {}}', '{"metadata": {"a": 1}}')


def test_json_of_a_program_that_nobody_knows_is_read_as_that() -> None:
    assert kind("api /version") == "text"
    assert drift("api /version", '{"a": 1, "b": {}}', '{\n  "b": {\n  },\n  "a": 1\n}\n') == []
    assert drift("api /version", '{"a": 1}', '{"a": 2}') == ['line 1: "2" where "1" was']
    assert drift("api /version", "[emerg] no", "[emerg] yes") == ['line 1: "yes" where "no" was']


def test_the_same_object_in_yaml() -> None:
    other = (
        POD.replace("6d897b74dc", "85bdb68fcf")
        .replace("4xk2p", "22222")
        .replace("10.244.0.4", "10.244.0.40")
        .replace('"512"', '"913"')
    )
    assert kind(YAML) == "yaml_document"
    assert drift(YAML, POD, other) == []
    assert drift(YAML, POD, POD.replace("  qosClass: Burstable\n", "")) == ["the key .status.qosClass is gone (it was line 21)"]


def test_quantities_are_compared_by_what_they_say() -> None:
    assert drift(YAML, POD, POD.replace("128Mi", "131072Ki")) == []
    assert drift(YAML, POD, POD.replace("128Mi", "128M"))


def test_the_hash_of_a_label_is_the_one_in_the_name() -> None:
    broken = POD.replace("pod-template-hash: 6d897b74dc", "pod-template-hash: 85bdb68fcf")
    assert "template hash" in drift(YAML, POD, broken)[0]


def test_identities_in_json_are_names() -> None:
    assert ("process", "4711") in names(DOCKER, INSPECT)
    assert ("resource version", "512") in names(YAML, POD)


def test_nft_in_json_has_the_order_of_rules_and_none_of_elements() -> None:
    ruleset = sample_of("json_document", NFT)
    assert drift(NFT, ruleset, ruleset.replace("[80, 443, 8080]", "[8080, 80, 443]").replace("[22, 2222]", "[2222, 22]")) == []
    assert drift(NFT, ruleset, ruleset.replace("[80, 443, 8080]", "[80, 443, 8081]"))
    assert drift(NFT, ruleset, ruleset.replace('"packets": 0, "bytes": 0', '"packets": 7, "bytes": 420')) == []
    assert drift(NFT, ruleset, ruleset.replace('"handle": 1}}, {"set"', '"handle": 2}}, {"set"')) == []
    assert drift(NFT, ruleset, ruleset.replace('"target": "dns"', '"target": "api"'))


CONFIGZ = "kubectl get --raw /api/v1/nodes/node/proxy/configz"
CONFIGURED = '{"kubeletconfig":{"syncFrequency":"1m0s","cpuCFSQuotaPeriod":"100ms","imageMinimumGCAge":"2m0s","maxPods":110}}'
PROXY = """apiVersion: v1
data:
  config.conf: |-
    conntrack:
      tcpCloseWaitTimeout: 1h0m0s
      tcpEstablishedTimeout: 24h0m0s
kind: ConfigMap
"""


@pytest.mark.parametrize(("old", "new"), [("1m0s", "10m0s"), ("100ms", "50ms"), ("2m0s", "0s")])
def test_a_duration_in_a_configuration_is_a_lesson(old: str, new: str) -> None:
    assert drift(CONFIGZ, CONFIGURED, CONFIGURED.replace(f'"{old}"', f'"{new}"')) == [f'line 1: "{new}" where "{old}" was']


def test_the_same_duration_may_be_written_in_other_units() -> None:
    same = CONFIGURED.replace('"1m0s"', '"60s"').replace("100ms", "0.1s").replace('"2m0s"', '"120s"')
    assert drift(CONFIGZ, CONFIGURED, same) == []
    command = "kubectl -n kube-system get configmap kube-proxy -o yaml"
    assert drift(command, PROXY, PROXY.replace("1h0m0s", "60m").replace("24h0m0s", "24h")) == []
    assert drift(command, PROXY, PROXY.replace("24h0m0s", "2h0m0s")) == ['line 6: "2h0m0s" where "24h0m0s" was']


def test_how_long_something_took_is_noise_in_a_document_too() -> None:
    answer = '{"leader":"8e9e05c52164694d","uptime":"1m2.5s","took":"5ms","elapsed-time":"3s","expected-duration":"100ms"}'
    later = answer.replace("1m2.5s", "3h0m1.7s").replace("5ms", "1.2s").replace('"3s"', '"1m4s"')
    assert drift("api /v2/stats/self", answer, later) == []
    assert drift("api /v2/stats/self", answer, answer.replace("100ms", "200ms")) == ['line 1: "200ms" where "100ms" was']


def test_nothing_in_a_specification_was_measured_whatever_it_is_called() -> None:
    certificate = "kind: Certificate\nspec:\n  duration: 2160h\nstatus:\n  duration: 12s\n"
    command = "kubectl get certificate web -o yaml"
    assert drift(command, certificate, certificate.replace("12s", "1m7s")) == []
    assert drift(command, certificate, certificate.replace("2160h", "90d")) == []
    assert drift(command, certificate, certificate.replace("2160h", "24h")) == ['line 3: "24h" where "2160h" was']


def test_a_date_and_never_are_two_things() -> None:
    state = '[{"State": {"StartedAt": "2026-11-23T22:37:59.977632574Z", "FinishedAt": "0001-01-01T00:00:00Z"}}]'
    ended = state.replace("0001-01-01T00:00:00Z", "2026-11-23T22:38:59.977632574Z")
    assert drift(DOCKER, state, state.replace("22:37", "23:01")) == drift(DOCKER, ended, ended.replace("22:38", "22:39")) == []
    assert drift(DOCKER, state, ended) == ['line 1: "2026-11-23T22:38:59.977632574Z" where "0001-01-01T00:00:00Z" was']
    assert subjects(DOCKER, ended, state) == {"key [].State.FinishedAt"}
    printed = "docker inspect -f '{{.State.FinishedAt}}' web"
    assert drift(printed, "0001-01-01 00:00:00 +0000 UTC", "2026-11-23 22:38:59.977632574 +0000 UTC")
