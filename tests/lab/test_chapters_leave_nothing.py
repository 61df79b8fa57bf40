"""Every chapter about Kubernetes cleans up after itself, and the provider proves it: the cluster holds the same as before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from handbook import leftovers
from handbook.book import Book
from handbook.chapter import Chapter
from handbook.leftovers import holdings, proved
from handbook.performance import Performed, Stage

from tests.books import block, chapter_of
from tests.lab.lab_node import BOOK, LabNode
from tests.lab.test_cluster import whole

pytestmark = pytest.mark.lab
CHAPTERS = [chapter.name for chapter in Book(BOOK).chapters if chapter.name.startswith("kubernetes/")]


@pytest.fixture(scope="module")
def node() -> Iterator[LabNode]:
    made = whole()
    made.up()
    yield made
    made.lab.down()


def performed(node: LabNode, chapter: Chapter) -> Sequence[Performed]:
    before = holdings(node.lab)
    assert before
    stage = Stage(node.lab.shell)
    try:
        steps = tuple(stage.perform(chapter, chapter.variant(node.lab.fingerprint()), "node"))
    finally:
        stage.close()
    return proved(node.lab, before, steps)


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_cluster_is_as_it_was(node: LabNode, name: str) -> None:
    steps = performed(node, Book(BOOK).chapter(name))
    assert [(step.step.command, step.problem) for step in steps if step.problem] == []


def test_what_a_chapter_leaves_is_told(node: LabNode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "LONGEST", 1.0)
    *_, last = performed(node, chapter_of(block("$ kubectl create configmap mine\n$ touch ~/mine")))
    assert last.problem == "the chapter does not clean up: left: ConfigMap default/mine, file /root/mine"
