"""What kubeadm is told about the cluster."""

from __future__ import annotations

from typing import Any

import yaml

from handbook.lab.kubernetes.parameters import Kubernetes

ADDRESS = "192.168.49.2"
PORT = 8443
"""As minikube has them."""

SOCKETS = {"containerd": "unix:///run/containerd/containerd.sock", "docker": "/var/run/dockershim.sock"}


def configuration(kubernetes: Kubernetes) -> str:
    """The configuration file of ``kubeadm init``."""
    documents = (_init(kubernetes), _cluster(kubernetes), _kubelet(kubernetes), _proxy(kubernetes))
    return yaml.safe_dump_all(documents, sort_keys=False)


def _init(kubernetes: Kubernetes) -> dict[str, Any]:
    return {
        "apiVersion": _api(kubernetes),
        "kind": "InitConfiguration",
        "localAPIEndpoint": {"advertiseAddress": ADDRESS, "bindPort": PORT},
        # The cluster is kept for months; a token that ends would be gone from the Secrets of the older ones.
        "bootstrapTokens": [{"ttl": "0s"}],
        # One node, so it runs the workload too.
        "nodeRegistration": {"name": "node", "criSocket": SOCKETS[kubernetes.runtime], "taints": []},
    }


def _cluster(kubernetes: Kubernetes) -> dict[str, Any]:
    return {
        "apiVersion": _api(kubernetes),
        "kind": "ClusterConfiguration",
        "kubernetesVersion": f"v{kubernetes.version}",
        "networking": {"podSubnet": "10.244.0.0/16", "serviceSubnet": "10.96.0.0/12"},
    }


def _kubelet(kubernetes: Kubernetes) -> dict[str, Any]:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "cgroupDriver": kubernetes.cgroup_driver,
        # Since 1.35 the kubelet refuses version 1 of control groups unless it is told so.
        **({"failCgroupV1": False} if kubernetes.minor >= 31 else {}),
        # Before 1.21 a container that passed its startup probe is ready when the kubelet next looks at its pod, by default after a
        # minute: https://github.com/kubernetes/kubernetes/issues/95140
        **({"syncFrequency": "10s"} if kubernetes.minor < 21 else {}),
        "failSwapOn": False,
        # The node may share its disk with the machine: a full one is no reason to evict pods or to delete images for good.
        "imageGCHighThresholdPercent": 100,
        "evictionHard": {"nodefs.available": "0%", "nodefs.inodesFree": "0%", "imagefs.available": "0%"},
    }


def _proxy(kubernetes: Kubernetes) -> dict[str, Any]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": kubernetes.proxy,
        # nf_conntrack_max belongs to the kernel as a whole; no network namespace may write it.
        "conntrack": {"maxPerCore": 0},
    }


def _api(kubernetes: Kubernetes) -> str:
    """The newest version of the configuration that this kubeadm reads."""
    newest = next(version for since, version in ((31, "v1beta4"), (22, "v1beta3"), (0, "v1beta2")) if kubernetes.minor >= since)
    return f"kubeadm.k8s.io/{newest}"
