"""The places of a profile that shells start in, and what can be asked there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handbook.environment import Shell, Target
from handbook.errors import CouldNotRun
from handbook.fingerprint import Fingerprint, parse_probe, probe_script
from handbook.leftovers import objects_script
from handbook.minikube import shells
from handbook.minikube.cluster import Cluster
from handbook.minikube.program import Answer


@dataclass(frozen=True, slots=True)
class Places:
    """Shells of a profile that is up.

    Parameters:
        cluster: The profile.
    """

    cluster: Cluster

    def shell(self, target: Target) -> Shell:
        """Say how to start a shell.

        Raises:
            CouldNotRun: When no such container or pod runs.
        """
        match target.kind:
            case "laptop":
                return Shell(shells.laptop(self._variables()))
            case "node":
                return self._node()
            case "container":
                return self._container(target.name)
            case _:
                return self._pod(target.name)

    def fingerprint(self) -> Fingerprint:
        """The facts of the node, and what minikube says of it."""
        profile = self.cluster.profile()
        known = {"kubernetes": profile.version, "runtime": profile.runtime, "driver": profile.driver}
        known["minikube"] = self.cluster.minikube_version()
        return Fingerprint({**parse_probe(self._probe()).facts, **known})

    def objects(self) -> tuple[str, ...]:
        """What its cluster holds.

        Raises:
            CouldNotRun: When the API server does not answer.
        """
        return tuple(self.cluster.laptop.run("sh", "-s", given=objects_script()).splitlines())

    def _probe(self) -> str:
        answer = self._on_node("sh", "-s", given=probe_script())
        if answer.exit:
            raise CouldNotRun(f"the facts of minikube's node could not be read: {answer.errors.strip()}")
        return answer.output

    def _variables(self) -> dict[str, str]:
        return {**self.cluster.laptop.variables, **shells.kubectl_settings(self.cluster.profile().runtime)}

    def _node(self) -> Shell:
        return shells.node(self._variables(), self.cluster.profile().version)

    def _container(self, name: str) -> Shell:
        inspect = ("docker", "inspect", "--type=container", "--format={{.State.Running}}", name)
        if self._on_node(*inspect).output.strip() != "true":
            raise CouldNotRun(f"no container {name} runs in the Docker of minikube's node")
        return self._best(shells.container(self._node(), name))

    def _pod(self, name: str) -> Shell:
        answer = self.cluster.laptop.ask("kubectl", "get", "pod", name, "--output=jsonpath={.status.phase}")
        if answer.output != "Running":
            raise CouldNotRun(f"pod {name} does not run: {answer.output or answer.errors.strip()}")
        return self._best(shells.pod(self._node(), self._variables(), name))

    def _best(self, shell: Shell) -> Shell:
        """The same with bash, where the place has it."""
        answer = self.cluster.laptop.ask(*shell.argv, "bash", "-c", "echo yes")
        return replace(shell, interpreter="bash" if answer.output.strip() == "yes" else "sh")

    def _on_node(self, *words: str, given: str = "") -> Answer:
        return self.cluster.laptop.ask(*self._node().argv, *words, given=given)
