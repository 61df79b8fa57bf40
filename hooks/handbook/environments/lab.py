"""The provider ``lab``: a disposable Debian node with systemd and Docker, made of packages, without a registry."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from handbook.environment import Environment, Missing, Shell, Target
from handbook.fingerprint import Fingerprint
from handbook.lab.builder import Builder
from handbook.lab.cache import Cache, remove_tree
from handbook.lab.inside import find_inside
from handbook.lab.kubernetes.cluster import Cluster
from handbook.lab.kubernetes.source import Source
from handbook.lab.machine import Setup
from handbook.lab.machines import make_machine
from handbook.lab.node import Node
from handbook.lab.parameters import read_parameters
from handbook.lab.plan import plan_cluster, plan_docker
from handbook.lab.resources import resources_of
from handbook.progress import Progress
from handbook.runtime import Runtime


class Lab:
    """A running copy of a lab environment. The contract is ``handbook.environment.Provider``."""

    name: ClassVar[str] = "lab"
    targets: ClassVar[tuple[str, ...]] = ("laptop", "node", "container", "pod")

    def __init__(self, environment: Environment, instance: str) -> None:
        parameters = read_parameters(environment)
        self._environment = environment
        self._resources = resources_of(environment)
        self._runtime = Runtime(instance)
        self._cache = Cache()
        self._disk, self._logs = self._cache.disk(instance), self._cache.logs(instance)
        setup = Setup(self._runtime, self._logs / "console.log", self._resources, self._cache, parameters.memory)
        self._machine = make_machine(parameters.machine, setup)
        self._parameters = parameters
        self._kubernetes = parameters.kubernetes
        self._source = Source(self._kubernetes, self._cache) if self._kubernetes else None

    def missing(self) -> tuple[Missing, ...]:
        """What this machine lacks."""
        packages = (package.missing() for package in self._resources.host_packages(self._machine.name) if not package.is_there())
        programs = self._source.missing() if self._source else ()
        return (*self._machine.missing(self._environment.facts), *packages, *programs)

    def found(self) -> tuple[str, ...]:
        """The programs of the cluster, by the folders that they are in."""
        return self._source.found() if self._source else ()

    def up(self, progress: Progress) -> None:
        """Bring the node up, pristine; build first what is not cached."""
        self._runtime.claim()
        try:
            self._clean()
            self._cache.begin_logs(self._runtime.instance)
            self._up(progress)
        except BaseException:
            self._clean()
            self._runtime.remove()
            raise

    def down(self) -> None:
        """Stop the node and prove that nothing is left."""
        self._runtime.claim()
        self._clean()
        self._runtime.remove()

    def shell(self, target: Target) -> Shell:
        """Say how to start a shell on the node or in one of its containers."""
        node = self._node()
        elsewhere = node.enter if self._machine.own_kernel else ()
        if target.kind in {"laptop", "node"}:
            return Shell(node.enter, local=not elsewhere, relayed=bool(elsewhere), aside=elsewhere)
        docker = self._kubernetes is None or self._kubernetes.runtime == "docker"
        return find_inside(node, target, docker=docker).shell(node, elsewhere)

    def fingerprint(self) -> Fingerprint:
        """Read the facts from the node itself."""
        return self._node().fingerprint()

    def holds(self) -> tuple[str, ...]:
        """The cluster's objects, files of who uses it, settings; a node with Docker alone does not outlive a chapter."""
        return self._node().objects("/root", "/etc") if self._kubernetes else ()

    def _up(self, progress: Progress) -> None:
        builder = Builder(self._machine, self._disk, self._logs, self._cache, progress)
        if self._source and self._kubernetes:
            programs = self._source.programs(progress)
            plan = plan_cluster(self._resources, self._parameters, self._machine, programs)
            self._boot(builder.root(plan.root), builder.cluster(plan, self._kubernetes), progress)
            Cluster(self._node(), self._kubernetes).ready(progress)
        else:
            plan = plan_docker(self._resources, self._parameters, self._machine)
            self._boot(builder.root(plan.root), builder.docker(plan), progress)
            with progress.step("Docker"):
                self._node().start("docker.service")

    def _boot(self, root: Path, template: Path, progress: Progress) -> None:
        with progress.step("systemd"):
            self._machine.boot(root, template, self._disk, progress)

    def _node(self) -> Node:
        return Node(self._machine.enter(), self._logs)

    def _clean(self) -> None:
        self._machine.stop()
        remove_tree(self._disk)


PROVIDER = Lab
