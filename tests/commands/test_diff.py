"""``handbook diff``: the drift between two recorded environments."""

from __future__ import annotations

import json

import pytest

from tests import books
from tests.commands.desk import Desk

OLD = {"kernel": "6.1", "docker": "20.10.24"}
NEW = {"kernel": "6.1", "docker": "26.1.5"}


@pytest.fixture
def two(desk: Desk) -> Desk:
    """A book with two environments that differ in one step."""
    desk.page("a", "{#a}\n$ docker version\n$ date")
    desk.page("b", "{#b}\n$ true")
    books.record(desk.book, "a", "old", {"a": ["Version: one\n", "Mon Nov 23 10:00:00 UTC 2026\n"]}, OLD)
    books.record(desk.book, "a", "new", {"a": ["Version: two\n", "Tue Nov 24 11:00:00 UTC 2026\n"]}, NEW)
    books.record(desk.book, "b", "old", {"b": [""]}, OLD)
    books.record(desk.book, "b", "new", {"b": [""]}, NEW)
    return desk


def test_what_means_something_is_told_and_what_explains_it(two: Desk) -> None:
    told = two.run("diff", "old", "new")
    assert told.exit_code == 1
    for words in ("docker", "20.10.24", "26.1.5", "docker version", "one", "two"):
        assert words in told.stdout
    assert "Mon Nov" not in told.stdout


def test_chapters_are_told_in_the_order_of_the_book(two: Desk) -> None:
    books.record(two.book, "b", "new", {"b": ["b\n"]}, NEW)
    (two.root / "mkdocs.yml").write_text("nav: [b.md, a.md]\n")
    told = two.run("diff", "old", "new").stdout
    assert told.index("b: old -> new") < told.index("a: old -> new")


def test_environments_that_agree_agree(two: Desk) -> None:
    assert two.run("diff", "old", "new", "b").exit_code == 0
    assert two.run("diff", "old", "old").exit_code == 0


def test_programs_get_one_document(two: Desk) -> None:
    told = two.run("diff", "old", "new", "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)


def test_folders_of_recordings_are_compared_too(two: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = two.root / "snippets"
    before = two.run("diff", "old", "new").stdout
    assert two.run("diff", f"{folder}/old/", "new").stdout == before
    (two.root / "copy").mkdir()
    (folder / "old").rename(two.root / "copy" / "kubernetes-1.20")
    (folder / "old.yml").rename(two.root / "copy" / "kubernetes-1.20.yml")
    assert two.run("diff", "copy/kubernetes-1.20", "new").exit_code == 1
    monkeypatch.chdir(two.root / "copy" / "kubernetes-1.20")
    assert two.run("diff", ".", "new").exit_code == 1


def test_a_folder_that_only_has_the_name_of_an_environment_changes_nothing(two: Desk) -> None:
    (two.root / "old").mkdir()
    assert two.run("diff", "old", "new", "b").exit_code == 0


def test_local_recordings_are_found_by_name(two: Desk) -> None:
    books.record(two.book, "a", "mine", {"a": ["Version: two\n", "Mon Nov 23 10:00:00 UTC 2026\n"]}, NEW, local=True)
    assert two.run("diff", "mine", "new").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("old", "moon"), "nothing is recorded in 'moon'; recorded are: new, old; or a folder"),
        (("old", "docs"), "nothing is recorded in 'docs'"),
        (("old", "new", "moon"), "no chapter 'moon'"),
        (("old",), "Missing argument 'NEW'"),
    ],
)
def test_bad_input_is_told(two: Desk, words: tuple[str, ...], said: str) -> None:
    told = two.run("diff", *words)
    assert told.exit_code == 2
    assert said in told.stderr


def test_a_chapter_that_only_one_side_has_is_not_called_agreed(two: Desk) -> None:
    (two.root / "snippets" / "new" / "b.yml").unlink()
    told = two.run("diff", "old", "new", "b")
    assert told.exit_code == 2
    assert told.stderr == "no chapter is recorded in both old and new\n"


def test_a_chapter_that_only_one_side_has_is_told_in_every_form(two: Desk) -> None:
    (two.root / "snippets" / "new" / "b.yml").unlink()
    assert "\nonly in old: chapter b\n" in two.run("diff", "old", "new").stdout
    assert "\nonly in old: chapter b\n" in two.run("diff", "new", "old").stdout
    assert two.run("diff", "old", "new", "--markdown").stdout.endswith("\n\nOnly in old: chapter b.\n")
    told = json.loads(two.run("diff", "old", "new", "--json").stdout)
    assert told["only_in"] == [{"environment": "old", "chapters": ["b"]}]
    assert "only in" not in two.run("diff", "old", "new", "a").stdout  # nobody asked for b


def test_a_step_that_only_one_side_has_is_told_for_people_and_for_a_pull_request(two: Desk) -> None:
    two.page("b", "{#b}\n$ true\n$ false\n#: exit=1")
    books.record(two.book, "b", "new", {"b": ["", ""]}, NEW)
    assert "\n  only in new: 1 step of b\n" in two.run("diff", "old", "new", "b").stdout
    assert "\n\n## b\n\nOnly in new: 1 step of b.\n" in two.run("diff", "old", "new", "b", "--markdown").stdout


def test_a_folder_with_the_name_of_a_recording_is_none(two: Desk) -> None:
    recording = two.root / "snippets" / "old" / "a.yml"
    recording.unlink()
    recording.mkdir()
    assert two.run("diff", "old", "new").exit_code == 0  # b, which agrees
    assert two.run("diff", "old", "new", "a").stderr == "no chapter is recorded in both old and new\n"
