"""The programs of a cluster that are not Debian's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from handbook.environment import Missing
from handbook.errors import CouldNotRun
from handbook.lab import host
from handbook.lab.kubernetes.parameters import Kubernetes

RELEASED = ("kubeadm", "kubelet", "kubectl", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy")
"""What an official release of Kubernetes has."""

CONTAINERD = ("containerd", "containerd-shim-runc-v2", "ctr")

OLDEST_CONTAINERD = 2
"""The first number of the oldest version that reads settings of version 3."""

VERSION = re.compile(r"(\d+)\.\d+\.\d+")

WELCOME = ("crictl",)
"""What a node with containerd gets where it is there; chapters that need it say so."""

ORIGIN = {
    "etcd": "github.com/etcd-io/etcd/releases",
    "etcdctl": "github.com/etcd-io/etcd/releases",
    "coredns": "github.com/coredns/coredns/releases",
    "crictl": "github.com/kubernetes-sigs/cri-tools/releases",
    "containerd": "github.com/containerd/containerd/releases",
    "containerd-shim-runc-v2": "github.com/containerd/containerd/releases",
    "ctr": "github.com/containerd/containerd/releases",
}


@dataclass(frozen=True, slots=True)
class Programs:
    """Programs in a directory ``DIR/VERSION/bin`` or ``DIR/runtime/bin``; the first goes before the second.

    Parameters:
        directory: The directory.
        kubernetes: Which Kubernetes.
    """

    directory: Path
    kubernetes: Kubernetes

    @property
    def around(self) -> tuple[str, ...]:
        """What no release of Kubernetes has; not all of it is needed."""
        return ("etcd", "etcdctl", "coredns", *((*CONTAINERD, *WELCOME) if self.kubernetes.runtime == "containerd" else ()))

    @property
    def of_the_node(self) -> tuple[str, ...]:
        """What the root file system of the node has."""
        welcome = (name for name in WELCOME if self._find(name))
        return ("kubeadm", "kubelet", "kubectl", *((*CONTAINERD, *welcome) if self.kubernetes.runtime == "containerd" else ()))

    def path(self, name: str) -> Path:
        """The file of a program.

        Raises:
            CouldNotRun: When it is not there.
        """
        found = self._find(name)
        if found is None:
            raise CouldNotRun(f"no program {name} in {' or '.join(map(str, self._folders))}; `handbook doctor` says how to get it")
        return found

    def absent(self, names: Iterable[str]) -> list[str]:
        """Those that are not there."""
        return [name for name in names if self._find(name) is None]

    def missing(self, name: str) -> Missing:
        """What to tell a person about one that is not there."""
        release = f"kubernetes v{self.kubernetes.version}" if name in RELEASED else ORIGIN[name]
        folder = self._folders[0 if name in RELEASED else -1]
        cluster = f"a node with Kubernetes {self.kubernetes.version}"
        why = "chapters that ask the runtime, and targets in its containers" if name in WELCOME else cluster
        return Missing(name, why, f"put it into {folder}; it is in {release}", needed=name not in WELCOME)

    def found(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those that are there, a line for each folder."""
        by_folder: dict[Path, list[str]] = {}
        for path in filter(None, map(self._find, names)):
            by_folder.setdefault(path.parent, []).append(path.name)
        return tuple(f"{', '.join(found)} in {folder}" for folder, found in by_folder.items())

    def too_old(self) -> Iterator[Missing]:
        """A containerd that is there and does not know what the node's settings say; nothing where it does not tell its version."""
        path = self._find("containerd") if "containerd" in self.around else None
        version = VERSION.search(_told_by(path)) if path else None
        if path and version and int(version[1]) < OLDEST_CONTAINERD:
            remedy = f"put it in the place of {path}, which is {version[0]}; it is in {ORIGIN['containerd']}"
            yield Missing(f"containerd {OLDEST_CONTAINERD}", f"a node with Kubernetes {self.kubernetes.version}", remedy)

    @property
    def _folders(self) -> tuple[Path, ...]:
        version = self.kubernetes.version
        return tuple(self.directory / name / "bin" for name in (f"v{version}", version, "runtime"))

    def _find(self, name: str) -> Path | None:
        return next((path for folder in self._folders if (path := folder / name).is_file()), None)


def _told_by(path: Path) -> str:
    try:
        return host.run(str(path), "--version", timeout=30)
    except CouldNotRun:
        return ""
