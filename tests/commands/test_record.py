"""``handbook record``: new recordings only where something means something new, and nothing lost when it fails."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from handbook.outcome import KEPT
from handbook.recording_file import read_recording
from handbook.runtime import instances

from tests.commands.desk import Desk

# Runs a program and prints the most memory that it had, in kilobytes. A program that pytest starts inherits pytest's own peak.
MEASURED = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
"""


def test_a_chapter_is_recorded_and_recording_it_again_changes_nothing(desk: Desk) -> None:
    desk.page("linux/a", "{#a}\n$ echo hello; echo $$; date\n$ ls /nowhere\n#: exit=2")
    first = desk.record()
    assert (first.exit_code, first.stdout) == (0, f"{desk.name} linux/a: recorded\n")
    assert list(desk.files()) == [f"{desk.name}.yml", f"{desk.name}/linux/a.yml"]
    for path in desk.root.glob("snippets/**/*.yml"):
        os.utime(path, (1, 1))
    second = desk.record()
    assert (second.exit_code, second.stdout) == (0, f"{desk.name} linux/a: unchanged\n")
    assert {path.stat().st_mtime for path in desk.root.glob("snippets/**/*.yml")} == {1}


def test_what_means_something_new_is_recorded_again(desk: Desk) -> None:
    value = desk.root / "value"
    value.write_text("one\n")
    desk.page("a", f"{{#a}}\n$ cat {value}")
    desk.record()
    value.write_text("two\n")
    again = desk.record("a")
    assert (again.exit_code, again.stdout) == (0, f"{desk.name} a: recorded\n")
    assert "two" in desk.files()[f"{desk.name}/a.yml"]


def test_a_run_that_failed_is_kept_aside_and_the_recording_stays(desk: Desk) -> None:
    page = desk.page("a", "{#a}\n$ echo old")
    desk.record()
    before = desk.files()
    desk.page("a", "{#a}\n$ echo new\n$ echo shown; (exit 3)")
    failed = desk.record()
    kept = desk.snippets / "a.failed.yml"
    assert failed.exit_code == 1
    assert failed.stdout == (
        f"{desk.name} a: failed\n  {page}:5: $ echo shown; (exit 3)\n    exit status 3, expected 0\n    | shown\n"
        f"  next: look at {kept}, mend the chapter, record it again\n"
    )
    assert "new" in kept.read_text()
    assert {name: text for name, text in desk.files().items() if "failed" not in name} == before
    desk.page("a", "{#a}\n$ echo new")
    assert desk.record().exit_code == 0
    assert list(desk.files()) == [f"{desk.name}.yml", f"{desk.name}/a.yml"]


def test_a_first_run_that_failed_makes_no_environment_known(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ false")
    assert desk.record().exit_code == 1
    assert list(desk.files()) == [f"{desk.name}/a.failed.yml"]
    assert desk.run("status").stdout == "nothing is recorded; next: handbook record ENVIRONMENT\n"


def test_chapters_that_passed_beside_one_that_failed_are_recorded_but_nothing_is_verified(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ echo a")
    desk.page("b", "{#b}\n$ false")
    assert desk.record().stdout.startswith(f"{desk.name} a: recorded\n{desk.name} b: failed\n")
    assert list(desk.files()) == [f"{desk.name}.yml", f"{desk.name}/a.yml", f"{desk.name}/b.failed.yml"]
    known = desk.root / "snippets" / f"{desk.name}.yml"
    known.write_text(known.read_text().replace(known.read_text().splitlines()[1], 'verified: "2020-01-01"'))
    desk.record()
    assert '"2020-01-01"' in known.read_text()
    desk.page("b", "{#b}\n$ true")
    desk.record()
    assert '"2020-01-01"' not in known.read_text()


def test_only_what_is_stale_or_missing_is_recorded_when_asked_for(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ echo a")
    desk.page("b", "{#b}\n$ echo b")
    desk.record("a")
    assert desk.record("--stale").stdout == f"{desk.name} b: recorded\n"
    assert desk.record("--stale").stdout == f"{desk.name}: nothing is stale\n"
    assert desk.record("--stale", "--json").stdout == "[]\n"
    desk.page("a", "Prose alone makes nothing stale", "{#a}\n# A comment\n$ echo a")
    assert desk.record("--stale").stdout == f"{desk.name}: nothing is stale\n"
    desk.page("a", "{#a}\n$ echo other")
    (desk.snippets / "b.yml").write_text("format: 1\n")
    assert desk.record("--stale").stdout == f"{desk.name} a: recorded\n{desk.name} b: recorded\n"


def untimed(files: dict[str, str]) -> dict[str, str]:
    """The same files without how long each step took."""
    return {name: re.sub(r"seconds: \S+", "seconds:", text) for name, text in files.items()}


def test_a_recording_that_cannot_be_read_is_written_anew(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ echo a")
    desk.record()
    whole = desk.files()
    (desk.snippets / "a.yml").write_text("format: 1\nchapter: a\n<<<<<<< ours\n")
    again = desk.record()
    assert (again.exit_code, again.stdout) == (0, f"{desk.name} a: recorded\n")
    assert f"{desk.snippets}/a.yml is written anew" in again.stderr
    assert untimed(desk.files()) == untimed(whole)


def test_a_step_that_prints_a_gigabyte_is_recorded_with_its_size_in_less_than_100_megabytes(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ head -c 1G /dev/zero | tr '\\0' x\n#: timeout=200\n$ echo after")
    argv = [sys.executable, "-c", MEASURED, sys.executable, "-m", "handbook", "record", desk.name]
    done = subprocess.run(argv, cwd=desk.root, capture_output=True, text=True, timeout=250, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 100_000
    giant, after = read_recording(desk.snippets / "a.yml", desk.name).snippets[0].steps
    assert (giant.truncated, len(giant.output), after.output) == (1 << 30, KEPT, "after\n")


def test_local_recordings_stay_out_of_the_book(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ echo a")
    assert desk.record("--local").exit_code == 0
    assert not (desk.root / "snippets").exists()
    assert (desk.root / ".handbook" / "snippets" / desk.name / "a.yml").is_file()
    assert desk.record("--local", "--stale").stdout == f"{desk.name}: nothing is stale\n"


def test_an_environment_that_is_to_be_kept_stays_up_for_the_next_command(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ pwd")
    assert desk.record("--keep").exit_code == 0
    assert desk.name in instances()
    assert desk.record().exit_code == 0
    assert desk.name in instances()
    assert desk.run("down", desk.name).exit_code == 0
    assert desk.name not in instances()


def test_chapters_side_by_side_are_recorded_as_one_after_the_other(desk: Desk) -> None:
    for name in "abcd":
        desk.page(name, f"{{#{name}}}\n$ echo {name}; echo error >&2; pwd\n#: capture name=.\n$ echo {{{{ name }}}}")
    desk.record()
    before = {name: text for name, text in desk.files().items() if "/" in name}
    for path in desk.snippets.glob("*.yml"):
        path.unlink()
    side = desk.record("--jobs", "3")
    assert side.stdout == "".join(f"{desk.name} {name}: recorded\n" for name in "abcd")
    after = {name: text for name, text in desk.files().items() if "/" in name}
    assert [without_seconds(text) for text in after.values()] == [without_seconds(text) for text in before.values()]


def without_seconds(text: str) -> list[str]:
    return [line for line in text.splitlines() if "seconds:" not in line and "/tmp" not in line]


def test_programs_get_one_document(desk: Desk) -> None:
    page = desk.page("a", "{#a}\n$ false\n$ echo x\ny")
    desk.page("b", "{#b}\n$ true")
    told = desk.record("--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout) == [
        {
            "chapter": "a",
            "result": "failed",
            "kept": str(desk.snippets / "a.failed.yml"),
            "failures": [
                {"line": 4, "command": "false", "problem": "exit status 1, expected 0"},
                {"line": 5, "command": "echo x", "problem": "line 1 of the output is 'x', expected 'y'"},
            ],
        },
        {"chapter": "b", "result": "recorded", "kept": None, "failures": []},
    ]
    assert page.is_file()


def test_what_does_not_apply_is_said_and_not_run(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ true")
    (desk.root / "docs" / "b.md").write_text("---\nrequires: cgroup == 7\n---\n\n```console {#b}\n$ false\n```\n")
    desk.page("c", '{#c when="cgroup == 7"}\n$ false')
    told = desk.record()
    assert told.exit_code == 0
    assert told.stdout == f"{desk.name} a: recorded\n{desk.name} b: not applicable\n{desk.name} c: not applicable\n"
    assert "b: not applicable, requires cgroup == 7" in told.stderr


def test_any_markdown_file_can_be_recorded_beside_itself(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("elsewhere")
    readme = folder / "README.md"
    readme.write_text("```console {#a}\n$ echo a\n```\n")
    assert desk.record(str(readme)).exit_code == 0
    assert (folder / "snippets" / desk.name / "README.yml").is_file()
    assert not (desk.root / "snippets").exists()


def test_two_variants_for_one_environment_are_a_mistake(desk: Desk) -> None:
    page = desk.page("a", '{#a when="cgroup"}\n$ true', '{#a when="kernel"}\n$ true')
    told = desk.record()
    assert told.exit_code == 2
    assert told.stderr.endswith(
        f"{page}:7: found a second variant of #a for {desk.name} (the first is on line 3)\n"
        "  expected: conditions of which one holds in an environment\n"
    )


def test_what_a_killed_command_wrote_half_is_removed(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ true")
    desk.record()
    half = desk.snippets / ".a.yml.4194399.abc.new"
    half.write_text("half")
    desk.record()
    assert not half.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("record", "moon"), "no environment 'moon'; environments are: "),
        (("record", "here", "moon"), "no chapter 'moon'; chapters are: a; or the path of a Markdown file"),
        (("record", "here", "docs/plain.md"), "plain.md:1: found no step\n  expected: a console block with a command"),
        (("record",), "Missing argument 'ENVIRONMENT'"),
        (("record", "here", "--jobs", "0"), "Invalid value for '--jobs'"),
        (("rekord",), "No such command 'rekord'"),
    ],
)
def test_bad_input_is_told_and_nothing_is_run(desk: Desk, words: tuple[str, ...], said: str) -> None:
    desk.page("a", "{#a}\n$ touch ran")
    desk.page("plain", "text")
    told = desk.run(*words)
    assert told.exit_code == 2
    assert said in told.stderr
    assert told.stdout == ""


def test_every_mistake_of_every_page_is_told_at_once(desk: Desk) -> None:
    first = desk.page("a", "{#a}\n$ true\n#: exti=1\n$ echo {{ x }}")
    second = desk.page("b", "{#b}\n$ true", "{#c target=moon}\n$ true")
    third = desk.page("c", "{#b}\n$ true")
    told = desk.record()
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr == (
        f"{first}:5: found exti=1\n"
        "  expected: exit=, timeout=, until=, for=, tty, capture NAME=REGEX, kind=, ignore=, hidden, raw\n"
        f"{first}:6: found the undefined name {{{{ x }}}}\n  expected: one of: none so far\n"
        "  next: capture it above, or say '#: raw' where the braces are not ours\n"
        f"{second}:7: found target 'moon'\n  expected: laptop, node, container:NAME or pod:NAME\n"
    )
    desk.page("a", "text")
    desk.page("b", "{#b}\n$ true")
    told = desk.record()
    assert told.exit_code == 2
    assert told.stderr == f"{third}:3: found the id #b, which {second} has too\n  expected: an id that is unique in the book\n"


def test_a_book_without_a_chapter_does_not_agree_with_everything(desk: Desk) -> None:
    told = desk.record()
    assert told.exit_code == 2
    assert "no page below" in told.stderr


def test_an_environment_that_is_not_what_its_file_states_does_not_record(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ true")
    desk.environment("old", "provider: here\nfacts:\n  cgroup: 7\n")
    told = desk.run("record", "old")
    assert told.exit_code == 3
    assert "old.yml: states cgroup: 7, but here cgroup is" in told.stderr
    assert not (desk.root / "snippets").exists()
    assert not [name for name in instances() if name.startswith("old.")]


def test_a_broken_file_of_an_environment_is_bad_input(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ true")
    desk.environment("odd", "provider: nothing\n")
    told = desk.run("record", "odd")
    assert told.exit_code == 2
    assert "odd.yml:1: found provider 'nothing'\n  expected: one of " in told.stderr


def test_a_folder_that_cannot_be_written_is_told_without_a_traceback(desk: Desk) -> None:
    desk.page("a", "{#a}\n$ true")
    (desk.root / "snippets").write_text("a file")
    told = desk.record()
    assert told.exit_code == 3
    assert f"{desk.root}/snippets" in told.stderr.splitlines()[-1]
    assert not is_kept_or_left(desk)


def is_kept_or_left(desk: Desk) -> bool:
    return any(name.startswith(desk.name) for name in instances())


def test_a_target_that_the_environment_lacks_fails_its_steps(desk: Desk) -> None:
    page = desk.page("a", "{#a target=container:web}\n$ true", "{#b}\n$ true")
    told = desk.record()
    assert told.exit_code == 1
    assert f"{page}:4: $ true\n    it was not run: {desk.name} has no target container:web" in told.stdout
    assert not is_kept_or_left(desk)


def test_the_folder_may_have_a_space_in_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "my book"
    root.mkdir()
    desk = Desk(root, monkeypatch)
    desk.page("a b", "{#a}\n$ true")
    assert desk.record("a b").exit_code == 0
    assert desk.record("docs/a b.md").exit_code == 0
    assert list(desk.files()) == [f"{desk.name}.yml", f"{desk.name}/a b.yml"]
