from __future__ import annotations

from collections.abc import Iterable

from handbook.changes.neighbours import neighbours
from handbook.fingerprint import Fingerprint


def pairs(names: Iterable[str], **facts: dict[str, str]) -> list[tuple[str, str]]:
    return list(neighbours({name: Fingerprint(facts.get(name.partition("-")[0], {})) for name in names}))


def test_a_version_is_the_neighbour_of_the_one_before_it() -> None:
    assert pairs(["debian-13", "debian-12"]) == [("debian-12", "debian-13")]
    assert pairs(["kubernetes-1.9", "kubernetes-1.34", "kubernetes-1.20"]) == [
        ("kubernetes-1.9", "kubernetes-1.20"),
        ("kubernetes-1.20", "kubernetes-1.34"),
    ]


def test_a_variant_is_the_neighbour_of_what_it_varies() -> None:
    names = ["kubernetes-1.34", "kubernetes-1.37", "kubernetes-1.37-nftables", "kubernetes-1.37-uml"]
    assert pairs(names) == [
        ("kubernetes-1.34", "kubernetes-1.37"),
        ("kubernetes-1.37", "kubernetes-1.37-nftables"),
        ("kubernetes-1.37", "kubernetes-1.37-uml"),
    ]


def test_environments_of_other_families_have_nothing_to_do_with_each_other() -> None:
    assert pairs(["kubernetes-1.34", "kubernetes-1.37", "debian-12", "debian-13"]) == [
        ("debian-12", "debian-13"),
        ("kubernetes-1.34", "kubernetes-1.37"),
    ]
    assert pairs(["sandbox", "minikube", "debian-12"]) == []


def test_one_without_other_versions_is_the_neighbour_of_what_it_is_most_like() -> None:
    names = ["debian-12", "debian-13", "kubernetes-1.37", "kubernetes-1.34", "minikube"]
    facts = {"debian": {"cgroup": "1"}, "kubernetes": {"cgroup": "1", "proxy": "iptables"}}
    assert pairs(names, **facts, minikube={"proxy": "iptables"})[-1] == ("kubernetes-1.34", "minikube")
    assert pairs(names, **facts, minikube={"cgroup": "1"})[-1] == ("debian-12", "minikube")
