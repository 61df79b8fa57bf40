"""What answers say: ping, curl, streams, repeated requests, templates, keys, certificates."""

from __future__ import annotations

from tests.kinds.reading import drift, kind, names, noise

PING = """PING 8.8.8.8 (8.8.8.8) 56(84) bytes of data.
64 bytes from 8.8.8.8: icmp_seq=1 ttl=63 time=0.095 ms

--- 8.8.8.8 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time 0ms
rtt min/avg/max/mdev = 0.095/0.095/0.095/0.000 ms
"""
CURL = """*   Trying 10.96.0.1:443...
> GET / HTTP/1.1
> Host: 10.96.0.1
> User-Agent: curl/8.14.1
>
< HTTP/1.1 403 Forbidden
< Audit-Id: 5aaf719d-bb4d-11e8-bd46-080027e3a1c7
< Content-Type: application/json
< Date: Mon, 23 Nov 2026 22:41:22 GMT
<
{
  "kind": "Status",
  "metadata": {},
  "code": 403
}
* Connection #0 left intact
"""
ROLLOUT = """Waiting for deployment "my-nginx" rollout to finish: 0 out of 3 new replicas have been updated...
Waiting for deployment "my-nginx" rollout to finish: 1 old replicas are pending termination...
deployment "my-nginx" successfully rolled out
"""
EVENTS = """LAST SEEN   TYPE      REASON      OBJECT                          MESSAGE
5m          Normal    Pulled      pod/my-nginx-6d897b74dc-4xk2p   Container image "nginx" already present on machine
5m          Normal    Started     pod/my-nginx-6d897b74dc-4xk2p   Started container nginx
"""
SHARES = "     22 my-nginx-6d897b74dc-4xk2p\n     17 my-nginx-6d897b74dc-bzq7d\n     21 my-nginx-6d897b74dc-vvv7d\n"
LOOP = "for i in $(seq 60); do curl -s http://10.96.0.1/hostname; echo; done | sort | uniq -c"


def test_each_is_its_kind() -> None:
    assert kind("sudo ip netns exec test ping -c 1 8.8.8.8") == kind("docker run --rm busybox ping -c 2 8.8.8.8") == "ping"
    assert kind("curl -sv http://localhost") == kind("curl -s http://localhost | grep title") == "http"
    assert kind("kubectl exec pair -c shell -- wget -qO- http://127.0.0.1") == kind("wget -q -O - http://x") == "http"
    assert kind("wget http://x") == "text"
    assert kind("curl -s -o /dev/null -w '%{http_code}' http://localhost") == "text"
    assert (
        kind("kubectl rollout status deployment my-nginx --watch")
        == kind("kubectl get events")
        == kind("kubectl get po -w")
        == "stream"
    )
    assert kind(LOOP) == "repeated"
    assert kind("find . -type f | sort | uniq -c") == "text"
    assert (
        kind("kubectl get po -o jsonpath='{.items[*].spec.containers[*].image}'")
        == kind("docker inspect -f '{{.Id}}' web")
        == "template"
    )
    assert kind("etcdctl get / --prefix --keys-only") == kind("docker exec etcd etcdctl ls -r /") == "etcd_keys"
    assert kind("openssl x509 -in /etc/kubernetes/pki/ca.crt -noout -text") == "certificate"


def test_replies_count_and_times_do_not() -> None:
    assert (
        drift("ping 8.8.8.8", PING, PING.replace("0.095", "0.2").replace("ttl=63", "ttl=61").replace("time 0ms", "time 7ms")) == []
    )
    assert drift("ping 8.8.8.8", PING, PING.replace("1 received, 0%", "0 received, 100%"))
    assert drift("ping x", "ping: permission denied (are you root?)", "ping: sendto: Network is unreachable")


def test_headers_have_no_order_and_remarks_are_not_there() -> None:
    other = (
        CURL.replace("*   Trying 10.96.0.1:443...\n", "* Host 10.96.0.1\n* Trying\n")
        .replace("5aaf719d", "6bbf719d")
        .replace("8.14.1", "7.88.1")
    )
    other = other.replace('{\n  "kind"', '{ "kind"').replace("22:41:22", "23:00:00")
    other = other.replace("< Content-Type: application/json\n", "").replace(
        "< Audit-Id", "< content-type: application/json\n< Audit-Id"
    )
    assert drift("curl -svk https://10.96.0.1", CURL, other) == []
    assert drift("curl -svk https://10.96.0.1", CURL, CURL.replace("403 Forbidden", "200 OK"))
    gone = ["the response header content-type is gone (it was line 8)"]
    assert drift("curl -svk https://10.96.0.1", CURL, CURL.replace("< Content-Type: application/json\n", "")) == gone


def test_a_body_is_json_where_it_is_that() -> None:
    assert drift("curl -s http://x/version", '{"etcdserver":"3.5.16"}', '{ "etcdserver": "3.5.16" }') == []
    added = ["line 1: the key .storage is new"]
    assert drift("curl -s http://x/version", '{"etcdserver":"3.6.0"}', '{"etcdserver":"3.6.0","storage":"3.6.0"}') == added
    assert drift("curl -s http://x", "<title>Welcome</title>", "<title>Hello</title>")


def test_of_a_rollout_the_end_counts() -> None:
    assert drift("kubectl rollout status deployment my-nginx", ROLLOUT, ROLLOUT.splitlines()[-1]) == []
    assert drift("kubectl rollout status deployment my-nginx", ROLLOUT, "".join(ROLLOUT.splitlines(keepends=True)[:2]))
    assert drift("kubectl rollout status deployment my-nginx", ROLLOUT, ROLLOUT.replace("0 out of 3", "2 out of 3")) == []
    assert drift("kubectl rollout status deployment my-nginx", ROLLOUT, ROLLOUT.replace("have been updated", "are up to date"))


def test_of_a_watch_the_last_line_of_each_object_counts() -> None:
    old = "NAME   STATUS\nweb    Pending\ndb     Pending\nweb    Running\ndb     Running\n"
    new = "NAME   STATUS\ndb     Pending\nweb    ContainerCreating\ndb     Running\nweb    Running\n"
    assert drift("kubectl get pods -w", old, new) == []
    assert drift("kubectl get pods -w", old, new + "web    Error\n")


def test_of_events_the_reasons_count() -> None:
    header, *rows = EVENTS.splitlines(keepends=True)
    other = header + "".join([*reversed(rows), rows[0].replace("5m ", "61s")]).replace("4xk2p", "bbbb2").replace(
        "Started container", "Container"
    )
    assert drift("kubectl get events", EVENTS, other) == []
    mount = "5s   Warning   FailedMount   pod/web   MountVolume.SetUp failed: "
    assert drift("kubectl get events", EVENTS, f"{EVENTS}{mount}failed to sync configmap cache: timed out\n") == []
    assert drift("kubectl get events", EVENTS, f"{EVENTS}{mount}not found\n")
    assert drift("kubectl get events", EVENTS, header + rows[0]) == ["the event Started of a pod is gone (it was line 3)"]


def test_events_of_one_reason_and_two_types_are_two() -> None:
    head = "LAST SEEN   TYPE      REASON    OBJECT    MESSAGE\n"
    pulling = '18s         Normal    BackOff   pod/web   Back-off pulling image "nginx:0.0"\n'
    starting = "4s          Warning   BackOff   pod/web   Back-off restarting failed container again in pod web\n"
    assert drift("kubectl get events", head + pulling + starting, head + starting + pulling) == []
    assert drift("kubectl get events", head + pulling + starting, head + starting) == [
        "the event BackOff of a pod is gone (it was line 2)"
    ]
    assert drift("kubectl get events", head + pulling, head + starting) == ['line 2: "Warning" where "Normal" was']


def test_shares_of_repeated_requests_are_bounded_and_everybody_answers() -> None:
    other = SHARES.replace("22 my-nginx-6d897b74dc-4xk2p", "15 my-nginx-6d897b74dc-99k2p").replace("17 my", "24 my")
    assert drift(LOOP, SHARES, other) == []
    assert drift(LOOP, SHARES, SHARES.replace("22 ", "58 ").replace("17 ", " 1 ").replace("21 ", " 1 "))
    assert drift(LOOP, SHARES, "".join(SHARES.splitlines(keepends=True)[:2]))
    assert drift(LOOP, SHARES, SHARES.replace("22 ", "19 "))  # three requests got no answer


def test_what_is_printed_for_each_object_has_no_order() -> None:
    command = "kubectl get po -o jsonpath='{.items[*].spec.containers[*].image}'"
    assert drift(command, "nginx:1.26 busybox:1.37", "busybox:1.37 nginx:1.26") == []
    assert drift("docker inspect -f '{{.A}} {{.B}}' web", "a b", "b a")


def test_keys_have_no_order_and_hold_names() -> None:
    old = "/registry/minions/node\n\n/registry/pods/default/my-nginx-6d897b74dc-4xk2p\n"
    new = "/registry/pods/default/my-nginx-6d897b74dc-22k2p\n\n/registry/minions/node\n"
    assert drift("etcdctl get / --prefix --keys-only", old, new) == []
    assert drift("etcdctl get / --prefix --keys-only", old, old + "/registry/pods/default/other\n")


def test_keys_that_were_cut_and_folded_are_a_set_of_words() -> None:
    command = "etcdctl get / --prefix --keys-only | grep . | cut -d / -f 3 | sort -u | paste -s -d ' ' | fold -s -w 20"
    assert kind(command) == "etcd_keys"
    assert drift(command, "clusterroles \nconfigmaps pods", "clusterroles configmaps \npods") == []
    assert drift(command, "clusterroles \nconfigmaps pods", "clustertrustbundles \nclusterroles \nconfigmaps pods") == [
        "line 1 is new: the key clustertrustbundles"
    ]


def test_of_a_certificate_the_subject_counts() -> None:
    old = (
        "        Serial Number: 1234567890\n        Not Before: Nov 23 21:45:36 2026 GMT\n"
        "        Subject: CN = kubernetes\n                    a1:b2:c3:d4:e5:f6:\n"
    )
    new = old.replace("1234567890", "99").replace("a1:b2:c3:d4:e5:f6:", "00:11:22:33:44:55:").replace("2026", "2027")
    assert drift("openssl x509 -text -in ca.crt", old, new) == []
    assert drift("openssl x509 -text -in ca.crt", old, old.replace("kubernetes", "minikube"))
    assert names("ping x", PING)[0][0] == "address"
    assert "0.095 ms" in noise("ping x", PING)


KEY = """        Subject: CN = web
        Subject Public Key Info:
            Public Key Algorithm: rsaEncryption
                Public-Key: (2048 bit)
                Modulus:
                    {}:1d:2e:3f:40:51:62:73:84:95:a6:b7:c8:d9:ea:
                    {}
                Exponent: 65537 (0x10001)
"""


def test_the_last_line_of_a_key_is_as_new_as_the_others_however_short() -> None:
    command, old = "openssl x509 -noout -text -in web.crt", KEY.format("00", "11:22")
    for last in ("99:88", "7f:f1:03"):
        assert drift(command, old, KEY.format("0c", last)) == []
    assert drift(command, KEY.format("00", "11"), KEY.format("00", "ab")) == []
    assert drift(command, old, old.replace("2048", "4096")) == ['line 4: "4096" where "2048" was']
    assert drift(command, old, old.replace("65537 (0x10001)", "3 (0x3)"))
