"""``make again``: an environment recorded again and again, until a file changes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.books import block

MAKEFILE = Path(__file__).parents[1] / "Makefile"
# The environment is this machine itself under a name of its own; make takes the program that runs these tests.
NAME = f"again-{os.getpid()}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "mkdocs.yml").write_text("site_name: x\n")
    (tmp_path / "resources" / "environments").mkdir(parents=True)
    (tmp_path / "resources" / "environments" / f"{NAME}.yml").write_text("provider: here\ntarget: node\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "snippets").mkdir()
    (tmp_path / ".gitignore").write_text(".handbook/\n")
    git(tmp_path, "init", "--quiet")
    return tmp_path


def git(project: Path, *words: str) -> None:
    names = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run(["git", *names, *words], cwd=project, check=True, timeout=20)


def again(project: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    bin_folder = Path(sys.executable).parent
    settings = {"BIN": str(bin_folder), "VENV": str(bin_folder.parent), **variables}
    argv = ["make", "-f", str(MAKEFILE), "-o", "setup", "again", *(f"{name}={value}" for name, value in settings.items())]
    # The make that runs these tests is none of its business.
    environment = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    return subprocess.run(argv, cwd=project, env=environment, capture_output=True, text=True, timeout=100, check=False)


def recorded(project: Path, command: str) -> None:
    """Write a page with one command, record it and commit that."""
    (project / "docs" / "a.md").write_text(block(f"$ {command}", "{#a}"))
    again(project, ENVIRONMENT=NAME, RUNS="1")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message", "recorded")


def test_a_chapter_that_prints_the_same_is_recorded_as_often_as_asked(project: Path) -> None:
    recorded(project, "echo steady")
    done = again(project, ENVIRONMENT=NAME, RUNS="3")
    assert (done.returncode, done.stdout.count("run "), done.stdout.count(f"{NAME} a: unchanged")) == (0, 3, 3)
    assert done.stdout.endswith(f"{NAME} is down; nothing is left of it\n")


def test_the_first_changed_file_ends_it_and_the_environment(project: Path) -> None:
    recorded(project, f"cat {project}/word 2>/dev/null || echo one | tee {project}/word")
    (project / "word").write_text("two\n")
    done = again(project, ENVIRONMENT=NAME, RUNS="3")
    assert done.returncode != 0
    assert f"snippets/{NAME}/a.yml" in done.stdout
    assert (done.stdout.count("run "), done.stdout.count("is down; nothing is left of it")) == (1, 1)


def test_an_environment_must_be_named(project: Path) -> None:
    done = again(project)
    assert done.returncode == 2
    assert "Say which: make again ENVIRONMENT=sandbox" in done.stderr
