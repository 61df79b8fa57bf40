from __future__ import annotations

import pytest
from handbook.comparison.plain_lines import NameFinder, same_lines
from handbook.recording import RecordedStep

ID = "08670f3c21c088c8ce0419640c47beaa34bcb7e5e3edbcf4dd05c2e5e649880a"


def test_lines_that_two_outputs_have_in_common_are_plain() -> None:
    assert same_lines(RecordedStep("x", output="a\nb\nc"), RecordedStep("x", output="a\nx\nc")) == {1, 3}


def test_outputs_of_other_lengths_have_no_plain_lines() -> None:
    assert not same_lines(RecordedStep("x", output="a\nb"), RecordedStep("x", output="a\nb\nc"))


def test_lines_on_another_channel_are_not_plain() -> None:
    assert not same_lines(RecordedStep("x", output="a"), RecordedStep("x", output="a", stderr=(1,)))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("4711", "the process 4711 runs"),
        ("172.17.0.2", "inet 172.17.0.2/16"),
        (ID[:12], f"docker-{ID}.scope"),
        ("6", "eth0@if6: <UP>"),
        ("5aaf719d-bb4d-11e8-bd46-080027e3a1c7", "kubepods-pod5aaf719d_bb4d_11e8_bd46_080027e3a1c7.slice"),
        ("fe80::42:acff:fe11:2", "inet6 fe80::42:acff:fe11:2/64"),
    ],
)
def test_a_name_is_found_in_every_spelling(name: str, line: str) -> None:
    finder = NameFinder(frozenset({name, "another"}))
    assert finder.lines(f"first\n{line}\nlast", frozenset({1, 2, 3})) == {2}


def test_only_the_lines_in_question_are_looked_at() -> None:
    assert not NameFinder(frozenset({"4711"})).lines("4711\nfree", frozenset({2}))
    assert not NameFinder(frozenset()).lines("4711", frozenset({1}))
