"""Files of a book lie in the working directory of the chapters that ask for them, and a change of one makes recordings stale."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from handbook.chapter import Chapter
from handbook.errors import InputError
from handbook.fingerprint import Fingerprint
from handbook.reading.chapter_parser import parse_chapter, read_chapter
from handbook.staleness import first_stale

from tests.books import block, recording_of
from tests.commands.desk import Desk

MANIFEST = "kind: Pod\nname: it's {{ raw }} and `$HOME`\n"
PAGE = "---\nfiles: [resources/pods/web.yml, words]\n---\n\n" + block("$ cat resources/pods/web.yml")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "resources" / "pods").mkdir(parents=True)
    (tmp_path / "resources" / "pods" / "web.yml").write_text(MANIFEST)
    (tmp_path / "words").write_text("three\n")
    return tmp_path


def chapter(root: Path, page: str = PAGE) -> Chapter:
    return parse_chapter(page, root / "docs" / "page.md", "page", root)


def run(commands: list[str], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    subprocess.run(["bash", "-ec", "\n".join(commands)], cwd=folder, check=True, timeout=20)


def test_they_are_there_to_the_letter_before_the_first_block(root: Path) -> None:
    given = chapter(root).snippets[0]
    run([step.command for step in given.steps], root / "work")
    assert (root / "work" / "resources" / "pods" / "web.yml").read_text() == MANIFEST
    assert (root / "work" / "words").read_text() == "three\n"


def test_they_are_taken_away_at_the_end_and_nothing_else_is(root: Path) -> None:
    given, *_, taken = chapter(root).snippets
    assert taken.cleanup
    work = root / "work"
    run([step.command for step in given.steps], work)
    (work / "resources" / "mine").touch()
    run([step.command for step in taken.steps], work)
    assert sorted(path.relative_to(work).as_posix() for path in work.rglob("*")) == ["resources", "resources/mine"]


def test_a_chapter_is_run_with_them(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(root, monkeypatch)
    expected = "\n".join(["$ cat resources/pods/web.yml", "#: raw", *MANIFEST.splitlines()])
    desk.book.docs.mkdir(exist_ok=True)
    (desk.book.docs / "page.md").write_text("---\nfiles: [resources/pods/web.yml]\n---\n\n" + block(expected))
    told = desk.run("check", "here", "page")
    assert (told.exit_code, told.stdout) == (0, "agreed: 3 steps of 1 chapter in here\n")


def test_another_content_makes_what_was_recorded_stale(root: Path) -> None:
    now = chapter(root)
    given, one, _ = now.snippets
    recording = recording_of(now, {given.id: ["", ""], one.id: [MANIFEST]})
    assert first_stale(now, now.variant(Fingerprint()), recording) is None
    (root / "words").write_text("four\n")
    now = chapter(root)
    place = first_stale(now, now.variant(Fingerprint()), recording)
    assert place
    assert (place.snippet, place.step, place.line) == (given.id, 2, 2)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ("[absent.yml]", "files: 'absent.yml', which is no file below "),
        ("[../secret]", "files: '../secret'"),
        ("[/etc/passwd]", "files: '/etc/passwd'"),
        ("[bytes]", "files: 'bytes', which is not UTF-8"),
        ("[half]", "files: 'half'"),
        ("words", "files: 'words'"),
    ],
)
def test_what_cannot_be_given_is_a_mistake_of_the_page(root: Path, files: str, found: str) -> None:
    (root / "bytes").write_bytes(b"\xff\n")
    (root / "half").write_text("no end of line")
    page = root / "page.md"
    page.write_text(f"---\ntitle: Page\nfiles: {files}\n---\n\n" + block("$ true"))
    with pytest.raises(InputError) as caught:
        read_chapter(page, "page", root)
    (mistake,) = caught.value.mistakes
    assert mistake.line == 3
    assert mistake.found.startswith(found)


def test_a_page_without_a_command_gets_none(root: Path) -> None:
    assert chapter(root, "---\nfiles: [words]\n---\n\ntext\n").snippets == ()
