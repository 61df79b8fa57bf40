"""Files of resources/environments/: every mistake of one is told at once, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook.environment import load_environment
from handbook.errors import InputError


def mistakes(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(InputError) as caught:
        load_environment(path)
    return [(mistake.line, mistake.found) for mistake in caught.value.mistakes]


def test_every_mistake_of_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "moon.yml"
    path.write_text("provider: [here]\ncolour: red\nparameters: 3\nfacts: [cgroup]\ntarget: kitchen\norder: first\npatience: 0\n")
    assert mistakes(path) == [
        (1, "provider ['here']"),
        (2, "key 'colour'"),
        (3, "parameters 3"),
        (4, "facts ['cgroup']"),
        (5, "target 'kitchen'"),
        (6, "order 'first'"),
        (7, "patience 0"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "found"),
    [
        (b"", 1, "no keys and values"),
        (b"- here\n", 1, "no keys and values"),
        (b"description: x\n", 1, "no key 'provider'"),
        (b"provider: here\nfacts: {\n", 3, "broken YAML"),
        (b"provider: here\ndescription: 2026-13-01\n", 1, "broken YAML"),
        (b"provider: here\ndescription: \xff\n", 2, "bytes that are not UTF-8"),
        (b"1: 2\nprovider: here\n", 1, "key 1"),
    ],
)
def test_what_is_no_environment_file_is_told(content: bytes, line: int, found: str, tmp_path: Path) -> None:
    path = tmp_path / "moon.yml"
    path.write_bytes(content)
    assert mistakes(path) == [(line, found)]


def test_a_folder_with_the_name_of_one_is_told(tmp_path: Path) -> None:
    assert mistakes(tmp_path) == [(1, "a file that cannot be read: Is a directory")]


def test_facts_are_the_text_that_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "moon.yml"
    path.write_text("provider: here\nfacts:\n  kubernetes: 1.20\n  cgroup: 1\n  docker: yes\n")
    assert load_environment(path).facts == {"kubernetes": "1.20", "cgroup": "1", "docker": "yes"}
