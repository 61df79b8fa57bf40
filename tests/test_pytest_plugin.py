"""The pytest plugin: every step of every chapter is a test, replayed from recordings or run live."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from handbook.book import Book
from handbook.process import process
from handbook.recording import RecordedStep
from handbook.runtime import instances

from tests import books
from tests.commands.desk import fenced

ENVIRONMENT = f"plugin-{os.getpid()}"


FOREGROUND: tuple[str, ...] = ()
BACKGROUND = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")  # what `&` does to a command of a script


def terminal_interrupt(pid: int) -> None:
    """What Ctrl-C in a terminal does: the program and its workers hear it."""
    os.killpg(pid, signal.SIGINT)


def service_stop(pid: int) -> None:
    """What `timeout` and a service manager do: only the program hears it."""
    os.kill(pid, signal.SIGTERM)


class Project:
    """A project of an author with pages and recordings, and pytest run on it."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.root = pytester.path
        (self.root / "mkdocs.yml").touch()
        environments = self.root / "resources" / "environments"
        environments.mkdir(parents=True)
        (environments / f"{ENVIRONMENT}.yml").write_text("provider: here\ntarget: node\n")

    def page(self, name: str, *blocks: str) -> Path:
        path = self.root / "docs" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# Title\n\n" + "\n".join(map(fenced, blocks)))
        return path

    def keep(self, name: str, outputs: books.Outputs, environment: str = ENVIRONMENT) -> None:
        books.record(Book(self.root), name, environment, outputs)

    def recordings(self) -> dict[str, str]:
        folder = self.root / "snippets"
        return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.yml"), key=str)}

    def run(self, *words: str) -> pytest.RunResult:
        return self.pytester.runpytest_inprocess("-p", "no:cacheprovider", "-W", "error", *words)

    def live(self, *words: str) -> pytest.RunResult:
        return self.run("--environment", ENVIRONMENT, *words)


@pytest.fixture
def project(pytester: pytest.Pytester) -> Iterator[Project]:
    yield Project(pytester)
    assert not [name for name in instances() if name.startswith(ENVIRONMENT)]


class TestReplay:
    def test_every_step_in_every_environment_is_an_item_with_a_readable_name(self, project: Project) -> None:
        project.page("linux/ns", "{#unshare}\n$ true\n$ false\n#: exit=1", '{#two when="docker"}\n$ true', "$ echo a\na")
        project.keep("linux/ns", {"unshare": ["", ""], "two": [""]}, "debian-12")
        books.record(Book(project.root), "linux/ns", "sandbox", {"unshare": ["", ""]}, {"kernel": "6.1"})
        result = project.run("docs", "-v")
        result.assert_outcomes(passed=5)
        result.stdout.fnmatch_lines(
            [
                "docs/linux/ns.md::debian-12:unshare:1 PASSED*",
                "docs/linux/ns.md::debian-12:unshare:2 PASSED*",
                "docs/linux/ns.md::debian-12:two:1 PASSED*",
                "docs/linux/ns.md::sandbox:unshare:1 PASSED*",
                "docs/linux/ns.md::sandbox:unshare:2 PASSED*",
            ]
        )

    def test_a_stale_step_fails_and_so_does_every_step_behind_it(self, project: Project) -> None:
        project.page("a", "{#a}\n$ true\n$ false\n#: exit=1\n$ true")
        project.keep("a", {"a": ["", "", ""]})
        project.page("a", "{#a}\n$ true\n$ other\n#: exit=1\n$ true")
        result = project.run("docs")
        result.assert_outcomes(passed=1, failed=2)
        result.stdout.fnmatch_lines(
            [
                f"docs/a.md:5: {ENVIRONMENT}: stale from step 2 of #a on: it has another command than was recorded",
                "  $ other",
                f"  next: handbook record {ENVIRONMENT} a",
            ]
        )

    def test_an_expectation_that_is_not_met_fails_its_step_alone(self, project: Project) -> None:
        project.page("a", "{#a}\n$ echo one\ntwo\n$ echo two\ntwo")
        project.keep("a", {"a": ["one\n", "two\n"]})
        result = project.run("docs")
        result.assert_outcomes(passed=1, failed=1)
        result.stdout.fnmatch_lines(
            [
                f"docs/a.md:4: {ENVIRONMENT}: the recorded output is not the expected one: line 1 of the output is 'one', *",
                "  $ echo one",
                "  - two",
                "  + one",
            ]
        )
        result.stdout.no_fnmatch_line("*Traceback*")

    def test_a_secret_fails_the_step_that_printed_it(self, project: Project) -> None:
        project.page("a", "{#a}\n$ true\n$ cat key")
        project.keep("a", {"a": ["", "password=hunter2hunter2\n"]})
        result = project.run("docs")
        result.assert_outcomes(passed=1, failed=1)
        result.stdout.fnmatch_lines([f"docs/a.md:5: {ENVIRONMENT}: a secret stands in the recording of step 2: credential"])

    def test_a_chapter_that_is_not_recorded_fails(self, project: Project) -> None:
        page = project.page("a", "{#a}\n$ true")
        result = project.run("docs")
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines([f"{page}:1: not recorded in any environment", "  next: handbook record ENVIRONMENT a"])
        project.page("b", "{#b}\n$ true")
        project.keep("b", {"b": [""]})
        result = project.run("docs")
        result.assert_outcomes(passed=1, failed=1)
        result.stdout.fnmatch_lines([f"docs/a.md:4: {ENVIRONMENT}: not recorded", f"  next: handbook record {ENVIRONMENT} a"])

    def test_a_mistake_in_a_page_is_an_error_with_every_mistake(self, project: Project) -> None:
        page = project.page("a", "{#a target=moon}\n$ true\n#: exti=1")
        result = project.run("docs")
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines([f"*{page}:3: found target 'moon'", f"*{page}:5: found exti=1"])

    def test_a_broken_recording_is_an_error(self, project: Project) -> None:
        project.page("a", "{#a}\n$ true")
        project.keep("a", {"a": [""]})
        (project.root / "snippets" / ENVIRONMENT / "a.yml").write_text("format: 1\n")
        result = project.run("docs")
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["*a.yml:1: found no 'chapter'"])

    def test_steps_are_chosen_by_name(self, project: Project) -> None:
        project.page("a", "{#first}\n$ true\n$ true", "{#second}\n$ true")
        project.keep("a", {"first": ["", ""], "second": [""]})
        project.run("docs", "-k", "second").assert_outcomes(passed=1, deselected=2)
        project.run("docs", "-m", "handbook").assert_outcomes(passed=3)
        project.run(f"docs/a.md::{ENVIRONMENT}:first:2").assert_outcomes(passed=1)

    def test_a_named_file_without_a_step_fails_and_an_unnamed_one_does_not(self, project: Project) -> None:
        project.page("a", "{#a}\n$ true")
        project.keep("a", {"a": [""]})
        page = project.page("plain", "no prompt")
        project.run("docs").assert_outcomes(passed=1)
        result = project.run("docs/a.md", "docs/plain.md")
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines([f"*{page}:1: found no step*"])
        project.page("plain", "$ echo a\na")
        result = project.run("docs/plain.md")
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(
            ["*plain.md:1: found no step that is recorded", "*next: pytest *plain.md --environment sandbox*"]
        )

    def test_a_document_with_other_fences_is_found(self, project: Project) -> None:
        page = project.root / "docs" / "a.md"
        page.parent.mkdir()
        page.write_bytes(b"\xef\xbb\xbf~~~ {.console #a}\r\n$ true\r\n~~~\r\n")
        project.keep("a", {"a": [""]})
        project.run("docs").assert_outcomes(passed=1)

    def test_junit_reports_name_commands_and_environments(self, project: Project) -> None:
        project.page("a", "{#a}\n$ echo one\ntwo")
        project.keep("a", {"a": ["one\n"]})
        project.run("docs", "--junit-xml", "report.xml")
        (case,) = ElementTree.parse(project.root / "report.xml").iter("testcase")
        assert case.attrib["name"] == f"{ENVIRONMENT}:a:1"
        properties = {found.attrib["name"]: found.attrib["value"] for found in case.iter("property")}
        assert properties == {"command": "echo one", "environment": ENVIRONMENT}
        assert "the recorded output is not the expected one" in "".join(case.itertext())


class TestLive:
    def test_steps_run_and_agree_with_what_is_stored(self, project: Project) -> None:
        project.page("a", "{#a}\n$ x=1\n$ echo $x $$\n", "$ echo 2\n2")
        project.keep("a", {"a": ["", "1 4711\n"]})
        before = project.recordings()
        result = project.live("docs", "-v")
        result.assert_outcomes(passed=3)
        result.stdout.fnmatch_lines([f"docs/a.md::{ENVIRONMENT}:a:2 PASSED*", f"docs/a.md::{ENVIRONMENT}:line-9:1 PASSED*"])
        assert project.recordings() == before

    def test_drift_shows_the_command_both_outputs_the_difference_and_what_accepts_it(self, project: Project) -> None:
        page = project.page("a", "{#a}\n$ echo same\n$ echo one; echo two; echo three")
        project.keep("a", {"a": ["same\n", "one\ntoo\nthree\n"]})
        result = project.live("docs")
        result.assert_outcomes(passed=1, failed=1)
        result.stdout.fnmatch_lines(
            [
                f"docs/a.md:5: {ENVIRONMENT}: line 2*two*too*",
                "  $ echo one; echo two; echo three",
                "*too*",
                "*two*",
                f"  next: handbook record {ENVIRONMENT} a",
                f"  or accept it: pytest {page} --environment {ENVIRONMENT} --update",
            ]
        )
        result.stdout.no_fnmatch_line("*Traceback*")

    def test_drift_is_explained_by_what_has_changed_in_the_environment(self, project: Project) -> None:
        project.page("a", "{#a}\n$ echo ${BASH_VERSION%%(*}")
        books.record(Book(project.root), "a", ENVIRONMENT, {"a": ["4.1.0\n"]}, {"bash": "4.1.0"})
        result = project.live("docs")
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(
            [
                "  since it was recorded the environment *: bash 4.1.0 -> *",
                "  because of bash 4.1.0 -> *: the version of bash is printed",
            ]
        )

    def test_what_drifted_is_accepted_when_asked_for(self, project: Project) -> None:
        project.page("a", "{#a}\n$ echo new")
        project.keep("a", {"a": ["old\n"]})
        project.live("docs", "--update").assert_outcomes(passed=1)
        assert "new" in project.recordings()[f"{ENVIRONMENT}/a.yml"]
        project.live("docs").assert_outcomes(passed=1)
        project.run("docs").assert_outcomes(passed=1)

    def test_a_first_recording_can_be_made_by_accepting_it(self, project: Project) -> None:
        project.page("a", "{#a}\n$ echo new")
        project.live("docs", "--update").assert_outcomes(passed=1)
        assert list(project.recordings()) == [f"{ENVIRONMENT}.yml", f"{ENVIRONMENT}/a.yml"]
        project.run("docs").assert_outcomes(passed=1)

    def test_a_failure_is_never_accepted(self, project: Project) -> None:
        project.page("a", "{#a}\n$ (exit 3)\n$ echo fine")
        project.keep("a", {"a": [RecordedStep("(exit 3)"), "fine\n"]})
        before = project.recordings()
        result = project.live("docs", "--update")
        result.assert_outcomes(passed=1, failed=1)
        result.stdout.fnmatch_lines([f"docs/a.md:4: {ENVIRONMENT}: exit status 3, expected 0", "  $ (exit 3)"])
        assert {name: text for name, text in project.recordings().items() if "failed" not in name} == before

    def test_a_lost_shell_fails_every_step_behind_it(self, project: Project) -> None:
        project.page("a", "$ echo 1\n1\n$ exit 3\n#: timeout=20\n$ echo 3\n3")
        result = project.live("docs")
        result.assert_outcomes(passed=1, failed=2)
        result.stdout.fnmatch_lines(["*: the shell ended with status 3", "*: ran in a fresh shell, which proves nothing: *"])

    def test_a_step_that_fails_shows_what_it_printed_and_a_summary_says_why(self, project: Project) -> None:
        project.page("a", "$ seq 99; no-such-command\n#: exit=0", "$ seq 3\n1\n3")
        result = project.live("docs")
        result.assert_outcomes(failed=2)
        result.stdout.fnmatch_lines(["  | 99", "  | bash: no-such-command: command not found", "  - 3", "  + 2", "  + 3"])
        result.stdout.no_fnmatch_line("  | 88")
        result.stdout.fnmatch_lines([f"FAILED docs/a.md::{ENVIRONMENT}:line-3:1 - docs/a.md:4: {ENVIRONMENT}: e*"])

    @pytest.mark.parametrize(
        ("end", "shell", "workers"),
        [
            (terminal_interrupt, FOREGROUND, ()),
            (terminal_interrupt, FOREGROUND, ("-n", "2")),
            (service_stop, FOREGROUND, ()),
            (service_stop, BACKGROUND, ("-n", "2")),
        ],
    )
    def test_an_interrupt_leaves_nothing_running(
        self, project: Project, end: Callable[[int], None], shell: tuple[str, ...], workers: tuple[str, ...]
    ) -> None:
        begun = project.root / "begun"
        project.page("a", f"$ sleep 1000 & echo $! > {begun}.new; mv {begun}.new {begun}; sleep 1000\n#: timeout=300\nx")
        argv = [*shell, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "docs", "--environment", ENVIRONMENT, *workers]
        with subprocess.Popen(argv, cwd=project.root, stdout=subprocess.DEVNULL, process_group=0) as run:
            deadline = time.monotonic() + 60
            while not begun.exists() and time.monotonic() < deadline:
                time.sleep(0.02)
            job = process(int(begun.read_text()))
            end(run.pid)
            assert run.wait(60) == pytest.ExitCode.INTERRUPTED
        assert job
        assert not job.runs()

    def test_chapters_are_divided_among_workers_and_none_is_run_twice(self, project: Project) -> None:
        for name in "abcd":
            project.page(name, f"{{#{name}}}\n$ echo {name} >> {project.root}/{name}.log\n$ true\n$ true")
            project.keep(name, {name: ["", "", ""]})
        project.live("docs", "-n", "2").assert_outcomes(passed=12)
        assert [(project.root / f"{name}.log").read_text() for name in "abcd"] == ["a\n", "b\n", "c\n", "d\n"]

    def test_only_what_was_chosen_is_run(self, project: Project) -> None:
        for name in "ab":
            project.page(name, f"{{#{name}}}\n$ touch {project.root}/{name}.ran")
        project.live("docs", "-k", f"{ENVIRONMENT}:a:").assert_outcomes(passed=1, deselected=1)
        assert (project.root / "a.ran").exists()
        assert not (project.root / "b.ran").exists()

    def test_what_does_not_apply_is_no_item(self, project: Project) -> None:
        project.page("a", "{#a}\n$ true", '{#b when="podman"}\n$ false')
        (project.root / "docs" / "c.md").write_text("---\nrequires: podman\n---\n\n```console {#c}\n$ false\n```\n")
        project.live("docs").assert_outcomes(passed=1)

    def test_a_readme_runs_in_a_sandbox(self, project: Project) -> None:
        (project.root / "README.md").write_text("```console\n$ hostname\nsandbox\n```\n")
        result = project.run("README.md", "--environment", "sandbox")
        if "cannot run here" in result.stdout.str() and not os.environ.get("CI"):
            pytest.skip("no sandbox here")
        result.assert_outcomes(passed=1)

    @pytest.mark.parametrize("words", [("docs",), ("docs/a.md",)])
    def test_an_environment_that_cannot_run_here_is_an_error_and_no_skip(self, project: Project, words: tuple[str, ...]) -> None:
        project.page("a", "{#a}\n$ true")
        environments = project.root / "resources" / "environments"
        (environments / "odd.yml").write_text("provider: here\nfacts:\n  cgroup: 7\n")
        result = project.run(*words, "--environment", "odd")
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["*odd.yml: states cgroup: 7, but here cgroup is *"])
        assert result.ret == pytest.ExitCode.INTERRUPTED

    def test_an_unknown_environment_is_an_error(self, project: Project) -> None:
        project.page("a", "{#a}\n$ true")
        result = project.run("docs", "--environment", "moon")
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["*no environment 'moon'; environments are: *"])

    def test_update_without_an_environment_is_refused(self, project: Project) -> None:
        project.page("a", "{#a}\n$ true")
        result = project.run("docs", "--update")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(["*--update needs --environment NAME: recordings come from runs only"])


def test_projects_without_chapters_are_left_alone(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_one(): pass")
    (pytester.path / "README.md").write_text("# Title\n\n```sh\nconsole\n```\n")
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
