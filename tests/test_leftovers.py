"""Whoever runs a chapter proves that it leaves its environment as it was."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from handbook import leftovers
from handbook.environment import Environment
from handbook.environments import here
from handbook.errors import CouldNotRun
from handbook.live import bring_up, take_down
from handbook.performance import Performance
from handbook.performer import Performer
from handbook.progress import Lines, Quiet
from handbook.recorder import Recorder, Result
from handbook.store import Store

from tests.books import block, chapter_of

ENVIRONMENT = Environment("leftovers", "here", Path("leftovers.yml"))
CHAPTER = chapter_of(block("$ true\n$ true", "{#a}"))
BEFORE = frozenset({"Pod kube-system/etcd", "Service default/kubernetes"})
Answers = list["Iterable[str] | CouldNotRun"]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """What the environment holds, one answer after the other; the last one stays."""
    given: Answers = []

    class Inspected(here.Here):
        def holds(self) -> tuple[str, ...]:
            answer = given.pop(0) if len(given) > 1 else given[0]
            if isinstance(answer, CouldNotRun):
                raise answer
            return tuple(answer)

    monkeypatch.setattr(here, "PROVIDER", Inspected)
    monkeypatch.setattr(leftovers, "PAUSE", 0.01)
    return given


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "LONGEST", 0.05)


def perform(page: str = "") -> Performance:
    with Performer(ENVIRONMENT, Quiet()) as performer:
        return performer.perform(chapter_of(page) if page else CHAPTER)


def problems(performance: Performance) -> list[str]:
    return [step.problem for step in performance.steps]


def test_a_chapter_that_cleans_up_is_fine(answers: Answers) -> None:
    answers[:] = [BEFORE]
    assert problems(perform()) == ["", ""]


def test_what_takes_its_time_to_go_is_waited_for(answers: Answers) -> None:
    answers[:] = [BEFORE, {*BEFORE, "Pod default/web"}, CouldNotRun("busy"), BEFORE]
    assert problems(perform()) == ["", ""]


@pytest.mark.usefixtures("impatient")
def test_what_is_left_and_what_is_gone_is_a_problem_of_the_last_step(answers: Answers) -> None:
    answers[:] = [BEFORE, {"Pod default/web", "file /root/pod.sh", "Service default/kubernetes"}]
    expected = "the chapter does not clean up: left: Pod default/web, file /root/pod.sh; gone: Pod kube-system/etcd"
    assert problems(perform()) == ["", expected]


@pytest.mark.usefixtures("impatient")
def test_it_is_a_step_that_the_author_wrote(answers: Answers) -> None:
    answers[:] = [BEFORE, ()]
    first, second = problems(perform(block("$ true\n$ true\n#: hidden")))
    assert (bool(first), second) == (True, "")


@pytest.mark.usefixtures("impatient")
def test_such_a_chapter_is_not_recorded(answers: Answers, tmp_path: Path) -> None:
    answers[:] = [BEFORE, ()]
    (entry,) = Recorder(ENVIRONMENT, lambda _: Store(tmp_path), Quiet()).record([CHAPTER])
    assert entry.result is Result.FAILED
    assert not Store(tmp_path).path(ENVIRONMENT.name, CHAPTER.name).exists()


@pytest.mark.usefixtures("impatient")
def test_of_many_things_a_few_are_named(answers: Answers) -> None:
    answers[:] = [BEFORE, {*BEFORE, *(f"Pod default/{number}" for number in range(9))}]
    assert problems(perform())[1].endswith("Pod default/3, Pod default/4, 4 more")


@pytest.mark.usefixtures("impatient")
def test_an_environment_that_does_not_answer_is_not_as_it_was(answers: Answers) -> None:
    answers[:] = [BEFORE, CouldNotRun("connection refused")]
    assert problems(perform())[1] == "after it the environment does not answer: connection refused"


def test_one_that_answers_late_is_asked_again_before_the_first_step(answers: Answers) -> None:
    answers[:] = [CouldNotRun("connection refused"), CouldNotRun("connection refused"), BEFORE]
    assert problems(perform()) == ["", ""]


@pytest.mark.usefixtures("impatient")
def test_one_that_never_answers_cannot_run(answers: Answers) -> None:
    answers[:] = [CouldNotRun("connection refused")]
    with pytest.raises(CouldNotRun, match="connection refused"):
        perform()


def test_a_chapter_that_failed_may_leave_anything(answers: Answers) -> None:
    answers[:] = [BEFORE, ()]
    assert problems(perform(block("$ false\n#: exit=0\n$ true"))) == ["exit status 1, expected 0", ""]


def test_chapters_that_share_an_environment_take_turns(answers: Answers, tmp_path: Path) -> None:
    answers[:] = [BEFORE]
    shared = replace(ENVIRONMENT, name=f"leftovers-{os.getpid()}", path=tmp_path / "leftovers.yml")
    log = tmp_path / "log"
    # Who runs beside another one waits for its words; who runs alone waits in vain.
    step = f"$ echo begin >> {log}; timeout 1 sh -c 'until [ $(grep -c begin {log}) = 2 ]; do :; done'; echo end >> {log}"
    said = io.StringIO()
    bring_up(shared, Quiet())
    try:
        Recorder(shared, lambda _: Store(tmp_path), Lines(said), jobs=2).record([chapter_of(block(step)), chapter_of(block(step))])
    finally:
        take_down(shared)
    assert log.read_text().split() == ["begin", "end", "begin", "end"]
    assert f"waiting until another chapter in {shared.name} has ended" in said.getvalue()


def test_who_ends_the_chapters_does_not_wait(answers: Answers) -> None:
    answers[:] = [BEFORE, ()]
    ended: list[BaseException] = []

    def performed(performer: Performer) -> None:
        try:
            performer.perform(CHAPTER)
        except KeyboardInterrupt as error:
            ended.append(error)

    with Performer(ENVIRONMENT, Quiet()) as performer:
        thread = threading.Thread(target=performed, args=(performer,))
        thread.start()
        performer.stop()
        thread.join(30)
    assert len(ended) == 1
