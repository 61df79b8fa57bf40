"""The parts that a node of an environment is made from, each known by the digest of what goes into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources as own
from pathlib import Path

from handbook.lab.digest import digest
from handbook.lab.images import Images
from handbook.lab.kubernetes.kubeadm import configuration
from handbook.lab.kubernetes.programs import Programs
from handbook.lab.kubernetes.references import ORDER, references
from handbook.lab.machine import Machine
from handbook.lab.parameters import Parameters
from handbook.lab.recipe import load_recipe
from handbook.lab.resources import Resources
from handbook.lab.root_filesystem import RootFilesystem

FORMAT = "2"
"""Of templates; another one means that those in the cache cannot be used."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is built for an environment.

    Parameters:
        root: The root file system of the node.
        workshop: That of the node whose Docker builds the images; the same where the node has Docker.
        images: The images.
        template: Key of the disk that the node starts from.
        pause: Name of the image of a pod's first process; empty without Kubernetes.
    """

    root: RootFilesystem
    workshop: RootFilesystem
    images: Images
    template: str
    pause: str = ""

    @property
    def has_workshop(self) -> bool:
        """Whether the images are built in another kind of node."""
        return self.root != self.workshop


def plan_docker(resources: Resources, parameters: Parameters, machine: Machine) -> Plan:
    """Plan a node with Docker alone."""
    root = _root(resources, parameters, machine, ("docker",), parameters.packages)
    images = Images(tuple(load_recipe(resources.image(name)) for name in parameters.images), parameters.suite, root.key)
    return Plan(root, root, images, f"{machine.name}-{images.key}-{FORMAT}")


def plan_cluster(resources: Resources, parameters: Parameters, machine: Machine, programs: Programs) -> Plan:
    """Plan a node with a cluster.

    Raises:
        CouldNotRun: When a program is not there.
    """
    kubernetes = programs.kubernetes
    files = tuple(programs.path(name) for name in programs.of_the_node)
    root = _root(resources, parameters, machine, (kubernetes.runtime, "kubernetes"), parameters.packages, *files)
    workshop = root
    if kubernetes.runtime != "docker":
        workshop = _root(resources, parameters, machine, ("docker",), parameters.workshop)
    names = references(programs.path("kubeadm"), kubernetes.version)
    folders = (*parameters.images, *(f"kubernetes/{name}" for name in ORDER))
    recipes = tuple(load_recipe(resources.image(name)) for name in folders)
    inside = {name: programs.path(name) for recipe in recipes for name in recipe.programs}
    images = Images(recipes, parameters.suite, workshop.key, inside, names)
    return Plan(root, workshop, images, _cluster_key(root, images, machine, programs), names["pause"])


def _cluster_key(root: RootFilesystem, images: Images, machine: Machine, programs: Programs) -> str:
    still = own.files("handbook").joinpath("assets/still-cluster.sh").read_text(encoding="utf-8")
    # The certificates that kubeadm makes hold for a year.
    year = str(datetime.now(UTC).year)
    kubernetes = programs.kubernetes
    words = (machine.name, root.key, images.key, configuration(kubernetes), str(kubernetes.name_servers), still, year, FORMAT)
    return f"{machine.name}-kubernetes-{kubernetes.version}-{digest(words)}"


def _root(
    resources: Resources,
    parameters: Parameters,
    machine: Machine,
    parts: tuple[str, ...],
    packages: tuple[str, ...],
    *programs: Path,
) -> RootFilesystem:
    wanted = (*resources.packages(machine.name, parts), *packages)
    folders = resources.node(machine.name, parts)
    return RootFilesystem(parameters.suite, wanted, folders, image=machine.own_kernel, programs=programs)
