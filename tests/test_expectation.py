"""Expected output: exact lines, and dots for what may vary."""

from __future__ import annotations

import time

import pytest
from handbook.expectation import mismatch


@pytest.mark.parametrize(
    ("expected", "output"),
    [
        ("a", "a\n"),
        ("a", "a"),
        ("a", "\na\n\n"),
        ("a  ", "a\n"),
        ("a", "a \t\n"),
        ("  a", "  a\n"),
        ("a\n\nb", "a\n\nb\n"),
        ("...", ""),
        ("...", "a\nb\n"),
        ("...", "...\n"),
        ("a\n...", "a\n"),
        ("a\n...", "a\nb\nc\n"),
        ("...\nc", "a\nb\nc\n"),
        ("...\nb\n...", "a\nb\nc\n"),
        ("...\nb\nc\n...\nb\nd", "a\nb\nb\nc\nb\nb\nd\n"),
        ("a ... b", "a x y b\n"),
        ("a...", "a\n"),
        ("...a", "xa\n"),
        ("a...a", "aa\n"),
        ("pid ... of ...", "pid 17 of web\n"),
        ("a.*", "a.*\n"),
        ("größer → ...", "größer → 漢\n"),
        ("\\xff", "\\xff\n"),
        ("  ...\nb", "a\nb\n"),
    ],
)
def test_an_output_is_the_expected_one(expected: str, output: str) -> None:
    assert mismatch(expected.split("\n"), output) is None


@pytest.mark.parametrize(
    ("expected", "output", "said"),
    [
        ("a", "b\n", "line 1 of the output is 'b', expected 'a'"),
        ("a", "", "line 1 of the output is the end of the output, expected 'a'"),
        ("a", "a\nb\n", "line 2 of the output is 'b', expected the end of the output"),
        ("a\nb", "a\n", "line 2 of the output is the end of the output, expected 'b'"),
        ("a", " a\n", "line 1 of the output is ' a', expected 'a'"),
        ("a\nb", "a\n\nb\n", "line 2 of the output is '', expected 'b'"),
        ("a...a", "a\n", "line 1 of the output is 'a', expected 'a...a'"),
        ("a...b...c", "a c b\n", "line 1 of the output is 'a c b', expected 'a...b...c'"),
        ("a.", "ab\n", "line 1 of the output is 'ab', expected 'a.'"),
        ("...\nb\nc", "a\nb\nx\ny\n", "line 3 of the output is 'x', expected 'c'"),
        ("...\nend", "a\nb\n", "line 3 of the output is the end of the output, expected 'end'"),
        ("...\nb", "a\nb\nc\n", "line 3 of the output is 'c', expected the end of the output"),
    ],
)
def test_the_first_difference_is_told_with_both_sides(expected: str, output: str, said: str) -> None:
    assert str(mismatch(expected.split("\n"), output)) == said


def test_a_difference_shows_some_lines_of_both_sides() -> None:
    output = "".join(f"{number}\n" for number in range(10_000))
    found = mismatch([str(number) for number in range(10_000) if number != 5000], output)
    assert str(found) == "line 5001 of the output is '5000', expected '5001'"
    assert found
    assert found.excerpt() == (*(f"- {number}" for number in range(5001, 5007)), *(f"+ {number}" for number in range(5000, 5006)))


def test_long_lines_are_cut() -> None:
    found = mismatch(["x" * 10_000], "y" * 10_000)
    assert len(str(found)) < 500
    assert found
    assert max(map(len, found.excerpt())) < 200


def test_blank_lines_above_an_output_count_as_its_lines() -> None:
    assert str(mismatch(["a"], "\n\nb\n")) == "line 3 of the output is 'b', expected 'a'"


def test_many_dots_and_lines_cost_little() -> None:
    start = time.process_time()
    assert mismatch(["...".join("ab" * 20)], "ab" * 5000 + "x\n")
    assert mismatch(["...", "y"], "x\n" * 40_000)
    assert mismatch(["x"] * 40_000, "x\n" * 40_000) is None
    assert time.process_time() - start < 2
