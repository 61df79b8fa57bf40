"""When a profile is left alone: one that is somebody else's, or not what the environment's file says."""

from __future__ import annotations

from handbook.errors import CouldNotRun
from handbook.minikube.cluster import Cluster
from handbook.minikube.home import their_minikube
from handbook.minikube.parameters import Parameters
from handbook.minikube.program import Laptop
from handbook.minikube.remains import remains
from handbook.minikube.status import State, Status

CHOICE = "choose another name with the parameter `profile`, or say `reuse: true` to record in that one"


def check_free(parameters: Parameters, laptop: Laptop) -> None:
    """Refuse to make a profile whose name is taken.

    Raises:
        CouldNotRun: With what has the name.
    """
    theirs = their_minikube() / "profiles" / parameters.profile
    if theirs.exists():
        raise CouldNotRun(f"minikube profile {parameters.profile} is your own ({theirs})\n  next: {CHOICE}")
    if taken := remains(parameters, laptop):
        names = ", ".join(taken)
        raise CouldNotRun(f"another minikube has a profile {parameters.profile}: {names}\n  next: {CHOICE}, or delete it")


def check_usable(parameters: Parameters, cluster: Cluster, status: Status) -> None:
    """Refuse to use a profile that is not there, not well, or not what the environment's file says.

    Raises:
        CouldNotRun: With what is and what should be.
    """
    name = parameters.profile
    if status.state is State.ABSENT:
        raise CouldNotRun(f"there is no minikube profile {name}\n  next: minikube start -p {name}, or without `reuse` one is made")
    if status.state is State.BROKEN:
        raise CouldNotRun(f"minikube profile {name} is not well: {status.text}\n  next: minikube start -p {name}")
    found = cluster.profile()
    for key in ("version", "driver", "runtime"):
        wanted, given = getattr(parameters, key), getattr(found, key)
        if wanted and wanted != given:
            raise CouldNotRun(f"minikube profile {name} has {key} {given}, and the environment says {wanted}")
