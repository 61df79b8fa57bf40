"""The class that this book grew out of: every one of its commands is in the list, and the page tells what recordings tell."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from handbook.book import Book
from handbook.errors import InputError
from handbook.exercises.form import Form, find_forms
from handbook.exercises.list import Exercise, ExerciseList
from handbook.exercises.list_file import read_exercise_list
from handbook.site.exercise_pages import exercise_pages

ROOT = Path(__file__).parents[1]
# How many commands each part of the class has.
PARTS = {"A": 4, "B": 7, "C": 10, "D": 4, "E": 9, "F": 4, "G": 14, "H": 2, "I": 7, "J": 9, "K": 5, "L": 4, "M": 3, "N": 19}
IDS = [f"{part}{number}" for part, count in PARTS.items() for number in range(1, count + 1)]
LEFT_OUT = {"C2", "N10"}  # what no chapter can do, with the reason in the list


@pytest.fixture(scope="module")
def book() -> Book:
    return Book(ROOT)


@pytest.fixture(scope="module")
def exercises() -> ExerciseList:
    return read_exercise_list(ROOT / "resources" / "exercises" / "class.yml")


@pytest.fixture(scope="module")
def forms(book: Book, exercises: ExerciseList) -> dict[str, tuple[Form, ...]]:
    return dict(find_forms(book, exercises))


@pytest.fixture(scope="module")
def rows(book: Book) -> dict[str, list[ElementTree.Element]]:
    """The rows of the page for each exercise, without the one that holds its command."""
    page = exercise_pages(book)["exercises/class.md"]
    tables = [ElementTree.fromstring(table) for table in re.findall("<table.*?</table>", page, re.DOTALL)]
    bodies = [list(body) for table in tables for body in table.iter("tbody")]
    return {str(head.get("id")).removeprefix("exercise-"): rest for head, *rest in bodies}


def each(exercises: ExerciseList) -> Iterator[Exercise]:
    return (exercise for section in exercises.sections for exercise in section.exercises)


def test_the_list_holds_every_command_of_the_class_once_and_in_order(exercises: ExerciseList) -> None:
    assert sum(PARTS.values()) == 101
    assert [exercise.id for exercise in each(exercises)] == IDS
    parts = [{exercise.id[0] for exercise in section.exercises} for section in exercises.sections]
    assert parts == [{part} for part in PARTS]


def test_only_what_no_chapter_can_do_is_left_out(exercises: ExerciseList) -> None:
    assert {exercise.id for exercise in each(exercises) if not (exercise.then or exercise.now)} == LEFT_OUT


def test_every_figure_that_the_list_names_is_in_the_chapters(forms: dict[str, tuple[Form, ...]], exercises: ExerciseList) -> None:
    named = {exercise.id: bool(exercise.then) + bool(exercise.now) for exercise in each(exercises)}
    assert {name: len(found) for name, found in forms.items()} == named


def test_every_figure_that_goes_is_missed(exercises: ExerciseList, tmp_path: Path) -> None:
    for part in ("docs", "resources"):
        shutil.copytree(ROOT / part, tmp_path / part)
    for path in (tmp_path / "docs").rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"^(```console \{#[\w-]+)", r"\1-renamed", text, flags=re.MULTILINE), encoding="utf-8")
    with pytest.raises(InputError) as error:
        find_forms(Book(tmp_path), exercises)
    lines = Counter(mistake.line for mistake in error.value.mistakes)
    assert lines == Counter(exercise.line for exercise in each(exercises) if exercise.id not in LEFT_OUT)


@pytest.mark.parametrize("name", IDS)
def test_every_cell_of_an_exercise_says_what_is_recorded(
    name: str, rows: dict[str, list[ElementTree.Element]], forms: dict[str, tuple[Form, ...]]
) -> None:
    found = [[cell for cell in row if cell.get("data-stack")] for row in rows[name]]
    assert [len(cells) for cells in found] == ([2] * len(forms[name]) or [0])
    for form, cells in zip(forms[name], found, strict=False):
        for cell in cells:
            says_what_is_recorded(form, cell)


@cache
def recorded(path: Path) -> tuple[tuple[str, dict[str, str]], ...]:
    """Every step of a recording with the id of its snippet; none where there is no such file."""
    stored = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)["snippets"] if path.is_file() else []
    return tuple((snippet["id"], step) for snippet in stored for step in snippet["steps"])


def says_what_is_recorded(form: Form, cell: ElementTree.Element) -> None:
    """Look into the recording's file, with nothing of the engine in between."""
    environment = cell.findtext("b")
    notes = [note.text or "" for note in cell.iter("span")]
    path = ROOT / "snippets" / str(environment) / f"{form.chapter.name}.yml"
    written = [snippet.steps[number] for snippet, number in form.variants]
    wanted = {(snippet.id, snippet.steps[number].command, snippet.steps[number].option_text) for snippet, number in form.variants}
    steps = [step for name, step in recorded(path) if (name, step["command"], step.get("options", "")) in wanted]
    if any(note.startswith(("not recorded", "not applicable: needs ")) for note in notes):
        assert (len(notes), cell.find("code"), steps) == (1, None, [])
        return
    assert steps
    printed = [step.get("output", "") for step in steps]
    for text in (code.text or "" for code in cell.iter("code")):
        commands = [f"$ {step.command}" for step in written]  # where this stack has another command than the row says
        assert text in commands or any(text in output for output in printed)
    if "prints nothing" in notes:
        assert "" in printed
    for status in (note.removeprefix("exit ") for note in notes if note.startswith("exit ")):
        assert status in {step["exit"] for step in steps}
    if cell.find("code") is None and "prints nothing" not in notes:
        assert any(note.startswith(("as in ", "unlike ")) for note in notes)
