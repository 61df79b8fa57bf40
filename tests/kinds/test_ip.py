"""ip and bridge: blocks for interfaces, whose numbers mean something in their own namespace."""

from __future__ import annotations

import pytest
from handbook.compare import compare
from handbook.recording import Recording

from tests.kinds.reading import drift, kind, names
from tests.recordings import recording

LINK = """1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
3: docker0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default
    link/ether 02:42:5c:3e:77:aa brd ff:ff:ff:ff:ff:ff
5: veth1a2b3c4@if4: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master docker0 state UP
    link/ether 6a:00:11:22:33:44 brd ff:ff:ff:ff:ff:ff link-netnsid 0
"""
INSIDE = """1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
4: eth0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default
    link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    inet 172.17.0.2/16 brd 172.17.255.255 scope global eth0
       valid_lft forever preferred_lft forever
"""


def test_lists_are_this_kind_and_changes_are_not() -> None:
    for command in (
        "ip a s",
        "ip -o a s",
        "sudo ip -n test route",
        "ip netns exec x ip neigh",
        "bridge fdb show br docker0",
        "ip -br link",
        "ip route get 8.8.8.8",
    ):
        assert kind(command) == "ip", command
    for command in ("ip link set eth0 up", "ip netns exec x ls", "ip -j addr"):
        assert kind(command) != "ip", command


def test_another_run_is_silent() -> None:
    other = LINK.replace("5: veth1a2b3c4@if4", "9: vethffee001@if8").replace("6a:00", "7c:00").replace("02:42:5c", "02:42:aa")
    assert drift("ip link", LINK, other) == []


def test_interfaces_have_no_order_and_are_told_by_name() -> None:
    lines = LINK.splitlines(keepends=True)
    assert drift("ip link", LINK, "".join([*lines[2:], *lines[:2]])) == []
    assert drift("ip link", LINK, "".join([*lines[:2], *lines[4:]])) == ["the interface docker0 is gone (it was line 3)"]


def test_a_line_for_each_address_is_told_by_interface_and_family() -> None:
    eth0 = "2: eth0    inet 192.168.49.2/24 scope global eth0\\       valid_lft forever\n"
    old = f"{eth0}3: cni0    inet 10.244.0.1/24 scope global cni0\n"
    new = f"2: docker0    inet 172.17.0.1/16 scope global docker0\n{eth0.replace('2:', '27:')}"
    assert drift("ip -o a s", old, new) == [
        "line 1 is new: the interface docker0 inet",
        "the interface cni0 inet is gone (it was line 2)",
    ]


def test_the_other_end_of_a_pair_is_the_interface_of_that_number() -> None:
    def both(link: str, inside: str) -> Recording:
        return recording(("docker exec web ip a s", inside), ("ip link", link))

    other = LINK.replace("5: veth", "9: veth").replace("@if4", "@if8"), INSIDE.replace("4: eth0@if5", "8: eth0@if9")
    assert not compare(both(LINK, INSIDE), both(*other)).means_something
    assert compare(both(LINK, INSIDE), both(other[0], other[1].replace("@if9", "@if10"))).means_something


CABLE = """7: v-node@if6: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/ether 7e:18:37:1c:08:8f brd ff:ff:ff:ff:ff:ff link-netns test
"""
CABLES_END = """6: v-test@if7: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000
    link/ether 76:be:2c:f1:a5:68 brd ff:ff:ff:ff:ff:ff link-netnsid 0
"""


@pytest.mark.parametrize("option", ["", " -o"])
def test_the_other_end_is_in_the_namespace_that_is_named_beside_or_below(option: str) -> None:
    def cable(node: str, test: str) -> Recording:
        ends = (("ip link show v-node", node), ("sudo ip -n test link show v-test", test))
        lines = [
            (command.replace("ip", f"ip{option}", 1), text.replace("\n    ", "\\    ") if option else text)
            for command, text in ends
        ]
        return recording(*lines)

    right = cable(CABLE.replace("@if6", "@if9"), CABLES_END.replace("6: v-test", "9: v-test"))
    assert not compare(cable(CABLE, CABLES_END), right).means_something
    wrong = compare(cable(CABLE, CABLES_END), cable(CABLE.replace("@if6", "@if9"), CABLES_END))
    assert [drift.change for drift in wrong.drifts] == ["relation"]


def test_other_ends_in_two_namespaces_may_have_one_number_or_two() -> None:
    two = CABLE + CABLE.replace("7: v-node", "8: v-other").replace("7e:18", "66:40").replace("netns test", "netns other")
    assert drift("ip link", two, two.replace("v-other@if6", "v-other@if3")) == []


def test_a_namespace_whose_name_varies_is_no_part_of_what_a_number_is() -> None:
    pod = CABLE.replace("netns test", "netns cni-5aaf719d-bb4d-11e8-bd46-080027e3a1c7").replace("\n    ", "\\    ")
    assert drift("ip -o link", pod, pod.replace("5aaf719d", "6bbf719d")) == []


def test_each_namespace_gives_numbers_to_the_others_that_it_knows() -> None:
    def both(outside: str, within: str = "0") -> Recording:
        inside = INSIDE.replace("netnsid 0", f"netnsid {within}")
        return recording(("ip link", LINK.replace("netnsid 0", f"netnsid {outside}")), ("docker exec web ip a s", inside))

    assert not compare(both("0"), both("1")).means_something
    assert not compare(both("0"), both("1", "2")).means_something
    namespaces = recording(("ip netns list", "web (id: 0)\n"), ("ip link", LINK))
    assert not compare(
        namespaces, recording(("ip netns list", "web (id: 3)\n"), ("ip link", LINK.replace("netnsid 0", "netnsid 3")))
    ).drifts
    assert compare(namespaces, recording(("ip netns list", "web (id: 3)\n"), ("ip link", LINK))).means_something


def test_numbers_of_another_namespace_are_other_names() -> None:
    assert names("ip -n test link", INSIDE)[0] == ("interface index in test", "4")
    assert names("ip link", LINK)[0] == ("interface index", "3")
    assert ("interface index", "5") in names("ip -n test link", INSIDE)


def test_a_brief_list_does_not_say_where_the_other_end_is() -> None:
    brief = "eth0@if3         UP             a6:06:22:fe:b7:39 <BROADCAST,MULTICAST,UP,LOWER_UP>\n"
    assert names("ip -n test -br link show eth0", brief)[0] == ("interface index of a peer of test", "3")
    assert names("ip -n test link", INSIDE)[1] == ("interface index", "5")


def test_what_went_through_is_noise() -> None:
    traffic = "    RX:  bytes packets errors\n           504       6      0\n"
    assert drift("ip -s link", traffic, traffic.replace("504       6", "328       4")) == []
    assert drift("ip -s link", traffic, traffic.replace("     0\n", "     1\n"))
    groups = (
        "    RX:  bytes packets errors dropped  missed   mcast           \n           504       6      0       0       0       0 \n"
    )
    assert drift("ip -s link", groups, groups.replace("504       6", "328       4").replace("     0 \n", "    12 \n")) == []
    assert drift("ip -s link", groups, groups.replace("6      0       0", "6      0       3"))


def test_lessons_stay() -> None:
    assert drift("ip link", LINK, LINK.replace("master docker0", "master docker1"))
    assert drift("ip link", LINK, LINK.replace("state UP mode", "state DOWN mode"))
    assert drift("docker exec web ip a", INSIDE, INSIDE.replace("/16", "/24"))


def test_an_interface_with_a_name_and_one_whose_name_varies_are_two() -> None:
    end = "\\       valid_lft forever preferred_lft forever\n"
    lo = f"1: lo    inet 127.0.0.1/8 scope host lo{end}"
    bridge = f"3: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0{end}"
    cable = f"4: veth963fcff7    inet6 fe80::208f:8cff:fe4b:8972/64 scope link proto kernel_ll {end}"
    assert drift("ip -o a s", lo + bridge, lo + cable) == [
        "the interface docker0 inet is gone (it was line 2)",
        'line 2 is new: "4: veth963fcff7 inet6 fe80::208f:8cff:fe4b:8972/64 scope link proto..."',
    ]
    assert drift("ip -o a s", bridge, cable) == [
        "the interface docker0 inet is gone (it was line 1)",
        'line 1 is new: "4: veth963fcff7 inet6 fe80::208f:8cff:fe4b:8972/64 scope link proto..."',
    ]
