"""What the pages about the engine list is what there is: no more, no less."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from handbook.book import Book
from handbook.cli import main
from handbook.environment import KEYS, Environment, Provider, Target, load_environment
from handbook.environments import provider_names
from handbook.errors import ExitStatus
from handbook.exercises import list_file as exercise_list_file
from handbook.exercises.form import find_forms
from handbook.exercises.list_file import read_exercise_list
from handbook.lab.parameters import Parameters, read_parameters
from handbook.progress import Quiet
from handbook.reading.fences import fences
from handbook.reading.step_options import FLAGS, READERS

PAGES = Path(__file__).parents[1] / "docs" / "engine"
COMMANDS = sorted(main.commands.items())


def text_of(page: str) -> str:
    return (PAGES / f"{page}.md").read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its level."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text_of(page), re.MULTILINE | re.DOTALL)
    assert found, f"{page} has no section {heading!r}"
    return found[1]


def table(text: str, head: str) -> dict[str, str]:
    """The first two columns of the table whose first column is called that."""
    found = re.search(rf"^\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    rows = (line.split(" | ") for line in found[1].splitlines()) if found else ()
    return {row[0].strip("| `"): row[1].strip(" |") for row in rows}


@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_a_command_is_described_as_its_help_does(name: str, command: click.Command) -> None:
    written = section("commands", name)
    words = " ".join(command.collect_usage_pieces(click.Context(command))[1:])
    assert f"\n`handbook {name}{' ' if words else ''}{words}`\n\n{command.help}\n" in written
    options = {option.opts[0]: option.help for option in command.params if isinstance(option, click.Option)}
    assert {option.split()[0]: help_text for option, help_text in table(written, "option").items()} == options


def test_no_command_is_described_that_does_not_exist() -> None:
    described = re.findall(r"^`handbook (\w+)", text_of("commands"), re.MULTILINE)
    assert sorted(described) == [name for name, _ in COMMANDS]


def test_every_exit_status_has_its_row() -> None:
    assert [int(number) for number in table(section("commands", "Exit statuses"), "status")] == sorted(ExitStatus)


def test_every_option_of_a_step_has_its_row() -> None:
    written = table(section("write-a-chapter", "Options of a command"), "option")
    assert sorted(written) == sorted([*(f"{name}=" for name in READERS), *FLAGS, "capture"])


@pytest.mark.parametrize(
    ("heading", "head", "expected"),
    [
        ("A file", "key", KEYS),
        ("Providers", "provider", provider_names()),
        ("Providers", "parameter", Parameters.__slots__),
        ("Write a provider", "method", [name for name in vars(Provider) if callable(vars(Provider)[name]) and name[0] != "_"]),
    ],
)
def test_all_that_an_environment_consists_of_has_its_row(heading: str, head: str, expected: list[str]) -> None:
    assert sorted(table(section("environments", heading), head)) == sorted(expected)


def test_every_key_of_an_exercise_list_has_its_row_and_the_example_is_one(tmp_path: Path) -> None:
    written = section("write-a-chapter", "Exercises that have a history")
    assert set(table(written, "key")) == {
        *exercise_list_file.KEYS,
        *exercise_list_file.SECTION_KEYS,
        *exercise_list_file.EXERCISE_KEYS,
    }
    (example,) = ("\n".join(fence.lines) for fence in fences(written) if fence.language == "yaml")
    (tmp_path / "class.yml").write_text(example, encoding="utf-8")
    assert find_forms(Book(PAGES.parents[1]), read_exercise_list(tmp_path / "class.yml")).keys() == {"B2"}


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Environment, str], Any]:
    """The provider that the page shows."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    (source,) = ("\n".join(fence.lines) for fence in fences(text_of("environments")) if fence.language == "python")
    names: dict[str, Any] = {}
    exec(source, names)  # noqa: S102  # our own page
    made: Callable[[Environment, str], Any] = names["PROVIDER"]
    return made


def test_the_provider_of_the_page_is_one(example: Callable[[Environment, str], Any], tmp_path: Path) -> None:
    provider = example(Environment("mine", "folder", Path("mine.yml")), "one")
    assert provider.missing() == ()
    provider.up(Quiet())
    argv = provider.shell(Target("laptop")).argv
    assert subprocess.run([*argv, "pwd"], capture_output=True, text=True, check=True).stdout == f"{tmp_path}/one\n"
    assert provider.fingerprint().get("kernel")
    provider.down()
    provider.down()
    assert not list(tmp_path.iterdir())


def test_what_the_page_about_a_new_version_types_names_the_next_one(tmp_path: Path) -> None:
    """The youngest environment, copied as the page says, is an environment of another version, and all of it says so."""
    (typed,) = ("\n".join(fence.lines) for fence in fences(text_of("new-version")) if "sed " in "\n".join(fence.lines))
    folder = tmp_path / "resources/environments"
    shutil.copytree(PAGES.parents[1] / "resources/environments", folder)
    subprocess.run(["sh", "-ec", typed.partition(".venv/bin/handbook")[0]], cwd=tmp_path, check=True)
    youngest, made = (load_environment(folder / f"kubernetes-1.{minor}.yml") for minor in (37, 38))
    others = [load_environment(path) for path in folder.glob("*.yml") if path.stem != "kubernetes-1.38"]
    assert youngest.order == max(one.order for one in others) < made.order
    kubernetes = read_parameters(made).kubernetes
    assert kubernetes
    assert kubernetes.version == made.facts["kubernetes"] == "1.38.0"
    assert "1.37" not in made.path.read_text(encoding="utf-8")
