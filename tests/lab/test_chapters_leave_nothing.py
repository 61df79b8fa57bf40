"""Every chapter about Kubernetes cleans up after itself: the cluster holds the same objects before and after it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from handbook.book import Book
from handbook.performance import Stage

from tests.lab.lab_node import BOOK, LabNode
from tests.lab.test_cluster import whole

pytestmark = pytest.mark.lab
CHAPTERS = [chapter.name for chapter in Book(BOOK).chapters if chapter.name.startswith("kubernetes/")]
# What has an owner goes with it; events and leases come and go by themselves.
OBJECTS = """
kinds=$(kubectl api-resources --verbs=list --output=name | grep -vE '^(events|leases|componentstatuses)' | paste -sd,)
kubectl get $kinds --all-namespaces --output=json 2>/dev/null |
  jq -r '.items[] | select(.metadata.ownerReferences | not) | "\\(.kind) \\(.metadata.namespace // "-")/\\(.metadata.name)"'
find ~ /etc/kubernetes -type f -not -path '*/.kube/*'
crictl pods --state=Ready --quiet | wc -l
"""
LONGEST = 90.0


@pytest.fixture(scope="module")
def node() -> Iterator[LabNode]:
    made = whole()
    made.up()
    yield made
    made.lab.down()


def objects(node: LabNode) -> list[str]:
    return sorted(node.output(OBJECTS).splitlines())


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_cluster_is_as_it_was(node: LabNode, name: str) -> None:
    chapter = Book(BOOK).chapter(name)
    before = objects(node)
    stage = Stage(node.lab.shell)
    try:
        done = list(stage.perform(chapter, chapter.variant(node.lab.fingerprint()), "node"))
    finally:
        stage.close()
    assert [(step.step.command, step.problem) for step in done if step.problem] == []
    deadline = time.monotonic() + LONGEST
    while (after := objects(node)) != before and time.monotonic() < deadline:
        time.sleep(1)
    assert after == before
