from __future__ import annotations

from handbook.comparison.alignment import Pair, align


def aligned(old: str, new: str, alike: str = "") -> list[Pair]:
    """Align two lists of letters; ``alike`` holds pairs of letters that have much in common."""
    pairs = set(alike.split())
    return list(align(list(old), list(new), lambda one, other: 0.8 if old[one] + new[other] in pairs else 0.0))


def test_equal_lists_are_paired_one_by_one() -> None:
    assert aligned("abc", "abc") == [(0, 0), (1, 1), (2, 2)]


def test_what_came_has_no_partner() -> None:
    assert aligned("ac", "abc") == [(0, 0), (None, 1), (1, 2)]


def test_what_went_has_no_partner() -> None:
    assert aligned("abc", "ac") == [(0, 0), (1, None), (2, 1)]


def test_as_many_children_in_one_place_are_versions_of_each_other() -> None:
    assert aligned("axc", "ayc") == [(0, 0), (1, 1), (2, 2)]


def test_of_unequally_many_the_alike_ones_are_paired() -> None:
    assert aligned("axc", "apyc", alike="xy") == [(0, 0), (None, 1), (1, 2), (2, 3)]
    assert aligned("axc", "apqc") == [(0, 0), (1, None), (None, 1), (None, 2), (2, 3)]


def test_a_child_that_moved_is_gone_and_new() -> None:
    assert sorted(aligned("abcd", "bcda"), key=str) == sorted([(0, None), (1, 0), (2, 1), (3, 2), (None, 3)], key=str)


def test_every_child_is_told_once() -> None:
    old, new = "abcabcxxyzabc" * 20, "abxabcxyyzzbc" * 21
    pairs = aligned(old, new, alike="cx zy")
    assert sorted(one for one, _ in pairs if one is not None) == list(range(len(old)))
    assert sorted(other for _, other in pairs if other is not None) == list(range(len(new)))


def test_long_lists_that_have_nothing_in_common_are_paired_by_position() -> None:
    pairs = list(align(range(3000), range(5000, 9000), lambda *_: 1.0))
    assert pairs[0] == (0, 0)
    assert len(pairs) == 4000
