"""A profile of minikube: asked, made, started, stopped, deleted."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from handbook.errors import CouldNotRun
from handbook.minikube.parameters import Parameters
from handbook.minikube.program import Laptop
from handbook.minikube.shells import KUBECONFIG
from handbook.minikube.status import Profile, Status, parse_profiles, parse_status
from handbook.progress import Progress

# Seconds. The first start of a reader downloads a gigabyte, or for a driver with machines of its own a system.
LONGEST_START = 1800.0
LONGEST_STOP = 300.0
LONGEST_DNS = 180.0
LONGEST_ON_NODE = 60.0
LONGEST_LOAD = 600.0
# The reader's shells on the node find a kubectl that may do everything, as minikube gives it to them on the laptop.
SHARE_KUBECONFIG = f"""set -e
file=$(mktemp {KUBECONFIG}.XXXXXX)
sudo cat /etc/kubernetes/admin.conf > "$file"
mv "$file" {KUBECONFIG}
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One profile.

    Parameters:
        parameters: What the environment's file says of it.
        laptop: Where minikube runs.
    """

    parameters: Parameters
    laptop: Laptop

    def status(self) -> Status:
        """How the profile is now."""
        answer = self.laptop.ask(*self._minikube("status", "--output=json"))
        return parse_status(answer.exit, answer.output)

    def profile(self) -> Profile:
        """What the profile is made of; nothing of it needs to run.

        Raises:
            CouldNotRun: When minikube knows no such profile, or not enough of it.
        """
        known = parse_profiles(self.laptop.run("minikube", "profile", "list", "--light", "--output=json"))
        if self.parameters.profile not in known:
            raise CouldNotRun(f"minikube knows no valid profile {self.parameters.profile}; it knows {', '.join(known) or 'none'}")
        return known[self.parameters.profile]

    def make(self, progress: Progress, log: Path) -> None:
        """Make the profile as the parameters say, and wait until all of it is ready.

        Raises:
            CouldNotRun: With minikube's own words.
        """
        given = self.parameters
        pinned = {"driver": given.driver, "kubernetes-version": given.version and f"v{given.version}"}
        pinned |= {"container-runtime": given.runtime, "cni": given.cni, "addons": ",".join(given.addons)}
        self.start(progress, log, *(f"--{flag}={value}" for flag, value in pinned.items() if value), *given.start)

    def start(self, progress: Progress, log: Path, *flags: str) -> None:
        """Start the profile. Never to be called for one that runs: that would start every container anew.

        Raises:
            CouldNotRun: With minikube's own words.
        """
        words = self._minikube("start", "--output=json", "--interactive=false", "--wait=all", *flags)
        failure = self.laptop.follow(*words, timeout=LONGEST_START, log=log, progress=progress)
        if failure:
            raise CouldNotRun(f"minikube did not start: {failure}")

    def load_images(self) -> None:
        """Give the node images of this machine's Docker, or else of a registry. Where neither has one, minikube only warns."""
        self.laptop.run(*self._minikube("image", "load", *self.parameters.images), timeout=LONGEST_LOAD)

    def images(self) -> list[str]:
        """Whole names of the images in the node."""
        return self.laptop.run(*self._minikube("image", "ls")).split()

    def keep_one_name_server(self) -> None:
        """Say again what minikube says at the end of its start: it wants one CoreDNS, and goes on where nobody heard that."""
        self.laptop.run("kubectl", "--namespace=kube-system", "scale", "deployment/coredns", "--replicas=1")

    def await_names(self) -> None:
        """Wait for CoreDNS: names are answered later than minikube says that it is done."""
        words = ("--namespace=kube-system", "rollout", "status", "deployment/coredns", f"--timeout={LONGEST_DNS:.0f}s")
        self.laptop.run("kubectl", *words, timeout=LONGEST_DNS + 10)

    def kubeconfig(self, theirs: str) -> str:
        """A kubeconfig that knows this cluster alone, so that no command can reach another one.

        Parameters:
            theirs: The reader's own, as ``KUBECONFIG`` names files.
        """
        words = ("config", "view", f"--context={self.parameters.profile}", "--minify", "--flatten", "--raw")
        return replace(self.laptop, variables={**self.laptop.variables, "KUBECONFIG": theirs}).run("kubectl", *words)

    def open_node(self) -> None:
        """Let kubectl on the node reach the cluster."""
        self._on_node(SHARE_KUBECONFIG)

    def close_node(self) -> None:
        """Take that back."""
        self._on_node(f"rm -f {KUBECONFIG}")

    def stop(self) -> None:
        """Stop the profile; it can be started again."""
        self.laptop.run(*self._minikube("stop"), timeout=LONGEST_STOP)

    def delete(self) -> None:
        """Delete the profile; one that does not exist is no error."""
        self.laptop.run(*self._minikube("delete"), timeout=LONGEST_STOP)

    def minikube_version(self) -> str:
        """Version of the program."""
        answer = json.loads(self.laptop.run("minikube", "version", "--output=json"))
        return str(answer["minikubeVersion"]).removeprefix("v")

    def _on_node(self, script: str) -> None:
        self.laptop.run(*self._minikube("ssh", "--native-ssh=false", "--", "bash", "-s"), timeout=LONGEST_ON_NODE, given=script)

    def _minikube(self, *words: str) -> tuple[str, ...]:
        return ("minikube", f"--profile={self.parameters.profile}", *words)
