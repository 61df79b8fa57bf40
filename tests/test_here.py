"""The environment ``here``: this machine itself, in a directory that nothing is left of."""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from handbook.book import Book
from handbook.environment import Environment, Target
from handbook.environments.here import Here
from handbook.errors import CouldNotRun, InputError, LeftBehind
from handbook.live import sweep
from handbook.performer import Performer
from handbook.process import process
from handbook.progress import Quiet
from handbook.reading.chapter_parser import parse_chapter
from handbook.runtime import Runtime
from handbook.shell import processes

NUMBERS = count()
ENVIRONMENT = Book(Path("/nowhere")).environment("here")
BRING_UP = """\
import sys
from pathlib import Path
from handbook.book import Book
from handbook.live import running
from handbook.progress import Quiet
with running(Book(Path("/nowhere")).environment("here"), {!r}, Quiet()) as provider:
    print(provider._home(), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def provider() -> Iterator[Here]:
    made = Here(ENVIRONMENT, f"test-here-{os.getpid()}-{next(NUMBERS)}")
    made.up(Quiet())
    yield made
    made.down()


def says(provider: Here, command: str) -> str:
    argv = [*provider.shell(Target("laptop")).argv, "bash", "--noprofile", "--norc", "-c", command]
    return subprocess.run(argv, capture_output=True, text=True, timeout=30, check=True).stdout


def home(provider: Here) -> Path:
    return Path(says(provider, "pwd").strip())


def test_every_book_has_it_without_a_file() -> None:
    assert ENVIRONMENT.provider == "here"
    assert "nothing is isolated" in ENVIRONMENT.description
    assert Here(ENVIRONMENT, "none").missing() == ()


def test_a_shell_starts_in_an_empty_home_of_its_own(provider: Here) -> None:
    assert says(provider, 'ls -A; [ "$PWD" = ~ ] && echo home') == "home\n"
    assert home(provider).stat().st_mode & 0o777 == 0o700


def test_the_programs_beside_our_interpreter_come_first(provider: Here) -> None:
    scripts = Path(sys.executable).parent
    assert says(provider, "command -v handbook") == f"{scripts}/handbook\n"
    assert says(provider, "command -v sort") == "/usr/bin/sort\n"


def test_our_own_variables_stay_outside(provider: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDBOOK_TEST_SECRET", "a secret")
    assert says(provider, "env | cut -d= -f1 | sort | tr '\\n' ' '") == "HOME LC_ALL PATH PWD SHELL SHLVL TERM TZ _ "


def test_both_targets_are_this_machine_and_there_is_no_other(provider: Here) -> None:
    assert provider.shell(Target("node")) == provider.shell(Target("laptop"))
    with pytest.raises(CouldNotRun, match="no target container:web: it has laptop and node"):
        provider.shell(Target("container", "web"))


def test_it_is_not_isolated(provider: Here) -> None:
    assert says(provider, "readlink /proc/self/ns/*") == "".join(
        f"{os.readlink(f'/proc/self/ns/{name}')}\n" for name in sorted(os.listdir("/proc/self/ns"))
    )


def test_its_facts_are_those_of_this_machine(provider: Here) -> None:
    facts = provider.fingerprint()
    assert facts.get("kernel") == os.uname().release
    assert facts.get("handbook")


def test_a_process_that_is_taking_up_another_program_is_ended_too(provider: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = int(says(provider, "setsid sleep 600 >/dev/null 2>&1 & echo $!"))
    seen: set[int] = set()

    def without_environment_at_first(one: processes.Process, variable: str) -> bool:
        if one.pid not in seen:
            seen.add(one.pid)
            return False
        return has_variable(one, variable)

    has_variable = processes.has_variable
    monkeypatch.setattr(processes, "has_variable", without_environment_at_first)
    provider.down()
    assert process(pid) is None


def test_down_removes_the_directory_and_ends_what_was_started_in_it(provider: Here) -> None:
    folder = home(provider)
    pid = int(says(provider, "mkdir -p closed/inner; chmod 0 closed; setsid sleep 600 >/dev/null 2>&1 & echo $!"))
    assert process(pid)
    provider.down()
    assert not folder.exists()
    assert process(pid) is None
    with pytest.raises(CouldNotRun, match="not up"):
        provider.shell(Target("laptop"))
    provider.down()


def test_down_follows_no_link_out_of_the_directory(provider: Here, tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    tmp_path.chmod(0o750)
    says(provider, f"ln -s {tmp_path} link")
    provider.down()
    assert (tmp_path / "mine").exists()
    assert tmp_path.stat().st_mode & 0o777 == 0o750


def test_down_deletes_nothing_that_is_mounted_in_the_directory(provider: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home(provider)  # only root could really mount something there
    with monkeypatch.context() as context:
        context.setattr("handbook.home_directory.mount_points", lambda: frozenset({Path("/"), folder / "shown"}))
        with pytest.raises(LeftBehind, match=f"mount {folder}/shown"):
            provider.down()
    assert folder.exists()


def test_every_up_is_pristine(provider: Here) -> None:
    before = home(provider)
    says(provider, "touch file")
    provider.up(Quiet())
    assert says(provider, "ls -A") == ""
    assert not before.exists()


def test_two_at_once_have_a_directory_each(provider: Here) -> None:
    other = Here(ENVIRONMENT, f"test-here-{os.getpid()}-{next(NUMBERS)}")
    other.up(Quiet())
    try:
        assert home(provider) != home(other)
    finally:
        other.down()
    assert home(provider).exists()


def test_what_a_killed_command_left_is_removed_by_the_next(private_runtime: str) -> None:
    instance = f"test-here-{os.getpid()}-{next(NUMBERS)}"
    words = [sys.executable, "-c", private_runtime + BRING_UP.format(instance)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().strip())
        assert folder.is_dir()
        owner.kill()
    assert folder.is_dir()
    sweep(Quiet())
    assert not folder.exists()
    assert not Runtime(instance).path.exists()


def test_a_chapter_runs_in_it() -> None:
    text = (
        "```console {#one}\n$ here=$(pwd)\n$ mkdir new && cd new\n$ [ $(pwd) = $here/new ] && [ ~ = $here ] && echo yes\nyes\n```\n"
    )
    with Performer(ENVIRONMENT, Quiet()) as performer:
        performance = performer.perform(parse_chapter(text, Path("page.md"), "page"))
    assert not performance.failures
    assert [done.outcome.output.text for done in performance.steps] == ["", "", "yes\n"]


def test_parameters_are_refused() -> None:
    with pytest.raises(InputError, match="parameter 'memory'"):
        Here(Environment("here", "here", Path("here.yml"), parameters={"memory": 1}), "here")
