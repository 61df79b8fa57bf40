"""The programs of a cluster that are not Debian's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from handbook.environment import Missing
from handbook.errors import CouldNotRun
from handbook.lab.kubernetes.parameters import Kubernetes

RELEASED = ("kubeadm", "kubelet", "kubectl", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy")
"""What an official release of Kubernetes has."""

CONTAINERD = ("containerd", "containerd-shim-runc-v2", "ctr", "crictl")

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
        """What no release of Kubernetes has."""
        return ("etcd", "etcdctl", "coredns", *(CONTAINERD if self.kubernetes.runtime == "containerd" else ()))

    @property
    def of_the_node(self) -> tuple[str, ...]:
        """What the root file system of the node has."""
        return ("kubeadm", "kubelet", "kubectl", *(CONTAINERD if self.kubernetes.runtime == "containerd" else ()))

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
        return Missing(name, f"a node with Kubernetes {self.kubernetes.version}", f"put it into {folder}; it is in {release}")

    @property
    def _folders(self) -> tuple[Path, ...]:
        version = self.kubernetes.version
        return tuple(self.directory / name / "bin" for name in (f"v{version}", version, "runtime"))

    def _find(self, name: str) -> Path | None:
        return next((path for folder in self._folders if (path := folder / name).is_file()), None)
