"""Nodes for the tests of the lab."""

from collections.abc import Callable, Iterator

import pytest

from tests.lab.lab_node import LabNode


@pytest.fixture(scope="session", params=["debian-12", "debian-13"])
def node(request: pytest.FixtureRequest) -> Iterator[LabNode]:
    """A node that is up, shared by the tests that leave nothing which would disturb another."""
    made = LabNode(request.param)
    made.up()
    yield made
    made.lab.down()


@pytest.fixture(scope="session")
def parts() -> None:
    """Whatever an up takes from the cache is there, so that an up shows its moments quickly."""
    node = LabNode("debian-13")
    node.up()
    node.lab.down()


@pytest.fixture
def nodes() -> Iterator[Callable[..., LabNode]]:
    """Makes nodes that are not up yet; all are brought down."""
    made: list[LabNode] = []

    def make(environment: str = "debian-13") -> LabNode:
        made.append(LabNode(environment))
        return made[-1]

    yield make
    for one in made:
        one.lab.down()
