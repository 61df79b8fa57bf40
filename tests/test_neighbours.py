from __future__ import annotations

from handbook.neighbours import neighbours


def test_a_version_is_the_neighbour_of_the_one_before_it() -> None:
    assert list(neighbours(["debian-13", "debian-12"])) == [("debian-12", "debian-13")]
    assert list(neighbours(["kubernetes-1.9", "kubernetes-1.34", "kubernetes-1.20"])) == [
        ("kubernetes-1.9", "kubernetes-1.20"),
        ("kubernetes-1.20", "kubernetes-1.34"),
    ]


def test_a_variant_is_the_neighbour_of_what_it_varies() -> None:
    names = ["kubernetes-1.34", "kubernetes-1.37", "kubernetes-1.37-nftables", "kubernetes-1.37-uml"]
    assert list(neighbours(names)) == [
        ("kubernetes-1.34", "kubernetes-1.37"),
        ("kubernetes-1.37", "kubernetes-1.37-nftables"),
        ("kubernetes-1.37", "kubernetes-1.37-uml"),
    ]


def test_environments_of_other_families_have_nothing_to_do_with_each_other() -> None:
    assert list(neighbours(["sandbox", "minikube", "debian-12"])) == []
