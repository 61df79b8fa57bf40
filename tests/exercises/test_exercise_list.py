"""The file of an exercise list, and the steps that it names."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook.book import Book
from handbook.commands.check import check_stored
from handbook.errors import InputError
from handbook.exercises.form import find_forms
from handbook.exercises.list import Figure
from handbook.exercises.list_file import read_exercise_list

from tests.books import block, record, write_book

LIST = """\
title: A class
stacks:
  Then: [here]
sections:
  - title: Clocks
    exercises:
      - id: A1
        command: date
        then: one the second
      - {id: A2, command: time, reason: Nobody has time.}
"""
PAGE = block("# the first\n$ date -u\n# the second\n$ date\n$ hidden\n#: hidden") + block("$ old older", '{#form when="docker"}')
PAGE += block("$ old", '{#form when="not docker"}')


def write_list(root: Path, text: str = LIST) -> Path:
    path = root / "resources" / "exercises" / "class.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_is_read(tmp_path: Path) -> None:
    exercises = read_exercise_list(write_list(tmp_path))
    assert (exercises.title, exercises.introduction) == ("A class", "")
    assert [(stack.title, stack.environments) for stack in exercises.stacks] == [("Then", ("here",))]
    ((title, (first, second)),) = ((section.title, section.exercises) for section in exercises.sections)
    assert (title, first.command, first.then, first.now) == ("Clocks", "date", Figure("one", "the second"), None)
    assert (second.id, second.then, second.reason) == ("A2", None, "Nobody has time.")


@pytest.mark.parametrize(
    ("wrong", "line", "found", "expected"),
    [
        (("title: A class\n", ""), 1, "no key 'title'", "title, stacks, sections"),
        (("title: Clocks", "titel: Clocks"), 5, "the key 'titel'", "keys title, exercises"),
        (("        command: date\n", ""), 7, "no key 'command'", "keys id, command"),
        (("id: A2", "id: A1"), 10, "the id 'A1' again, which line 7 has too", "unique"),
        (("id: A2", "id: A 2"), 10, "the id 'A 2'", "letters, digits"),
        ((", reason: Nobody has time.", ""), 10, "neither a figure nor a reason", "'then' or 'now'"),
        (("time, reason", "time, now: one, reason"), 10, "a figure and a reason", "or else a 'reason'"),
        (("[here]", "here"), 3, "'here'", "a list of environments"),
        (("\n  Then: [here]", " [here]"), 2, "['here']", "a mapping of titles"),
        (("- {id: A2, command: time, reason: Nobody has time.}", "- text"), 10, "'text'", "a mapping with the keys id"),
        (("title: A class", "title: [A"), 2, "broken YAML", "an exercise list"),
        ((LIST, "text"), 1, "'text'", "a mapping with the keys title"),
        (("    exercises:", "    exercises: 3\n    no:"), 6, "'3'", "a list"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, wrong: tuple[str, str], line: int, found: str, expected: str) -> None:
    path = write_list(tmp_path, LIST.replace(*wrong))
    with pytest.raises(InputError) as error:
        read_exercise_list(path)
    assert f"{path}:{line}: found {found}" in str(error.value)
    assert expected in str(error.value)


def test_every_mistake_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = write_list(tmp_path, LIST.replace("command: date", "comand: date").replace("id: A2", "id: A1").replace("[here]", "here"))
    with pytest.raises(InputError) as error:
        read_exercise_list(path)
    assert [mistake.line for mistake in error.value.mistakes] == [3, 8, 7, 10]


@pytest.mark.parametrize(
    ("then", "commands"),
    [
        ("one the second", ["date"]),
        ("one date", ["date"]),
        ("one date -u", ["date -u"]),
        ("form", ["old older", "old"]),
        ("form old o", ["old older"]),
        ("form old", ["old"]),
    ],
)
def test_a_figure_is_a_step_in_every_variant_that_has_it(tmp_path: Path, then: str, commands: list[str]) -> None:
    book = write_book(tmp_path, {"page": PAGE})
    exercises = read_exercise_list(write_list(tmp_path, LIST.replace("one the second", then)))
    (form,) = find_forms(book, exercises)["A1"]
    assert [snippet.steps[number].command for snippet, number in form.variants] == commands
    assert not form.replaces


@pytest.mark.parametrize(
    ("wrong", "line", "found", "expected"),
    [
        (("one the second", "own the second"), 7, "the figure #own, which no chapter has", "such as #one"),
        (("one the second", "one the third"), 7, "'the third' in no step of #one", "words of one of: date -u; date"),
        (("one the second", "one hidden"), 7, "'hidden' in no step of #one", "date -u; date"),
        (("one the second", "one the"), 7, "'the' in 2 steps of #one", "words of one step's command"),
        (("one the second", "one"), 7, "no words to choose from 2 steps of #one", "words of one step's command"),
        (("[here]", "[here, hre]"), 3, "the environment 'hre'", "one of here, sandbox"),
    ],
)
def test_a_figure_that_the_book_does_not_have_is_a_mistake(
    tmp_path: Path, wrong: tuple[str, str], line: int, found: str, expected: str
) -> None:
    book, path = write_book(tmp_path, {"page": PAGE}), write_list(tmp_path, LIST.replace(*wrong))
    with pytest.raises(InputError) as error:
        find_forms(book, read_exercise_list(path))
    assert f"{path}:{line}: found {found}" in str(error.value)
    assert expected in str(error.value)


def test_check_fails_where_a_snippet_that_a_list_names_is_gone(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"page": block("# the second\n$ date")})
    record(book, "page", "debian-13", {"one": ["now\n"]})
    write_list(tmp_path)
    check_stored(Book(tmp_path), Book(tmp_path).chapters, named=False, as_json=False)
    page = tmp_path / "docs" / "page.md"
    page.write_text(page.read_text(encoding="utf-8").replace("{#one}", "{#other}"), encoding="utf-8")
    with pytest.raises(InputError, match=r"class\.yml:7: found the figure #one, which no chapter has"):
        check_stored(Book(tmp_path), Book(tmp_path).chapters, named=False, as_json=False)
