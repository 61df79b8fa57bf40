"""The provider with the real minikube: pytest -m minikube. Takes some minutes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from handbook.book import Book
from handbook.environment import Target
from handbook.environments.minikube import Minikube
from handbook.errors import CouldNotRun
from handbook.minikube.status import parse_profiles
from handbook.outcome import Finished
from handbook.progress import Lines
from handbook.session import Command, Session

from tests.conftest import commands

pytestmark = pytest.mark.minikube
ENVIRONMENT = Book.find(Path(__file__).parent).environment("minikube")
# What minikube makes in Docker, and where nothing may be left.
TRACES = ("docker ps -aq", "docker volume ls -q", "docker network ls -q")


@pytest.fixture(scope="module")
def before() -> str:
    return traces()


@pytest.fixture(scope="module")
def provider(before: str) -> Iterator[Minikube]:
    made = Minikube(ENVIRONMENT, f"test-minikube-{os.getpid()}")
    made.up(Lines())
    yield made
    made.down()
    made.down()
    assert traces() == before


def traces() -> str:
    return "".join(subprocess.run(words.split(), capture_output=True, text=True, check=True).stdout for words in TRACES)


def says(provider: Minikube, target: str, *lines: str) -> str:
    """What commands print in one session on a target; all must succeed."""
    kind, _, name = target.partition(":")
    session = Session(lambda: provider.shell(Target(kind, name)))
    try:
        outcomes = list(session.run(commands(*lines, timeout=120)))
    finally:
        session.close()
    assert all(isinstance(outcome, Finished) and outcome.exit == 0 for outcome in outcomes), outcomes
    return "".join(outcome.output.text for outcome in outcomes)


def test_its_facts_are_those_of_the_node_and_of_minikube(provider: Minikube) -> None:
    facts = provider.fingerprint()
    given = ENVIRONMENT.parameters
    assert [facts.get(name) for name in ("kubernetes", "driver", "runtime")] == [
        given["version"],
        given["driver"],
        given["runtime"],
    ]
    for name in ("minikube", "kernel", "cgroup", "distribution", "iptables", "docker"):
        assert facts.get(name)


def test_the_cluster_is_ready_when_it_is_up(provider: Minikube) -> None:
    pods = says(provider, "laptop", "kubectl get pods -A --no-headers")
    assert "coredns" in pods
    assert all(" Running " in line and "1/1" in line for line in pods.splitlines())


def test_the_node_has_the_images_of_the_file(provider: Minikube) -> None:
    there = says(provider, "laptop", "minikube image ls").split()
    for image in ENVIRONMENT.parameters["images"]:
        assert any(name.endswith(image) for name in there), image


def test_what_a_chapter_made_beside_the_profile_is_deleted_too(provider: Minikube) -> None:
    """The proof is that nothing is left when the provider is down."""
    says(provider, "laptop", "minikube start --profile=beside --no-kubernetes --driver=docker")


def test_a_session_on_the_node_keeps_its_state_and_its_streams_apart(provider: Minikube) -> None:
    assert says(provider, "node", "cd /tmp; x='a  b'", 'echo "$PWD $x"', "sudo id -u") == "/tmp a  b\n0\n"
    session = Session(lambda: provider.shell(Target("node")))
    (outcome,) = session.run([Command("echo wrong >&2; (exit 7)")])
    session.close()
    assert isinstance(outcome, Finished)
    assert (outcome.exit, outcome.output.text, outcome.output.stderr) == (7, "wrong\n", (1,))


def test_kubectl_reaches_the_cluster_from_both_places(provider: Minikube) -> None:
    assert says(provider, "node", "kubectl get nodes -o name") == says(provider, "laptop", "kubectl get nodes -o name")


def test_a_step_that_does_not_end_is_ended_on_the_node_too(provider: Minikube) -> None:
    session = Session(lambda: provider.shell(Target("node")))
    endless, after = session.run([Command("sudo sleep 3456", duration=1.0), Command("pgrep -f 'sleep 345[6]'")])
    session.close()
    assert isinstance(endless, Finished)
    assert endless.stopped
    assert isinstance(after, Finished)
    assert after.exit == 1


def test_what_a_session_started_on_the_node_ends_with_it(provider: Minikube) -> None:
    says(provider, "node", "sleep 2345 & true")
    assert says(provider, "node", "pgrep -f 'sleep 234[5]' || echo none") == "none\n"


def test_shells_start_in_containers_and_pods(provider: Minikube) -> None:
    says(
        provider,
        "laptop",
        "kubectl run web --image=nginx --image-pull-policy=IfNotPresent",
        "kubectl wait pod/web --for=condition=Ready",
    )
    assert says(provider, "pod:web", "hostname", "echo $((6 * 7))") == "web\n42\n"
    name = says(provider, "node", "docker ps --format '{{.Names}}' | grep k8s_web").strip()
    assert says(provider, f"container:{name}", "hostname") == "web\n"
    says(provider, "laptop", "kubectl delete pod web --now")
    for target in (Target("pod", "web"), Target("container", name)):
        with pytest.raises(CouldNotRun, match="run"):
            provider.shell(target)


def test_a_second_copy_of_the_profile_is_refused(provider: Minikube) -> None:
    with pytest.raises(CouldNotRun, match="is in use by"):
        Minikube(ENVIRONMENT, f"test-minikube-{os.getpid()}-second").up(Lines())
    assert says(provider, "node", "echo here") == "here\n"


@pytest.mark.usefixtures("provider")
def test_the_readers_own_minikube_knows_nothing_of_it() -> None:
    assert shutil.which("minikube")
    listed = subprocess.run(["minikube", "profile", "list", "-o", "json"], capture_output=True, text=True, check=True).stdout
    assert ENVIRONMENT.parameters["profile"] not in parse_profiles(listed)
