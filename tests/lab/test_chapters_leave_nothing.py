"""Every chapter about Kubernetes cleans up after itself, and the provider proves it: the cluster holds the same as before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from handbook import leftovers
from handbook.book import Book
from handbook.environment import load_environment
from handbook.live import bring_up, take_down
from handbook.performer import Performer
from handbook.progress import Quiet

from tests.books import block, chapter_of
from tests.lab.lab_node import BOOK, ENVIRONMENTS
from tests.lab.test_cluster import ENVIRONMENT, whole

pytestmark = pytest.mark.lab
CHAPTERS = [chapter.name for chapter in Book(BOOK).chapters if chapter.name.startswith("kubernetes/")]


@pytest.fixture(scope="module")
def performer() -> Iterator[Performer]:
    """Of a cluster that all chapters share, so that none finds it as new."""
    whole()
    environment = load_environment(ENVIRONMENTS / f"{ENVIRONMENT}.yml")
    bring_up(environment, Quiet())
    try:
        with Performer(environment, Quiet()) as made:
            yield made
    finally:
        take_down(environment)


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_cluster_is_as_it_was(performer: Performer, name: str) -> None:
    performance = performer.perform(Book(BOOK).chapter(name))
    assert [(step.step.command, step.problem) for step in performance.failures] == []


def test_what_a_chapter_leaves_is_told(performer: Performer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "LONGEST", 1.0)
    (failure,) = performer.perform(chapter_of(block("$ kubectl create configmap mine\n$ touch ~/mine /etc/mine"))).failures
    assert failure.problem == "the chapter does not clean up: left: ConfigMap default/mine, file /etc/mine, file /root/mine"
    (failure,) = performer.perform(chapter_of(block("$ kubectl delete configmap mine\n$ rm ~/mine /etc/mine"))).failures
    assert failure.problem == "the chapter does not clean up: gone: ConfigMap default/mine, file /etc/mine, file /root/mine"
