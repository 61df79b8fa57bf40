"""The provider ``lab``: a disposable Debian node with systemd and Docker, made of packages, without a registry."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from handbook.environment import Environment, Missing, Shell, Target
from handbook.errors import CouldNotRun
from handbook.fingerprint import Fingerprint
from handbook.lab.cache import Cache, remove_tree
from handbook.lab.images import Images
from handbook.lab.machine import Setup
from handbook.lab.machines import make_machine
from handbook.lab.node import Node
from handbook.lab.parameters import read_parameters
from handbook.lab.recipe import load_recipe
from handbook.lab.resources import resources_of
from handbook.lab.root_filesystem import RootFilesystem
from handbook.progress import Progress
from handbook.runtime import Runtime

LONGEST_STOP = 60.0


class Lab:
    """A running copy of a lab environment. The contract is ``handbook.environment.Provider``."""

    name: ClassVar[str] = "lab"
    targets: ClassVar[tuple[str, ...]] = ("laptop", "node", "container")

    def __init__(self, environment: Environment, instance: str) -> None:
        parameters = read_parameters(environment)
        self._environment = environment
        self._resources = resources_of(environment)
        self._runtime = Runtime(instance)
        self._cache = Cache()
        self._disk, self._logs = self._cache.disk(instance), self._cache.logs(instance)
        setup = Setup(self._runtime, self._logs / "console.log", self._resources, self._cache, parameters.memory)
        self._machine = make_machine(parameters.machine, setup)
        packages = (*self._resources.packages(parameters.machine), *parameters.packages)
        folders = self._resources.node(parameters.machine)
        self._root = RootFilesystem(parameters.suite, packages, folders, image=self._machine.own_kernel)
        recipes = tuple(load_recipe(self._resources.image(name)) for name in parameters.images)
        self._images = Images(recipes, parameters.suite, self._root.key)

    def missing(self) -> tuple[Missing, ...]:
        """What this machine lacks."""
        packages = (package.missing() for package in self._resources.host_packages(self._machine.name) if not package.is_there())
        return (*self._machine.missing(self._environment.facts), *packages)

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
        if target.kind != "container":
            return Shell(node.enter, local=not elsewhere, relayed=bool(elsewhere), aside=elsewhere)
        if not node.runs_container(target.name):
            raise CouldNotRun(f"no container {target.name} runs in {self._runtime.instance}")
        docker = (*node.enter, "docker", "exec")
        interpreter = "bash" if node.has_bash(target.name) else "sh"
        return Shell(
            (*docker, "-i", target.name), interpreter, local=False, aside=elsewhere, terminal=(*docker, "-ti", target.name)
        )

    def fingerprint(self) -> Fingerprint:
        """Read the facts from the node itself."""
        return self._node().fingerprint()

    def _up(self, progress: Progress) -> None:
        log = self._logs / "build.log"
        root = self._root.get(self._cache, progress, log)
        images = self._cache.get("images", self._images.key, lambda path: self._build_images(root, path, progress, log), progress)
        self._boot(root, images, progress)

    def _boot(self, root: Path, template: Path | None, progress: Progress) -> None:
        with progress.step("systemd"):
            self._machine.boot(root, template, self._disk)
        with progress.step("Docker"):
            self._node().start("docker.service")

    def _build_images(self, root: Path, path: Path, progress: Progress, log: Path) -> None:
        """Make a template with the images, in a node of the instance that is to have it."""
        base = self._images.base.get(self._cache, progress, log)
        with progress.step("images, in a node that is thrown away"):
            self._boot(root, None, progress)
            self._images.build(self._node(), base, self._disk / "contexts", progress, log)
            self._node().run("systemctl", "stop", "docker.socket", "docker.service", timeout=LONGEST_STOP)
            self._machine.save(path)
        self._clean()

    def _node(self) -> Node:
        return Node(self._machine.enter(), self._logs)

    def _clean(self) -> None:
        self._machine.stop()
        remove_tree(self._disk)


PROVIDER = Lab
