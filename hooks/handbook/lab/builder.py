"""Building the disk that nodes of an environment start from, in nodes that are thrown away; every part is built once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from handbook.lab.cache import Cache, remove_tree
from handbook.lab.kubernetes.cluster import LONGEST_IMPORT, Cluster
from handbook.lab.kubernetes.parameters import Kubernetes
from handbook.lab.machine import Machine
from handbook.lab.node import Node
from handbook.lab.plan import Plan
from handbook.lab.root_filesystem import RootFilesystem
from handbook.progress import Progress

LONGEST_STOP = 60.0
LONGEST_SAVE = 300.0


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds parts on a machine that runs nothing else meanwhile.

    Parameters:
        machine: Boots the nodes.
        disk: Where they write.
        logs: Where their logs go.
        cache: Where the parts are.
        progress: Where to say what happens.
    """

    machine: Machine
    disk: Path
    logs: Path
    cache: Cache
    progress: Progress

    def root(self, root: RootFilesystem) -> Path:
        """A root file system."""
        return root.get(self.cache, self.progress, self.logs / "build.log")

    def docker(self, plan: Plan) -> Path:
        """A disk whose Docker has the images."""

        def build(path: Path) -> None:
            with self._thrown_away(plan.root, "images") as node:
                node.start("docker.service")
                self._images(plan, node)
                node.run("systemctl", "stop", "docker.socket", "docker.service", timeout=LONGEST_STOP)
                self.machine.save(path)

        return self.cache.get("template", plan.template, build, self.progress)

    def cluster(self, plan: Plan, kubernetes: Kubernetes) -> Path:
        """A disk with the images and a cluster that is ready to be started."""

        def build(path: Path) -> None:
            archive = self._archive(plan) if plan.has_workshop else None
            with self._thrown_away(plan.root, f"Kubernetes {kubernetes.version}") as node:
                cluster = Cluster(node, kubernetes)
                cluster.configure(plan.pause)
                if archive:
                    with self.progress.step("images, unpacked"):
                        node.run("ctr", "--namespace=k8s.io", "images", "import", "-", timeout=LONGEST_IMPORT, given=archive)
                else:
                    self._images(plan, node)
                cluster.init(self.progress)
                with self.progress.step("the cluster, stilled"):
                    cluster.still()
                    self.machine.save(path)

        return self.cache.get("template", plan.template, build, self.progress)

    def _archive(self, plan: Plan) -> Path:
        """An archive of the images, for a node that has no Docker."""

        def build(path: Path) -> None:
            with self._thrown_away(plan.workshop, "images") as node:
                node.start("docker.service")
                self._images(plan, node)
                names = node.run("docker", "images", "--format={{.Repository}}:{{.Tag}}", timeout=LONGEST_STOP).split()
                with self.progress.step("an archive of them"):
                    tagged = [name for name in names if not name.endswith(":<none>")]
                    node.run("docker", "save", *tagged, timeout=LONGEST_SAVE, taken=path)

        return self.cache.get("archive", plan.images.key, build, self.progress)

    def _images(self, plan: Plan, node: Node) -> None:
        base = plan.images.base.get(self.cache, self.progress, self.logs / "build.log")
        plan.images.build(node, base, self.disk / "contexts", self.progress, self.logs / "build.log")

    @contextmanager
    def _thrown_away(self, root: RootFilesystem, purpose: str) -> Iterator[Node]:
        """A node without anything but its root file system; gone afterwards with all that it wrote."""
        path = self.root(root)
        try:
            with self.progress.step(f"{purpose}, in a node that is thrown away"):
                self.machine.boot(path, None, self.disk, self.progress)
                yield Node(self.machine.enter(), self.logs)
        finally:
            self.machine.stop()
            remove_tree(self.disk)
