"""``make setup``: what is installed goes by what the files say, not by when they were written."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that says what to install, and has it."""
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    ready = setup(tmp_path)[-1].removeprefix("touch ")
    (tmp_path / ready).parent.mkdir()
    (tmp_path / ready).touch()
    return tmp_path


def setup(project: Path) -> list[str]:
    """The commands that it would run."""
    words = ["make", "--dry-run", "--no-print-directory", "setup"]
    found = subprocess.run(words, cwd=project, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
    return [line for line in found if "Nothing to be done" not in line]  # make says its level, too, where make runs the tests


def test_nothing_is_installed_again_where_a_file_is_only_newer(project: Path) -> None:
    for name in ("requirements.txt", "pyproject.toml"):
        os.utime(project / name, (4e9, 4e9))
    assert setup(project) == []


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_what_another_content_says_is_installed(project: Path, name: str) -> None:
    with (project / name).open("a") as file:
        file.write("# another\n")
    os.utime(project / name, (0, 0))
    assert any("pip install" in line for line in setup(project))
