"""The program as such: its help, its version, and the exit status of whatever goes wrong."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner
from handbook import __version__
from handbook.cli import Program, main
from handbook.errors import CouldNotRun, LeftBehind, UsageError


def test_version_and_help_answer() -> None:
    assert CliRunner().invoke(main, ["--version"]).stdout == f"handbook, version {__version__}\n"
    for words in (["--help"], ["-h"]):
        told = CliRunner().invoke(main, words)
        assert told.exit_code == 0
        for command in ("build", "check", "diff", "doctor", "down", "record", "serve", "shell", "status", "up"):
            assert f"  {command} " in told.stdout


def test_a_program_without_words_explains_itself() -> None:
    told = CliRunner().invoke(main, [])
    assert told.exit_code == 2
    assert "Usage:" in told.stderr


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (UsageError("what"), 2, "what\n"),
        (CouldNotRun("why"), 3, "why\n"),
        (LeftBehind(["mount /a", "process 7"]), 3, "left behind:\n  mount /a\n  process 7\n"),
        (FileNotFoundError(2, "No such file", "a.md"), 3, "a.md: No such file\n"),
        (OSError("odd"), 3, "odd\n"),
        (KeyboardInterrupt(), 130, "interrupted; nothing was left running but what was to stay\n"),
    ],
)
def test_what_goes_wrong_ends_the_program_with_its_status(error: BaseException, status: int, said: str) -> None:
    @click.command()
    def fail() -> None:
        raise error

    program = Program(commands={"fail": fail})
    told = CliRunner().invoke(program, ["fail"])
    assert (told.exit_code, told.stdout, told.stderr.lstrip("\n")) == (status, "", said)


def test_errors_are_no_traceback_and_go_to_standard_error(tmp_path: object) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "handbook", "check", "moon"],
        cwd=str(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("no environment and no chapter 'moon'; environments are: here, sandbox\n")


def test_starting_imports_nothing_heavy() -> None:
    script = "import sys, handbook.cli; print([name for name in ('yaml', 'pytest', 'mkdocs', 'sh', 'pyte') if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout == "[]\n"


def test_the_core_imports_neither_mkdocs_nor_pytest() -> None:
    script = (
        "import sys\nfrom handbook.commands import check, diff, doctor, environment, record, status\n"
        "print([name for name in ('pytest', '_pytest', 'mkdocs', 'markdown', 'pymdownx') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout == "[]\n"
