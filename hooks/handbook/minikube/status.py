"""What minikube says of a profile."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import Any

ABSENT = 85
"""Exit status of a question about a profile that does not exist."""

PARTS = ("Host", "Kubelet", "APIServer")


class State(Enum):
    """How a profile is."""

    ABSENT = "absent"
    STOPPED = "stopped"
    RUNNING = "running"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Status:
    """An answer of ``minikube status``.

    Parameters:
        state: How the profile is as a whole.
        text: Its parts, for people.
    """

    state: State
    text: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a profile is made of, as ``minikube profile list`` says.

    Parameters:
        version: Version of Kubernetes, without ``v``.
        driver: What runs the node.
        runtime: The container runtime.
    """

    version: str
    driver: str
    runtime: str


def parse_status(exit_status: int, text: str) -> Status:
    """Read what ``minikube status --output=json`` printed on standard output.

    Parameters:
        exit_status: Of that command.
        text: One object, or for several nodes a list of them, the control plane first.
    """
    if exit_status == ABSENT:
        return Status(State.ABSENT)
    try:
        answer = json.loads(text)
    except ValueError:
        return Status(State.BROKEN, text.strip() or f"`minikube status` ended with status {exit_status}")
    node = answer[0] if isinstance(answer, list) else answer
    return _judge(node)


def _judge(node: dict[str, Any]) -> Status:
    parts = {part: str(node.get(part, "unknown")) for part in PARTS}
    text = ", ".join(f"{part} {state}" for part, state in parts.items())
    if set(parts.values()) == {"Running"}:
        return Status(State.RUNNING, text)
    return Status(State.STOPPED if parts["Host"] == "Stopped" else State.BROKEN, text)


def parse_profiles(text: str) -> dict[str, Profile]:
    """Read what ``minikube profile list --output=json`` printed: valid profiles by name."""
    return {profile["Name"]: _profile(profile["Config"]) for profile in json.loads(text)["valid"]}


def _profile(config: dict[str, Any]) -> Profile:
    kubernetes = config["KubernetesConfig"]
    return Profile(kubernetes["KubernetesVersion"].removeprefix("v"), config["Driver"], kubernetes["ContainerRuntime"])
