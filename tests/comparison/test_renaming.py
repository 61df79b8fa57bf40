from __future__ import annotations

from handbook.comparison.renaming import Broken, Occurrence, Renaming
from handbook.tree import Name, Place

LONG_OLD, LONG_NEW = "a1" * 32, "b2" * 32


def bind(renaming: Renaming, role: str, old: str, new: str, line: int = 1, *, passing: bool = False) -> Broken | None:
    place = Place(line, 0, 1)
    at = Occurrence("snippet", line, place)
    return renaming.bind(Name(role, old, place, passing), Name(role, new, place, passing), (at, at))


def test_a_name_may_become_another_one_as_long_as_it_stays_that() -> None:
    renaming = Renaming()
    assert bind(renaming, "process", "17", "23") is None
    assert bind(renaming, "process", "17", "23", 2) is None
    assert renaming.moved() == {"17", "23"}


def test_a_name_cannot_become_two() -> None:
    renaming = Renaming()
    bind(renaming, "process", "17", "23", 1)
    broken = bind(renaming, "process", "17", "24", 5)
    assert broken
    assert broken.binding.first[0].step == 1
    assert broken.places[0].step == 5
    assert "24 stands in the place of 17, which became 23 in line 1 of step 1 of snippet" in str(broken)


def test_two_names_cannot_become_one() -> None:
    renaming = Renaming()
    bind(renaming, "address", "172.17.0.2", "172.17.0.3")
    broken = bind(renaming, "address", "172.17.0.4", "172.17.0.3", 2)
    assert broken
    assert "172.17.0.3 is what became of 172.17.0.2" in str(broken)


def test_a_name_that_means_itself_binds_too() -> None:
    renaming = Renaming()
    assert bind(renaming, "process", "17", "17") is None
    assert bind(renaming, "process", "18", "17", 2)
    assert bind(renaming, "process", "17", "18", 3)


def test_roles_are_worlds_of_their_own() -> None:
    renaming = Renaming()
    assert bind(renaming, "process", "40000", "40001") is None
    assert bind(renaming, "port", "40000", "50000") is None


def test_an_id_is_the_same_long_and_short() -> None:
    renaming = Renaming()
    assert bind(renaming, "id", LONG_OLD[:12], LONG_NEW[:12]) is None
    assert bind(renaming, "id", LONG_OLD, LONG_NEW, 2) is None
    assert bind(renaming, "id", LONG_OLD[:12], LONG_NEW[:12], 3) is None
    assert bind(renaming, "id", LONG_OLD, LONG_NEW[:-1] + "0", 4)


def test_a_uuid_is_the_same_with_hyphens_and_underscores() -> None:
    renaming = Renaming()
    old, new = "5aaf719d-bb4d-11e8-bd46-080027e3a1c7", "6bbf719d-bb4d-11e8-bd46-080027e3a1c8"
    assert bind(renaming, "UUID", old, new) is None
    assert bind(renaming, "UUID", old.replace("-", "_"), new.replace("-", "_"), 2) is None


def test_a_contradiction_is_told_once() -> None:
    renaming = Renaming()
    bind(renaming, "process", "17", "23")
    assert bind(renaming, "process", "17", "24", 2)
    assert bind(renaming, "process", "17", "24", 3) is None
    assert bind(renaming, "process", "17", "25", 4)


def test_a_passing_name_is_forgotten_with_its_step() -> None:
    renaming = Renaming()
    renaming.begin_step()
    assert bind(renaming, "namespace", "4026532281", "4026532300", passing=True) is None
    assert bind(renaming, "namespace", "4026532281", "4026532301", passing=True)
    renaming.begin_step()
    assert bind(renaming, "namespace", "4026532281", "4026532999", passing=True) is None


def test_a_passing_name_that_is_known_is_held_to_that() -> None:
    renaming = Renaming()
    bind(renaming, "namespace", "4026531840", "4026531841")
    renaming.begin_step()
    assert bind(renaming, "namespace", "4026531840", "4026532000", 2, passing=True)


def test_asking_binds_nothing() -> None:
    renaming = Renaming()
    old, new = Name("process", "17", Place(1, 0, 2)), Name("process", "23", Place(1, 0, 2))
    assert renaming.allows(old, new)
    assert renaming.renamed(old) is None
    bind(renaming, "process", "17", "24")
    assert not renaming.allows(old, new)
    assert renaming.renamed(old) == ("process", "24")
    assert renaming.known(new) is None
