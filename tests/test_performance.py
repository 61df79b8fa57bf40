"""Chapters run in real shells: what passes, what does not, and what is kept of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from handbook.environment import Shell, Target
from handbook.errors import CouldNotRun
from handbook.fingerprint import Fingerprint
from handbook.performance import Performance, Performed, Stage
from handbook.recording import Recording

from tests.books import block, chapter_of
from tests.conftest import LOCAL

Run = Callable[[str], Performance]


def shells(target: Target) -> Shell:
    """Shells of this machine; its containers are empty rooms, and one of them is never there."""
    if target.name == "gone":
        raise CouldNotRun("no container gone runs here")
    return Shell((*LOCAL, f"PLACE={target}"), local=target.kind != "container")


@pytest.fixture
def run() -> Iterator[Run]:
    stages: list[Stage] = []

    def performed(page: str) -> Performance:
        chapter = chapter_of(page)
        stages.append(Stage(shells))
        steps = stages[-1].perform(chapter, chapter.variant(Fingerprint({"bash": "5.2"})), "node")
        return Performance(chapter, "here", tuple(steps))

    yield performed
    for stage in stages:
        stage.close()


def problems(performance: Performance) -> list[str]:
    return [done.problem for done in performance.steps]


def outputs(steps: tuple[Performed, ...]) -> list[str]:
    return [done.outcome.output.text for done in steps]


def test_a_chapter_runs_in_one_shell_per_target(run: Run) -> None:
    page = block("$ x=1; cd /usr\n$ echo $x $PWD $PLACE") + block("$ echo $x. $PLACE", "{#two target=laptop}")
    page += block("$ echo $x $PLACE", "{#three}")
    performance = run(page)
    assert outputs(performance.steps) == ["", "1 /usr node\n", ". laptop\n", "1 node\n"]
    assert performance.failures == ()


def test_a_variant_that_is_not_for_the_environment_does_not_run(run: Run) -> None:
    page = block("$ echo old", '{#a when="bash < 5"}') + block("$ echo new", '{#a when="bash >= 5"}')
    assert outputs(run(page).steps) == ["new\n"]


def test_clean_up_runs_last_and_also_when_the_chapter_failed(run: Run) -> None:
    page = block("$ echo bye", "{#bye .cleanup}") + block("$ false\n$ exit 3\n$ true")
    performance = run(page)
    assert [done.snippet.id for done in performance.steps] == ["one", "one", "one", "bye"]
    assert outputs(performance.steps)[-1] == "bye\n"
    assert [snippet.id for snippet in performance.recording().snippets] == ["bye", "one"]


def test_an_exit_status_is_the_expected_one_or_a_problem(run: Run) -> None:
    page = "$ false\n#: exit=1\n$ (exit 4)\n#: exit=1\n$ true\n#: exit=1\n$ false"
    assert problems(run(block(page))) == [
        "",
        "exit status 4, expected 1",
        "exit status 0, expected 1",
        "exit status 1, expected 0",
    ]


def test_an_expected_output_is_compared(run: Run) -> None:
    page = "$ echo a; echo b\na\nb\n$ echo pid $$\npid ...\n$ echo a; echo c\na\nb"
    assert problems(run(block(page))) == ["", "", "line 2 of the output is 'c', expected 'b'"]


def test_captured_values_are_used_by_later_steps_on_any_target(run: Run) -> None:
    page = block("$ echo id=4711\n#: capture id=id=(\\d+)\n$ echo {{ id }} {{id}} {{.x}} {{end}}")
    page += block("$ echo {{ id }}\n$ echo {{ id }}\n#: raw", "{#two target=container:web}")
    performance = run(page)
    assert outputs(performance.steps)[1:] == ["4711 4711 {{.x}} {{end}}\n", "4711\n", "{{ id }}\n"]
    step = performance.recording().snippets[0].steps[1]
    assert step.command == "echo {{ id }} {{id}} {{.x}} {{end}}"
    assert performance.recording().snippets[0].steps[0].captured == (("id", "4711"),)


def test_a_capture_that_matches_nothing_fails_its_step_and_what_uses_it_is_not_run(run: Run, log: Path) -> None:
    page = f"$ echo nothing\n#: capture id=\\d+\n$ echo {{{{ id }}}} >> {log}\n$ echo on >> {log}\n$ echo {{{{id}}}} >> {log}"
    assert problems(run(block(page))) == [
        "capture id=\\d+ matches nothing in the output",
        "it was not run: {{ id }} has no value: the step that captures it failed, or is for other environments",
        "",
        "it was not run: {{ id }} has no value: the step that captures it failed, or is for other environments",
    ]
    assert log.read_text() == "on\n"


def test_a_step_is_repeated_until_its_output_matches(run: Run, log: Path) -> None:
    performance = run(block(f"$ echo x >> {log}; wc -l < {log}\n#: until=^3$ timeout=20"))
    assert problems(performance) == [""]
    assert outputs(performance.steps) == ["3\n"]


def test_a_step_that_never_matches_ends_in_its_time(run: Run) -> None:
    start = time.monotonic()
    performance = run(block("$ echo no\n#: until=yes timeout=600ms\n$ sleep 1000\n#: until=yes timeout=300ms\n$ echo after"))
    assert problems(performance)[0] == "the output never matched until=yes within 0.6 s"
    assert problems(performance)[1].endswith("and was ended; the output never matched until=yes within 0.3 s")
    assert outputs(performance.steps)[2] == "after\n"
    assert problems(performance)[2] == ""
    assert time.monotonic() - start < 8


def test_an_endless_step_is_stopped_in_its_time_and_passes(run: Run) -> None:
    performance = run(block("$ echo begin; sleep 1000\n#: for=300ms\n$ yes\n#: timeout=300ms"))
    assert problems(performance) == ["", "it was still running after 0.3 s and was ended"]
    assert outputs(performance.steps)[0].startswith("begin\n")


def test_an_endless_step_that_ends_by_itself_is_judged_by_its_status(run: Run) -> None:
    assert problems(run(block("$ (exit 3)\n#: for=20s\n$ (exit 3)\n#: for=20s exit=3"))) == ["exit status 3, expected 0", ""]


def test_a_step_on_a_terminal_has_one(run: Run) -> None:
    performance = run(block("$ [ -t 1 ] && tput cols\n#: tty\n$ [ -t 1 ]\n#: exit=1 hidden"))
    assert problems(performance) == ["", ""]
    assert outputs(performance.steps)[0] == "100\n"


def test_a_try_that_is_cut_short_does_not_hide_the_one_before_it(run: Run, log: Path) -> None:
    performance = run(block(f"$ echo x >> {log}; wc -l < {log}; [ $(wc -l < {log}) = 1 ] || sleep 1000\n#: until=never timeout=2s"))
    (step,) = performance.steps
    assert step.outcome.output.text == "1\n"
    assert step.problem == "the output never matched until=never within 2 s"


def test_nothing_behind_a_lost_shell_passes_until_the_chapter_ends(run: Run) -> None:
    page = block("$ echo before\n$ exit 3\n$ echo after\n#: capture x=after") + block("$ echo {{ x }}", "{#two}")
    page += block("$ echo elsewhere", "{#three target=laptop}")
    performance = run(page)
    fresh = "ran in a fresh shell, which proves nothing: of a step before it, the shell ended with status 3"
    assert problems(performance) == ["", "the shell ended with status 3", fresh, fresh, ""]
    assert outputs(performance.steps) == ["before\n", "", "after\n", "after\n", "elsewhere\n"]


def test_a_container_that_is_not_there_costs_its_own_steps_only(run: Run) -> None:
    page = block("$ true\n$ true", "{#one target=container:gone}") + block("$ echo here", "{#two}")
    missing = "it was not run: no container gone runs here"
    assert problems(run(page)) == [missing, missing, ""]


def test_a_terminal_that_a_container_cannot_have_costs_its_own_step_only(run: Run) -> None:
    found = problems(run(block("$ true\n$ true\n#: tty\n$ true", "{#one target=container:web}")))
    assert found[0] == found[2] == ""
    assert found[1].startswith("it was not run: a step with 'tty' needs a target")


def test_an_environment_without_a_shell_could_not_run() -> None:
    def none(_: Target) -> Shell:
        return Shell(("no-such-program",))

    stage = Stage(none)
    chapter = chapter_of(block("$ true"))
    with pytest.raises(CouldNotRun, match="'no-such-program' does not start"):
        list(stage.perform(chapter, chapter.snippets, "node"))


def test_only_snippets_with_an_id_are_recorded_and_without_secrets(run: Run) -> None:
    page = block("$ echo not kept\nnot kept", "") + block("$ echo password=hunter2hunter2; echo e >&2", "{#kept target=laptop}")
    recording: Recording = run(page).recording()
    (snippet,) = recording.snippets
    assert (snippet.id, snippet.target) == ("kept", "laptop")
    assert (snippet.steps[0].output, snippet.steps[0].stderr) == ("password=<credential-1>\ne\n", (2,))


def test_a_slow_environment_gives_every_step_more_time(log: Path) -> None:
    stage = Stage(shells, patience=30)
    chapter = chapter_of(
        block(f"$ sleep 0.3\n#: timeout=100ms\n$ echo x >> {log}; sleep 0.1; wc -l < {log}\n#: until=^2$ timeout=200ms")
    )
    assert [done.problem for done in stage.perform(chapter, chapter.snippets, "node")] == ["", ""]
    stage.close()


def test_steps_are_told_as_soon_as_they_end() -> None:
    stage = Stage(shells)
    chapter = chapter_of(block("$ echo first\n$ sleep 1000\n#: timeout=900ms"))
    steps = stage.perform(chapter, chapter.snippets, "node")
    start = time.monotonic()
    assert next(steps).outcome.output.text == "first\n"
    assert time.monotonic() - start < 0.8
    stage.close()
