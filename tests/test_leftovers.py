"""Whoever runs a chapter proves that it leaves its environment as it was."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from handbook import leftovers
from handbook.environment import Environment
from handbook.environments.here import Here
from handbook.errors import CouldNotRun
from handbook.leftovers import holdings, proved
from handbook.outcome import Finished, Output
from handbook.performance import Performed
from handbook.snippet import Snippet
from handbook.step import Step

ENVIRONMENT = Environment("here", "here", Path("here.yml"))
BEFORE = frozenset({"Pod kube-system/etcd", "Service default/kubernetes"})


class Inspected(Here):
    """An environment that holds one thing after the other; the last answer stays."""

    def __init__(self, *answers: Iterable[str] | CouldNotRun) -> None:
        super().__init__(ENVIRONMENT, "never-up")
        self.answers = list(answers)

    def holds(self) -> tuple[str, ...]:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, CouldNotRun):
            raise answer
        return tuple(answer)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "LONGEST", 0.05)
    monkeypatch.setattr(leftovers, "PAUSE", 0.01)


def steps(*problems: str) -> tuple[Performed, ...]:
    snippet = Snippet("a", 1, (Step("true", 2),))
    return tuple(
        Performed(snippet, snippet.steps[0], "node", Finished(0, Output(""), 0.1), problem=problem) for problem in problems
    )


def problems(environment: Here, done: tuple[Performed, ...]) -> list[str]:
    return [step.problem for step in proved(environment, BEFORE, done)]


def test_a_chapter_that_cleans_up_is_fine() -> None:
    assert problems(Inspected(BEFORE), steps("", "")) == ["", ""]


def test_what_takes_its_time_to_go_is_waited_for() -> None:
    assert problems(Inspected({*BEFORE, "Pod default/web"}, BEFORE), steps("", "")) == ["", ""]


def test_what_is_left_and_what_is_gone_is_a_problem_of_the_last_step() -> None:
    found = problems(Inspected({"Pod default/web", "file /root/pod.sh", "Service default/kubernetes"}), steps("", ""))
    expected = "the chapter does not clean up: left: Pod default/web, file /root/pod.sh; gone: Pod kube-system/etcd"
    assert found == ["", expected]


def test_of_many_things_a_few_are_named() -> None:
    (_, found) = problems(Inspected({*BEFORE, *(f"Pod default/{number}" for number in range(9))}), steps("", ""))
    assert found.endswith("Pod default/3, Pod default/4, 4 more")


def test_an_environment_that_does_not_answer_is_not_as_it_was() -> None:
    found = problems(Inspected(CouldNotRun("connection refused")), steps(""))
    assert found == ["after it the environment does not answer: connection refused"]


def test_a_chapter_that_failed_may_leave_anything() -> None:
    assert problems(Inspected(()), steps("exit status 1, expected 0", "")) == ["exit status 1, expected 0", ""]


def test_an_environment_that_nobody_inspects_holds_nothing() -> None:
    here = Here(ENVIRONMENT, "never-up")
    assert holdings(here) == frozenset()
    assert [step.problem for step in proved(here, frozenset(), steps(""))] == [""]
