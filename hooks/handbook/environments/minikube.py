"""The provider ``minikube``: the real one; ``laptop`` is this machine, ``node`` is minikube's node."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from handbook.environment import Environment, Missing, Shell, Target
from handbook.errors import CouldNotRun, LeftBehind
from handbook.fingerprint import Fingerprint
from handbook.lab.cache import Cache
from handbook.minikube import images, refusal, tools
from handbook.minikube.cluster import Cluster
from handbook.minikube.home import Home, their_kubeconfig
from handbook.minikube.parameters import read_parameters
from handbook.minikube.places import Places
from handbook.minikube.program import Laptop
from handbook.minikube.remains import remains
from handbook.minikube.status import State
from handbook.progress import Progress
from handbook.runtime import Runtime

TRIES = 5
PAUSE = 1.0
"""Seconds between two tries."""


class Minikube:
    """A running copy of a minikube environment. The contract is ``handbook.environment.Provider``."""

    name: ClassVar[str] = "minikube"
    targets: ClassVar[tuple[str, ...]] = ("laptop", "node", "container", "pod")

    def __init__(self, environment: Environment, instance: str) -> None:
        self._environment = environment
        self._parameters = read_parameters(environment)
        self._runtime = Runtime(instance)
        self._home = Home(self._parameters, instance)
        self._cluster = Cluster(self._parameters, Laptop(self._home.variables()))

    def missing(self) -> tuple[Missing, ...]:
        """What this machine lacks."""
        return tuple(tools.missing(self._parameters))

    def up(self, progress: Progress) -> None:
        """Make the profile, or where the environment's file says so, use the reader's own."""
        self._runtime.claim()
        self._clean()
        try:
            self._home.claim()
            (self._reuse if self._parameters.reuse else self._make)(progress)
            with progress.step("CoreDNS"):
                self._cluster.await_names()
            self._cluster.open_node()
        except BaseException:
            self._clean()
            self._runtime.remove()
            raise

    def down(self) -> None:
        """Delete the profile that was made, or leave the reader's own one as it was."""
        self._runtime.claim()
        self._clean()
        self._runtime.remove()

    def shell(self, target: Target) -> Shell:
        """Say how to start a shell on the laptop, on the node, in a container of the node or in a pod."""
        return self._places().shell(target)

    def fingerprint(self) -> Fingerprint:
        """Read the facts from the node and from minikube."""
        return self._places().fingerprint()

    def holds(self) -> tuple[str, ...]:
        """The objects of the cluster."""
        return self._places().objects()

    def _places(self) -> Places:
        if not (self._home.is_there and self._home.is_ours):
            raise CouldNotRun(f"{self._environment.name} is not up")
        return Places(self._cluster)

    def _make(self, progress: Progress) -> None:
        """Make the profile in a minikube of our own."""
        refusal.check_free(self._parameters, self._cluster.laptop)
        self._home.furnish()
        with progress.step(f"minikube profile {self._parameters.profile}"):
            self._cluster.make(progress, self._log())
            self._cluster.keep_one_name_server()
        images.load(self._cluster, progress)

    def _reuse(self, progress: Progress) -> None:
        """Use the profile of the reader's own minikube; start it where it is stopped, and then stop it again in the end."""
        status = self._cluster.status()
        refusal.check_usable(self._parameters, self._cluster, status)
        if status.state is State.STOPPED:
            self._home.note_start()
            with progress.step(f"minikube profile {self._parameters.profile}"):
                self._cluster.start(progress, self._log(), "--keep-context")
        self._home.write_kubeconfig(self._cluster.kubeconfig(their_kubeconfig()))

    def _clean(self) -> None:
        if not (self._home.is_there and self._home.is_ours):
            return
        self._home.end_processes()
        if self._parameters.reuse:
            self._leave()
        elif self._home.is_furnished:
            self._delete()
        self._home.end_processes()
        self._home.remove()

    def _delete(self) -> None:
        """Delete all profiles; again where something is left: the driver may just do what a killed start has asked for."""
        parameters = [replace(self._parameters, profile=name) for name in self._home.profiles()]
        for _ in range(TRIES):
            for each in parameters:
                replace(self._cluster, parameters=each).delete()
            left = [thing for each in parameters for thing in remains(each, self._cluster.laptop)]
            if not left:
                return
            time.sleep(PAUSE)
        raise LeftBehind(left)

    def _leave(self) -> None:
        """Leave the reader's profile as it was."""
        if self._cluster.status().state is State.RUNNING:
            self._cluster.close_node()
        if self._home.has_started:
            self._cluster.stop()

    def _log(self) -> Path:
        """Where the words of the last start are; they outlive the profile."""
        log = Cache().logs(f"minikube-{self._parameters.profile}") / "start.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        return log


PROVIDER = Minikube
