"""The images that kubeadm wants, by the names by which it asks for them."""

from __future__ import annotations

from pathlib import Path

from handbook.errors import CouldNotRun
from handbook.lab import host

ORDER = ("pause", "etcd", "coredns", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy")
"""Folders of resources/images/kubernetes."""


def references(kubeadm: Path, version: str) -> dict[str, str]:
    """Names of images by folder, for instance ``registry.k8s.io/pause:3.10.1`` for ``pause``.

    Raises:
        CouldNotRun: When it asks for none of some folder.
    """
    words = (str(kubeadm), "config", "images", "list", f"--kubernetes-version=v{version}")
    names = host.run(*words, timeout=30).split()
    found = {name.rpartition(":")[0].rpartition("/")[2]: name for name in names}
    if missing := [folder for folder in ORDER if folder not in found]:
        raise CouldNotRun(f"{kubeadm} asks for no image {' or '.join(missing)}, but for {' '.join(names)}")
    return {folder: found[folder] for folder in ORDER}
