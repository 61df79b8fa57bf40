"""What an environment file may say to minikube, and what minikube's own answers mean."""

from pathlib import Path

import pytest
from handbook.errors import InputError
from handbook.minikube.events import Failure, follow
from handbook.minikube.parameters import Parameters, read_parameters
from handbook.minikube.status import Profile, State, parse_profiles, parse_status

from tests.minikube.stand_in import RUNNING, SAMPLES, StandIn


class Listener:
    """Progress that remembers."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self.lines.append(text)


def sample(name: str) -> str:
    return (SAMPLES / name).read_text()


def test_a_file_without_parameters_asks_for_a_profile_of_the_handbook(laptop: StandIn) -> None:
    assert read_parameters(laptop.environment()) == Parameters(profile="handbook")


def test_a_version_may_be_written_with_or_without_its_letter(laptop: StandIn) -> None:
    assert read_parameters(laptop.environment("version: v1.37.2")) == read_parameters(laptop.environment("version: 1.37.2"))


def test_every_mistake_is_told_with_its_line(laptop: StandIn) -> None:
    start = "start: [nodes, --driver=kvm2, --wait=none]"
    lines = ("version: 1.37", "driver: none", "addons: dashboard", start, "colour: red", "images: [nginx]")
    with pytest.raises(InputError) as caught:
        read_parameters(laptop.environment(*lines))
    assert [(mistake.line, mistake.found) for mistake in caught.value.mistakes] == [
        (3, "version: 1.37"),
        (4, "driver: 'none'"),
        (5, "addons: 'dashboard'"),
        (6, "'nodes' in start"),
        (6, "--driver in start"),
        (6, "--wait in start"),
        (7, "parameter 'colour'"),
        (8, "'nginx' in images"),
    ]


def test_what_only_a_new_profile_can_be_given_does_not_go_with_reuse(laptop: StandIn) -> None:
    with pytest.raises(InputError, match="addons beside reuse: true"):
        read_parameters(laptop.environment("reuse: true", "addons: [ingress]"))


def test_reuse_is_a_matter_of_true_or_false(laptop: StandIn) -> None:
    with pytest.raises(InputError, match="true or false"):
        read_parameters(laptop.environment("reuse: sometimes"))


@pytest.mark.parametrize(
    ("exit_status", "text", "state"),
    [
        (85, sample("status-absent.json"), State.ABSENT),
        (7, sample("status-stopped.json"), State.STOPPED),
        (6, sample("status-without-kubernetes.json"), State.BROKEN),
        (0, RUNNING, State.RUNNING),
        (0, f"[{RUNNING},{RUNNING.replace('true', 'false')}]", State.RUNNING),
        (2, RUNNING.replace('"APIServer":"Running"', '"APIServer":"Paused"'), State.BROKEN),
        (50, "no JSON at all", State.BROKEN),
    ],
)
def test_a_status_is_read(exit_status: int, text: str, state: State) -> None:
    assert parse_status(exit_status, text).state is state


def test_a_status_that_is_not_well_says_what_is_not() -> None:
    status = parse_status(6, sample("status-without-kubernetes.json"))
    assert status.text == "Host Running, Kubelet Stopped, APIServer Stopped"


def test_profiles_are_read_by_name() -> None:
    assert parse_profiles(sample("profiles.json")) == {"trial": Profile(version="0.0.0", driver="docker", runtime="docker")}


def test_a_person_is_told_each_step_of_a_start_and_nothing_else() -> None:
    listener = Listener()
    assert follow(sample("start.json").splitlines(), listener) is None  # type: ignore[arg-type]
    assert listener.lines[0] == "[trial] minikube v1.38.1 on Debian 13.8 (amd64)"
    assert listener.lines[-1] == "Done! minikube is ready without Kubernetes!"
    assert len(listener.lines) == 7


def test_a_failed_start_is_told_in_minikubes_words() -> None:
    failure = follow(sample("start-failed.json").splitlines(), Listener())  # type: ignore[arg-type]
    assert failure == Failure(
        "PROVIDER_VIRTUALBOX_NOT_FOUND",
        "The 'virtualbox' provider was not found: unable to find VBoxManage in $PATH",
        "Install VirtualBox",
    )
    assert str(failure).endswith("next: Install VirtualBox")


@pytest.mark.parametrize("line", ["", "not JSON", "[]", "{}", "null", '{"type": "io.k8s.sigs.minikube.info", "data": {}}'])
def test_lines_of_another_form_break_nothing(line: str) -> None:
    assert follow([line], Listener()) is None  # type: ignore[arg-type]


def test_the_environment_of_the_book_is_a_good_one() -> None:
    from handbook.book import Book

    environment = Book.find(Path(__file__).parent).environment("minikube")
    assert read_parameters(environment).driver == "docker"
