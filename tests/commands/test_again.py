"""``make again``: an environment recorded again and again, until a file changes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.desk import Desk

MAKEFILE = Path(__file__).parents[2] / "Makefile"


@pytest.fixture
def project(desk: Desk) -> Desk:
    """A desk under version control."""
    (desk.root / ".gitignore").write_text(".handbook/\n")
    git(desk, "init", "--quiet")
    return desk


def git(project: Desk, *words: str) -> None:
    names = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run(["git", *names, *words], cwd=project.root, check=True, timeout=20)


def again(project: Desk, **variables: str) -> subprocess.CompletedProcess[str]:
    """Call make, which takes the program that runs these tests."""
    bin_folder = Path(sys.executable).parent
    settings = {"BIN": str(bin_folder), "VENV": str(bin_folder.parent), **variables}
    argv = ["make", "-f", str(MAKEFILE), "-o", "setup", "again", *(f"{name}={value}" for name, value in settings.items())]
    # The make that runs these tests is none of its business.
    environment = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    return subprocess.run(argv, cwd=project.root, env=environment, capture_output=True, text=True, timeout=100, check=False)


def recorded(project: Desk, command: str) -> None:
    """Write a page with one command, record it and commit that."""
    project.page("a", f"{{#a}}\n$ {command}")
    assert project.record().exit_code == 0
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message", "recorded")


def test_a_chapter_that_prints_the_same_is_recorded_as_often_as_asked(project: Desk) -> None:
    recorded(project, "echo steady")
    done = again(project, ENVIRONMENT=project.name, RUNS="3")
    assert (done.returncode, done.stdout.count("run "), done.stdout.count(f"{project.name} a: unchanged")) == (0, 3, 3)
    assert done.stdout.endswith(f"{project.name} is down; nothing is left of it\n")


def test_the_first_changed_file_ends_it_and_the_environment(project: Desk) -> None:
    recorded(project, f"cat {project.root}/word 2>/dev/null || echo one | tee {project.root}/word")
    (project.root / "word").write_text("two\n")
    done = again(project, ENVIRONMENT=project.name, RUNS="3")
    assert done.returncode != 0
    assert f"snippets/{project.name}/a.yml" in done.stdout
    assert (done.stdout.count("run "), done.stdout.count("is down; nothing is left of it")) == (1, 1)


def test_the_date_of_a_run_is_no_change(project: Desk) -> None:
    recorded(project, "echo steady")
    dated = project.root / "snippets" / f"{project.name}.yml"
    dated.write_text(re.sub(r'verified: ".*"', 'verified: "2018-11-28"', dated.read_text()))
    git(project, "commit", "--quiet", "--all", "--message", "of another day")
    assert again(project, ENVIRONMENT=project.name, RUNS="2").returncode == 0
    assert "2018-11-28" not in dated.read_text()


def test_what_was_never_committed_has_nothing_to_be_like(project: Desk) -> None:
    project.page("a", "{#a}\n$ echo steady")
    done = again(project, ENVIRONMENT=project.name, RUNS="2")
    assert (done.returncode, done.stdout.count("run ")) == (2, 1)
    assert "?? snippets/" in done.stdout


def test_an_environment_must_be_named(project: Desk) -> None:
    done = again(project)
    assert done.returncode == 2
    assert "Say which: make again ENVIRONMENT=sandbox" in done.stderr
