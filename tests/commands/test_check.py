"""``handbook check``: stored recordings against the chapters, or a live run against what is stored; nothing passes unseen."""

from __future__ import annotations

import json

import pytest

from tests import books
from tests.commands.desk import Desk


def keep(desk: Desk, name: str, outputs: books.Outputs) -> None:
    """Keep outputs as if they had been recorded in the desk's environment."""
    books.record(desk.book, name, desk.name, outputs)


class TestStored:
    def test_what_is_recorded_as_written_agrees(self, desk: Desk) -> None:
        desk.page("a", "{#a}\n$ echo one\none\n$ false\n#: exit=1\n$ date\n")
        keep(desk, "a", {"a": ["one\n", "", "today\n"]})
        told = desk.run("check")
        assert (told.exit_code, told.stdout, told.stderr) == (0, "agreed: 1 chapter in 1 environment\n", "")
        assert desk.run("check", "a", "--json").stdout == "[]\n"

    @pytest.mark.parametrize(
        ("new", "line", "reason"),
        [
            ("{#a}\n$ echo two\n$ false\n#: exit=1", 4, "step 1 of #a on: it has another command than was recorded"),
            ("{#a}\n$ echo one\n$ false\n#: exit=2", 5, "step 2 of #a on: it has other options now"),
            ("{#a}\n$ echo one\n$ false\n#: exit=1\n$ new", 7, "step 3 of #a on: it has a step that is not recorded"),
            ("{#a}\n$ echo one", 3, "step 2 of #a on: it has fewer steps than were recorded"),
            (
                "{#a target=laptop}\n$ echo one\n$ false\n#: exit=1",
                4,
                "step 1 of #a on: it now runs on laptop, was",
            ),
            ("{#b}\n$ echo one", 4, "step 1 of #b on: it is not recorded at this place of the chapter"),
        ],
    )
    def test_a_recording_of_another_chapter_is_stale(self, desk: Desk, new: str, line: int, reason: str) -> None:
        desk.page("a", "{#a}\n$ echo one\n$ false\n#: exit=1")
        keep(desk, "a", {"a": ["one\n", ""]})
        page = desk.page("a", new)
        told = desk.run("check")
        assert told.exit_code == 1
        snippet = "#b" if "#b" in new else "#a"
        assert told.stdout.startswith(f"{page}:{line}: {desk.name} {snippet}: stale from {reason}")
        assert told.stdout.endswith(f"\n  next: handbook record {desk.name} a\n")

    def test_prose_comments_and_expectations_make_nothing_stale(self, desk: Desk) -> None:
        desk.page("a", "{#a}\n$ echo one")
        keep(desk, "a", {"a": ["one\n"]})
        desk.page("a", "text", "{#a}\n# Say one\n$ echo one\none")
        assert desk.run("check").exit_code == 0

    def test_an_expectation_that_the_recording_does_not_meet_is_told(self, desk: Desk) -> None:
        page = desk.page("a", "{#a}\n$ echo one\none\ntwo")
        keep(desk, "a", {"a": ["one\n"]})
        told = desk.run("check")
        assert told.exit_code == 1
        assert told.stdout == (
            f"{page}:4: {desk.name} #a: the recorded output is not the expected one:"
            " line 2 of the output is the end of the output, expected 'two'\n"
            f"  next: mend the chapter, or handbook record {desk.name} a\n"
            "  - two\n"
        )

    def test_an_exit_status_that_is_not_the_expected_one_is_told(self, desk: Desk) -> None:
        desk.page("a", "{#a}\n$ true")
        keep(desk, "a", {"a": [""]})
        stored = desk.snippets / "a.yml"
        stored.write_text(stored.read_text().replace("exit: 0", "exit: 4"))
        assert "the recorded exit status is 4, expected 0" in desk.run("check").stdout

    def test_an_output_that_its_step_did_not_wait_for_is_told(self, desk: Desk) -> None:
        page = desk.page("a", "{#a}\n$ true\n$ ps -o pcpu\n#: until=2\\d ignore=\\d+")
        keep(desk, "a", {"a": ["", "20\n"]})
        assert desk.run("check").exit_code == 0
        keep(desk, "a", {"a": ["", "%CPU\n97\n"]})
        told = desk.run("check")
        assert told.exit_code == 1
        assert told.stdout == (
            f"{page}:5: {desk.name} #a: the recorded output cannot be this step's:"
            " it does not match until=2\\d, for which the step waited\n"
            f"  next: mend the chapter, or handbook record {desk.name} a\n"
            "  | %CPU\n  | 97\n"
        )

    def test_a_secret_is_told_with_its_step_also_in_a_stale_recording(self, desk: Desk) -> None:
        page = desk.page("a", "{#a}\n$ true\n$ cat key")
        keep(desk, "a", {"a": ["", "password=hunter2hunter2\n"]})
        told = desk.run("check")
        assert told.exit_code == 1
        assert told.stdout.startswith(f"{page}:5: {desk.name} #a: a secret stands in the recording of step 2: credential\n")
        desk.page("a", "{#a}\n$ other\n$ cat key")
        assert "a secret stands in" in desk.run("check").stdout

    def test_what_is_not_recorded_is_told(self, desk: Desk) -> None:
        page = desk.page("a", "{#a}\n$ true")
        told = desk.run("check")
        assert told.exit_code == 1
        assert told.stdout == f"{page}:1: not recorded in any environment\n  next: handbook record ENVIRONMENT a\n"
        other = desk.page("b", "{#b}\n$ true")
        keep(desk, "a", {"a": [""]})
        told = desk.run("check")
        assert told.exit_code == 1
        assert told.stdout == f"{other}:1: {desk.name}: not recorded\n  next: handbook record {desk.name} b\n"

    def test_what_does_not_apply_need_not_be_recorded(self, desk: Desk) -> None:
        desk.page("a", "{#a}\n$ true")
        (desk.root / "docs" / "b.md").write_text("---\nrequires: podman\n---\n\n```console {#b}\n$ true\n```\n")
        desk.page("c", "{#c when=podman}\n$ true")
        keep(desk, "a", {"a": [""]})
        assert desk.run("check").exit_code == 0

    def test_recordings_that_nothing_checks_are_told(self, desk: Desk) -> None:
        page = desk.page("a", "{#a}\n$ true")
        keep(desk, "a", {"a": [""]})
        page.rename(page.with_name("b.md"))
        keep(desk, "b", {"a": [""]})
        (desk.snippets.parent / "lost").mkdir()
        (desk.snippets.parent / "lost" / "x.yml").write_text("format: 1\n")
        told = desk.run("check")
        assert told.exit_code == 1
        assert told.stdout.splitlines() == [
            f"{desk.snippets}/a.yml:1: {desk.name}: records a chapter that is not there",
            "  next: remove it, or move it to where the chapter is now",
            f"{desk.snippets.parent}/lost/x.yml:1: lost: lost.yml is not there",
            "  next: handbook record lost x",
        ]
        assert desk.run("check", "b").exit_code == 0

    def test_a_broken_recording_is_bad_input(self, desk: Desk) -> None:
        desk.page("a", "{#a}\n$ true")
        keep(desk, "a", {"a": [""]})
        (desk.snippets / "a.yml").write_text("format: 9\n")
        told = desk.run("check")
        assert told.exit_code == 2
        assert told.stderr.startswith(f"{desk.snippets}/a.yml:1: found format '9'\n  expected: a recording of format 1\n")

    def test_a_file_that_was_named_and_holds_nothing_to_check_is_bad_input(self, desk: Desk) -> None:
        desk.page("a", "{#a}\n$ true")
        keep(desk, "a", {"a": [""]})
        desk.page("plain", "text")
        unrecorded = desk.page("shown", "$ echo a\na")
        assert desk.run("check", "plain").exit_code == 2
        told = desk.run("check", "a", "shown")
        assert told.exit_code == 2
        assert told.stderr.startswith(f"{unrecorded}:1: found no step that is recorded\n  next: handbook check sandbox ")
        assert desk.run("check").exit_code == 0

    def test_programs_get_one_document(self, desk: Desk) -> None:
        page = desk.page("a", "{#a}\n$ echo one\ntwo")
        keep(desk, "a", {"a": ["one\n"]})
        (found,) = json.loads(desk.run("check", "--json").stdout)
        assert found["problem"].startswith("the recorded output is not the expected one")
        assert {key: found[key] for key in ("path", "line", "chapter", "environment", "snippet", "step")} == {
            "path": str(page),
            "line": 4,
            "chapter": "a",
            "environment": desk.name,
            "snippet": "a",
            "step": 1,
        }

    def test_a_word_that_is_neither_environment_nor_chapter_is_told(self, desk: Desk) -> None:
        desk.page("a", "{#a}\n$ true")
        told = desk.run("check", "moon")
        assert told.exit_code == 2
        assert told.stderr.startswith("no environment and no chapter 'moon'; environments are: ")
        assert "chapters are: a;" in told.stderr


def older_than_now(desk: Desk) -> str:
    """A recording of a time with an older bash, in which another step printed something else, too; what has changed."""
    desk.page("a", "{#a}\n$ echo ${BASH_VERSION%%(*}\n$ echo two")
    desk.record()
    known = desk.book.store.environment(desk.name)
    assert known
    facts = {**known.fingerprint.facts, "bash": "4.1.0"}
    books.record(desk.book, "a", desk.name, {"a": ["4.1.0\n", "one\n"]}, facts)
    return f"bash 4.1.0 -> {known.fingerprint.facts['bash']}"


class TestLive:
    def test_what_agrees_agrees_and_nothing_is_written(self, desk: Desk) -> None:
        desk.page("a", "{#a}\n$ echo one; echo $$\n", "$ echo two\ntwo")
        desk.record()
        before = desk.files()
        told = desk.run("check", desk.name)
        assert (told.exit_code, told.stdout) == (0, f"agreed: 2 steps of 1 chapter in {desk.name}\n")
        assert desk.files() == before

    def test_drift_is_told_with_both_outputs_and_the_command_that_accepts_it(self, desk: Desk) -> None:
        page = desk.page("a", "{#a}\n$ echo before\n$ echo one; echo two; echo three")
        keep(desk, "a", {"a": ["before\n", "one\ntoo\nthree\n"]})
        before = desk.files()
        told = desk.run("check", desk.name)
        assert told.exit_code == 1
        first, second, *report = told.stdout.splitlines()
        assert first.startswith(f"{page}:5: {desk.name} #a: ")
        assert second == f"  next: handbook record {desk.name} a"
        assert any("too" in line for line in report)
        assert any("two" in line for line in report)
        assert desk.files() == before

    def test_drift_is_explained_by_what_has_changed_in_the_environment(self, desk: Desk) -> None:
        older = older_than_now(desk)
        told = desk.run("check", desk.name).stdout.splitlines()
        reasons = [line for line in told if line.startswith("  because of") or line == "  unexplained"]
        assert reasons == [f"  because of {older}: the version of bash is printed", "  unexplained"]
        assert told[-1] == f"since it was recorded the environment has changed: {older}"

    def test_programs_are_told_what_explains_drift(self, desk: Desk) -> None:
        older = older_than_now(desk)
        printed, other = json.loads(desk.run("check", desk.name, "--json").stdout)
        assert [f"{fact['name']} {fact['old']} -> {fact['new']}" for fact in printed["facts"]] == [older]
        assert printed["drift"]["differences"][0]["because"]["component"] == older
        assert other["drift"]["differences"][0]["because"] is None

    def test_a_step_that_fails_is_told_and_is_not_called_drift_too(self, desk: Desk) -> None:
        page = desk.page("a", "{#a}\n$ echo one; (exit 3)\n$ echo x\ny")
        keep(desk, "a", {"a": ["other\n", "z\n"]})
        told = desk.run("check", desk.name)
        assert told.exit_code == 1
        remedy = f"  next: mend the chapter, or look at it in handbook shell {desk.name}"
        assert told.stdout.splitlines() == [
            f"{page}:4: {desk.name} #a: exit status 3, expected 0",
            remedy,
            "  | one",
            f"{page}:5: {desk.name} #a: line 1 of the output is 'x', expected 'y'",
            remedy,
            "  - y",
            "  + x",
        ]

    def test_of_a_long_output_of_a_step_that_fails_the_end_is_shown(self, desk: Desk) -> None:
        desk.page("a", "{#a}\n$ seq 99; false")
        assert desk.run("check", desk.name).stdout.splitlines()[2:] == [f"  | {number}" for number in range(88, 100)]

    def test_a_chapter_that_is_named_twice_runs_once(self, desk: Desk) -> None:
        page = desk.page("a", "{#a}\n$ true")
        assert desk.run("check", desk.name, "a", str(page)).stdout == f"agreed: 1 step of 1 chapter in {desk.name}\n"

    def test_a_stale_recording_is_told(self, desk: Desk) -> None:
        page = desk.page("a", "{#a}\n$ echo one")
        keep(desk, "a", {"a": ["one\n"]})
        desk.page("a", "{#a}\n$ echo two")
        told = desk.run("check", desk.name)
        assert told.exit_code == 1
        assert told.stdout.startswith(f"{page}:4: {desk.name} #a: stale from step 1 of #a on")

    def test_what_is_for_another_machine_than_was_recorded_is_told_and_compared_with_nothing(self, desk: Desk) -> None:
        pages = ("{#a}\n$ echo one", "{#b when=moonlight}\n$ no-such-command", '{#c when="not moonlight"}\n$ echo three')
        page = desk.page("a", *pages)
        facts = {**books.FACTS, "moonlight": "yes"}
        books.record(desk.book, "a", desk.name, {"a": ["one\n"], "b": ["\n"]}, facts)
        told = desk.run("check", desk.name)
        assert (told.exit_code, told.stdout) == (0, f"agreed: 2 steps of 1 chapter in {desk.name}\n")
        assert "not applicable here: #b (moonlight)\n" in told.stderr
        desk.page("a", pages[0], pages[1].replace("no-such", "another"), pages[2])
        assert desk.run("check", desk.name).stdout.startswith(f"{page}:8: {desk.name} #b: stale from step 1 of #b on")

    def test_what_this_machine_recorded_for_itself_is_what_it_is_compared_with(self, desk: Desk) -> None:
        desk.page("a", "{#a}\n$ echo one")
        keep(desk, "a", {"a": ["what another machine prints\n"]})
        assert desk.run("check", desk.name).exit_code == 1
        desk.record("--local")
        assert desk.run("check", desk.name).exit_code == 0
        desk.page("a", "{#a}\n$ echo two")
        keep(desk, "a", {"a": ["what another machine prints\n"]})  # of the chapter as it is, which ours is not any more
        assert "another machine" in desk.run("check", desk.name).stdout

    def test_a_readme_in_a_folder_of_its_own_is_checked_in_a_sandbox(self, desk: Desk, sandbox: str) -> None:
        (desk.root / "mkdocs.yml").unlink()
        readme = desk.root / "README.md"
        readme.write_text("# Tool\n\n```console\n$ id -u; hostname\n0\nsandbox\n$ cd /usr\n$ pwd\n/usr\n```\n")
        told = desk.run("check", sandbox, "README.md")
        assert (told.exit_code, told.stdout) == (0, "agreed: 3 steps of 1 chapter in sandbox\n")
        readme.write_text(readme.read_text().replace("/usr\n```", "/var\n```"))
        told = desk.run("check", sandbox, str(readme))
        assert told.exit_code == 1
        assert told.stdout.startswith(f"{readme}:8: sandbox: line 1 of the output is '/usr', expected '/var'\n")
        assert not (desk.root / "snippets").exists()

    def test_a_file_that_was_named_and_holds_no_step_is_bad_input(self, desk: Desk) -> None:
        page = desk.page("plain", "no prompt here")
        told = desk.run("check", desk.name, "docs/plain.md")
        assert told.exit_code == 2
        assert told.stderr.endswith(
            f"{page}:1: found no step\n  expected: a console block with a command\n"
            "  next: give a console block an id, or write the expected output below a command\n"
        )

    def test_a_run_in_which_no_step_is_for_the_environment_does_not_agree(self, desk: Desk) -> None:
        desk.page("a", "{#a when=podman}\n$ true")
        told = desk.run("check", desk.name)
        assert told.exit_code == 2
        assert told.stderr.endswith(f"no step of these chapters is for {desk.name}\n")

    def test_a_document_with_carriage_returns_runs(self, desk: Desk) -> None:
        page = desk.page("a", "$ echo one\none\n$ cat <<END\n> two\n> END\ntwo")
        page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
        assert desk.run("check", desk.name).stdout == f"agreed: 2 steps of 1 chapter in {desk.name}\n"
