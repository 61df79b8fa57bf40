"""The page of an exercise list: what it says of each stack is what is recorded there, and nothing else."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from handbook.book import Book
from handbook.errors import InputError
from handbook.recording import RecordedStep
from handbook.site.exercise_pages import exercise_pages

from tests.books import FACTS, block, describe_environment, record, write_book

HOOK = Path(__file__).parents[2] / "hooks" / "handbook_hook.py"
OLD = {**FACTS, "docker": "20.10.24", "distribution": "debian-12"}
PAGE = "---\nrequires: docker and not kubernetes\n---\n" + block("$ docker version\n# When?\n$ date")
PAGE += block("$ the old form", '{#form when="docker < 26"}') + block("$ the new form", '{#form when="docker >= 26"}')
LIST = """\
title: A class
introduction: "*Welcome.*"
stacks:
  Then: [kubernetes-1.20, debian-12]
  Now: [debian-13]
sections:
  - title: Clocks
    exercises:
      - {id: A1, command: docker version, then: one docker}
      - {id: A2, command: date | cat, then: "one When?"}
      - {id: A3, command: a form, then: form old, now: form new}
      - {id: A4, command: gone, reason: It is <gone>.}
"""
DATE = "Mon Nov 23 10:00:00 UTC 2026"
Outputs = Mapping[str, Sequence[str | RecordedStep]]
THEN: Outputs = {"one": ["Client:\n Version: 20.10.24\n", f"{DATE}\n"], "form": ["[\n old\n]\n"]}
NOW: Outputs = {"one": ["Client:\n Version: 26.1.5\n", "Tue Nov 24 11:00:00 UTC 2026\n"], "form": [""]}


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Two recorded environments, and one that cannot run the page."""
    made = write_book(tmp_path, {"index": "# Start\n", "some/page": PAGE})
    describe_environment(made, "kubernetes-1.20", "provider: lab\nfacts: {kubernetes: 1.20.2}\n")
    record(made, "some/page", "debian-12", THEN, OLD)
    record(made, "some/page", "debian-13", NOW)
    path = tmp_path / "resources" / "exercises" / "class.yml"
    path.parent.mkdir()
    path.write_text(LIST, encoding="utf-8")
    return made


def rewrite(book: Book, old: str, new: str) -> None:
    (book.docs / "some" / "page.md").write_text(PAGE.replace(old, new), encoding="utf-8")


def page(book: Book) -> str:
    return exercise_pages(Book(book.root))["exercises/class.md"]


def told(book: Book, exercise: str) -> list[str]:
    """What an exercise does in each stack, form by form, without the markup."""
    (row,) = re.findall(rf'<tbody><tr id="exercise-{exercise}">.*?</tbody>', page(book))
    cells = re.findall("<td data-stack.*?</td>", row)
    return [" ".join(html.unescape(re.sub("<[^>]+>", " ", cell)).split()) for cell in cells]


def test_a_command_leads_to_its_figure(book: Book) -> None:
    text = page(book)
    assert text.startswith("# A class\n\n<style>")
    assert "\n*Welcome.*\n\n## Clocks\n" in text
    assert '<a href="../some/page.html#figure-one">Title</a></td>' in text
    assert '<a href="../some/page.html#figure-form">Title</a><code>the old form</code>' in text
    assert '<span>in its place, in </span><a href="../some/page.html#figure-form-2">Title</a><code>the new form</code>' in text
    assert '<td colspan="3">It is &lt;gone&gt;.</td>' in text


def test_what_differs_and_what_does_not(book: Book) -> None:
    assert told(book, "A1") == [
        "debian-12 Client: line 1 of 2",
        'debian-13 Version: 26.1.5 line 2 of 2 unlike debian-12: line 2: "26.1.5" where "20.10.24" was',
    ]
    assert told(book, "A2") == [f"debian-12 {DATE}", "debian-13 as in debian-12"]


def test_where_no_environment_of_a_stack_can_run_a_form_the_first_says_what_it_lacks(book: Book) -> None:
    old, new = told(book, "A3")[:2], told(book, "A3")[2:]
    assert old == ["debian-12 old line 2 of 3", "debian-13 not applicable: needs docker < 26"]
    assert new == ["kubernetes-1.20 not applicable: needs docker and not kubernetes", "debian-13 prints nothing"]


def test_where_variants_have_other_commands_each_stack_says_its_own(book: Book) -> None:
    path = book.root / "resources" / "exercises" / "class.yml"
    path.write_text(LIST.replace("then: form old, now: form new", "then: form form"), encoding="utf-8")
    assert told(book, "A3") == ["debian-12 $ the old form old line 2 of 3", "debian-13 prints nothing"]
    assert '<a href="../some/page.html#figure-form-2">Title</a><code>the new form</code>' in page(book)


def test_an_exit_status_and_an_endless_command_are_told(book: Book) -> None:
    failed = RecordedStep("docker version", exit=127, output="bash: no\n")
    record(book, "some/page", "debian-12", {**THEN, "one": [failed, "x\n"]}, OLD)
    assert told(book, "A1") == [
        "debian-12 exit 127 bash: no",
        "debian-13 Client: line 1 of 2 unlike debian-12: exit status 0 where 127 was",
    ]
    rewrite(book, "docker version\n", "docker version\n#: for=2\n")
    record(book, "some/page", "debian-12", THEN, OLD)
    assert told(book, "A1")[0] == "debian-12 stopped after 2 s Client: line 1 of 2"


@pytest.mark.parametrize(
    ("change", "exercise", "expected"),
    [
        (lambda book: record(book, "some/page", "debian-13", {"one": NOW["one"]}), "A3", ["debian-13 not recorded"]),
        (lambda book: book.store.path("debian-13", "some/page").unlink(), "A1", ["debian-13 not recorded"]),
        (lambda book: record(book, "some/page", "debian-13", {**NOW, "form": ["7\n"]}), "A3", ["debian-13 7"]),
        (
            lambda book: describe_environment(book, "kubernetes-1.20", "provider: lab\n"),
            "A2",
            ["kubernetes-1.20 not recorded", "debian-13 Tue Nov 24 11:00:00 UTC 2026"],
        ),
        (lambda book: rewrite(book, "$ docker v", "$ sudo docker v"), "A1", ["debian-12 not recorded", "debian-13 not recorded"]),
        (
            lambda book: rewrite(book, "$ docker v", "$ sudo docker v"),
            "A2",
            [f"debian-12 {DATE} changed since it was recorded", "debian-13 as in debian-12 changed since it was recorded"],
        ),
    ],
    ids=[
        "a snippet",
        "a chapter",
        "an output",
        "an environment that may run it",
        "a changed command",
        "a command below a changed one",
    ],
)
def test_the_page_says_what_is_recorded_and_what_is_not(
    book: Book, change: Callable[[Book], object], exercise: str, expected: list[str]
) -> None:
    change(book)
    assert told(book, exercise)[-len(expected) :] == expected


def test_nothing_that_was_printed_or_typed_is_parsed(book: Book) -> None:
    hostile = "</td></table><script>x</script> ``` **b** | [l](x)\n```\n"
    record(book, "some/page", "debian-13", {**NOW, "one": [NOW["one"][0], hostile]})
    text = page(book)
    assert text.count("</table>") == 1
    assert "<script>" not in text
    assert not re.search("^```", text, re.MULTILINE)
    assert "date | cat" in text


def test_a_broken_recording_is_told(book: Book) -> None:
    book.store.path("debian-13", "some/page").write_text("format: 99\n", encoding="utf-8")
    with pytest.raises(InputError, match="a recording of format 1"):
        page(book)


def test_the_page_is_kept_until_something_that_it_is_made_of_changes(book: Book) -> None:
    page(book)
    kept = book.root / ".handbook" / "exercises.json"
    kept.write_text(kept.read_text().replace("Clocks", "kept"))
    assert "kept" in page(book)
    rewrite(book, "---\nrequires", "---\ncolour: red\nrequires")  # prose, or what is none of ours
    assert "kept" in page(book)
    rewrite(book, "# When?", "# When and where?")
    with pytest.raises(InputError, match="'When\\?' in no step of #one"):
        page(book)
    rewrite(book, "# When?", "# When? Now!")
    assert "kept" not in page(book)
    kept.write_text(kept.read_text().replace("Clocks", "kept"))
    record(book, "some/page", "debian-13", {**NOW, "form": ["other\n"]})
    assert "kept" not in page(book)


def test_where_nothing_can_be_kept_the_page_is_made_all_the_same(book: Book) -> None:
    (book.root / ".handbook").touch()
    assert "Clocks" in page(book)


def test_a_book_without_a_list_has_no_such_page(tmp_path: Path) -> None:
    assert exercise_pages(write_book(tmp_path, {"page": PAGE})) == {}


def build(root: Path) -> subprocess.CompletedProcess[str]:
    """A strict build with the hook."""
    shutil.copy(HOOK, root / "hook.py")
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("hooks: [hook.py]\nnav: [index.md, some/page.md, The class: exercises/class.md]\n")
    words = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    surroundings = {"NO_MKDOCS_2_WARNING": "1", "PATH": "/usr/bin:/bin"}
    return subprocess.run(words, cwd=root, env=surroundings, capture_output=True, text=True, timeout=120, check=False)


def test_a_strict_build_has_the_page_and_its_search_knows_the_commands(book: Book) -> None:
    describe_environment(book, "kubernetes-1.20", "provider: lab\n")
    built = build(book.root)
    assert built.returncode == 0, built.stderr  # not recorded in one stack: no figure would warn of that, so the page does not
    text = (book.root / "site" / "exercises" / "class.html").read_text(encoding="utf-8")
    assert '<a href="../some/page.html#figure-one">Title</a>' in text
    assert "not recorded" in text
    assert 'id="figure-one"' in (book.root / "site" / "some" / "page.html").read_text(encoding="utf-8")
    assert re.search(r"<nav.*>\s*The class\s*<.*</nav>", text, re.DOTALL)
    index = (book.root / "site" / "search" / "search_index.json").read_text(encoding="utf-8")
    assert "date | cat" in index


def test_a_strict_build_fails_where_a_figure_is_recorded_nowhere(book: Book) -> None:
    for environment in ("debian-12", "debian-13"):
        book.store.path(environment, "some/page").unlink()
    built = build(book.root)
    assert built.returncode == 1
    assert "found no recording of this chapter" in built.stderr


def test_a_strict_build_fails_where_a_list_names_a_figure_that_is_gone(book: Book) -> None:
    rewrite(book, "{#one}", "{#renamed}")
    record(book, "some/page", "debian-12", {"renamed": THEN["one"], "form": THEN["form"]}, OLD)
    record(book, "some/page", "debian-13", {"renamed": NOW["one"], "form": NOW["form"]})
    built = build(book.root)
    assert built.returncode == 1
    assert "class.yml:9: found the figure #one, which no chapter has" in built.stderr
    assert "class.yml:10: found the figure #one, which no chapter has" in built.stderr
