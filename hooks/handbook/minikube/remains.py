"""What a profile leaves in Docker or Podman: looked for before it is made, and after it is deleted."""

from __future__ import annotations

from collections.abc import Iterator

from handbook.minikube.parameters import Parameters
from handbook.minikube.program import Laptop
from handbook.search_path import is_there

LABEL = "name.minikube.sigs.k8s.io"
QUESTIONS = (
    ("container", ("ps", "--all", "--format={{.Names}}")),
    ("volume", ("volume", "ls", "--format={{.Name}}")),
    ("network", ("network", "ls", "--format={{.Name}}")),
)


def remains(parameters: Parameters, laptop: Laptop) -> list[str]:
    """Containers, volumes and networks of minikube that carry the profile's name, one readable line each."""
    programs = [parameters.driver] if parameters.driver else ["docker", "podman"]
    return [thing for program in programs if program in {"docker", "podman"} for thing in _of(program, parameters.profile, laptop)]


def _of(program: str, profile: str, laptop: Laptop) -> Iterator[str]:
    if not is_there(program):
        return
    for kind, words in QUESTIONS:
        found = laptop.ask(program, *words, f"--filter=label={LABEL}={profile}")
        yield from (f"{program} {kind} {name}" for name in found.output.split())
