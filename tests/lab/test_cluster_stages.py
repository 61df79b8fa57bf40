"""What hangs on the way up is named with its log, whether or not the node still answers; no node is needed for that."""

from pathlib import Path

import pytest
from handbook.errors import CouldNotRun
from handbook.lab.kubernetes.cluster import Cluster, Stage
from handbook.lab.kubernetes.parameters import Kubernetes
from handbook.lab.node import Node

HERE = ("env",)
SILENT = ("false",)
"""Words in front of every command in the node: those of a node that is this machine, and of one that answers nothing."""


def cluster(enter: tuple[str, ...], logs: Path) -> Cluster:
    return Cluster(Node(enter, logs), Kubernetes("1.37.2"))


@pytest.mark.parametrize(("words", "why"), [(("false",), "ended with status 1"), (("sleep", "60"), "took more than")])
def test_a_part_that_does_not_get_ready_is_named_with_the_end_of_its_log(words: tuple[str, ...], why: str, tmp_path: Path) -> None:
    with pytest.raises(CouldNotRun) as raised:
        cluster(HERE, tmp_path)._await(Stage("the tide", words, "seq 40"), 0.5)
    text = str(raised.value)
    assert text.startswith("the tide did not get ready: ")
    assert why in text
    assert text.endswith(f"  39\n  40\nits log: {tmp_path / 'tide.log'}")
    assert (tmp_path / "tide.log").read_text().split() == [str(number) for number in range(1, 41)]


def test_a_node_that_answers_no_more_does_not_hide_which_part_it_was(tmp_path: Path) -> None:
    with pytest.raises(CouldNotRun, match=r"the tide did not get ready(.|\n)*its log: .*tide\.log"):
        cluster(SILENT, tmp_path)._await(Stage("the tide", ("true",), "seq 40"), 0.5)
    with pytest.raises(CouldNotRun, match=r"moon\.service did not start(.|\n)*its log: .*moon\.service\.log"):
        Node(SILENT, tmp_path).start("moon.service")
