"""What an environment file says about Kubernetes: the part ``kubernetes`` of the parameters of a lab."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

VERSION = r"1\.\d+\.\d+"
CHOICES: Mapping[str, tuple[object, ...]] = {
    "runtime": ("containerd", "docker"),
    "proxy": ("iptables", "nftables"),
    "cgroup_driver": ("cgroupfs", "systemd"),
    "name_servers": (2, 1),
}


@dataclass(frozen=True, slots=True)
class Kubernetes:
    """Which Kubernetes.

    Parameters:
        version: For instance ``1.37.2``.
        runtime: What runs the containers: ``containerd``, or ``docker`` through the dockershim, which Kubernetes had until 1.23.
        proxy: Mode of kube-proxy: ``iptables`` or ``nftables``.
        cgroup_driver: Who makes the control groups of pods: the kubelet itself (``cgroupfs``) or ``systemd``.
        name_servers: How many copies of CoreDNS run. What the parts of a cluster ask for leaves a node with a single processor
            too little for a pod that asks for a fifth of it, unless there is one copy only.
    """

    version: str
    runtime: str = "containerd"
    proxy: str = "iptables"
    cgroup_driver: str = "cgroupfs"
    name_servers: int = 2

    @property
    def minor(self) -> int:
        """The middle number of the version."""
        return int(self.version.split(".")[1])


def wrong(given: Any) -> Iterator[tuple[str, str, str]]:
    """Every mistake in the part: key, what was found, what was expected."""
    known = [field.name for field in fields(Kubernetes)]
    if not isinstance(given, Mapping):
        yield "", f"kubernetes: {given!r}", f"keys {', '.join(known)}"
        return
    yield from ((key, f"kubernetes: {key!r}", f"one of {', '.join(known)}") for key in given if key not in known)
    version = given.get("version")
    if not (isinstance(version, str) and re.fullmatch(VERSION, version)):
        found = "no version of Kubernetes" if version is None else f"version: {version!r}"
        yield "version", found, "a whole version, for instance 1.37.2"
    for key, choices in CHOICES.items():
        if given.get(key, choices[0]) not in choices:
            yield key, f"{key}: {given[key]!r}", f"one of {', '.join(map(str, choices))}"
    yield from _too_young(given)


def _too_young(given: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What the version does not have any more."""
    if given.get("runtime") == "docker" and re.fullmatch(VERSION, str(given.get("version"))):
        kubernetes = Kubernetes(given["version"])
        if kubernetes.minor >= 24:
            yield "runtime", f"runtime: docker with Kubernetes {kubernetes.version}", "containerd: 1.24 dropped the dockershim"
