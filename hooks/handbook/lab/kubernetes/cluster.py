"""A cluster of one node: made by kubeadm, stilled so that its disk can be kept, awaited when a node starts from that disk."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from handbook.errors import CouldNotRun
from handbook.lab import host
from handbook.lab.kubernetes.kubeadm import PORT, configuration
from handbook.lab.kubernetes.parameters import Kubernetes
from handbook.lab.node import LONGEST_QUESTION, Node
from handbook.progress import Progress

LONGEST_INIT = 600.0
LONGEST_IMPORT = 600.0
LONGEST_WAIT = 480.0
"""Seconds for one stage of a cluster's start; a node without a kernel of this machine takes most of them."""

CONTAINERD = """\
version = 3

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = '{pause}'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = 'io.containerd.runc.v2'
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
    SystemdCgroup = {systemd}
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a cluster that others wait for.

    Parameters:
        name: For people.
        words: The command that ends when it is ready.
        logs: Command that prints what it said.
    """

    name: str
    words: tuple[str, ...]
    logs: str


def _pods(name: str) -> str:
    return f"tail -n 40 /var/log/pods/kube-system_{name}*/*/*.log"


def _rollout(what: str) -> tuple[str, ...]:
    return ("kubectl", "--namespace=kube-system", "rollout", "status", what, f"--timeout={LONGEST_WAIT:.0f}s")


NAMES = "10.96.0.10"
"""The address of the cluster's name server: the last Service whose rules kube-proxy writes, for it waits for CoreDNS."""

READY = f"https://127.0.0.1:{PORT}/readyz"

STATIC = " ".join(f"pod/{name}-node" for name in ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"))

MIRRORED = f"""
tries=0
until kubectl --namespace=kube-system get {STATIC} >/dev/null 2>&1; do
  sleep 0.3
  tries=$((tries + 1))
  [ $tries != 10 ] || systemctl restart kubelet
done
kubectl --namespace=kube-system wait --for=condition=Ready --timeout={LONGEST_WAIT:.0f}s {STATIC}
"""
"""Waits for the pods that come from files. The kubelet enters them into the API when it looks at them; if it looked before there
was an API server, it does so again after a minute, or when it starts."""

INIT = Stage(
    "kubeadm",
    ("sh", "-c", "kubeadm init --config=/root/kubeadm.yaml --ignore-preflight-errors=all >/var/log/kubeadm.log 2>&1"),
    "journalctl --no-pager --unit=kubelet --lines=200; cat /var/log/kubeadm.log",
)
"""Its checks look for kernel modules, swap and so on, which a node does not have or shares with the machine."""

STAGES = (
    Stage(
        "the API server",
        ("sh", "-c", f"until curl --insecure --silent --fail --output /dev/null {READY}; do sleep 0.2; done"),
        f"{_pods('etcd')}; {_pods('kube-apiserver')}; journalctl --no-pager --unit=kubelet --lines=100",
    ),
    Stage(
        "the node",
        ("kubectl", "wait", "--for=condition=Ready", "node/node", f"--timeout={LONGEST_WAIT:.0f}s"),
        "journalctl --no-pager --unit=kubelet --lines=200",
    ),
    Stage("the pods of the control plane", ("sh", "-c", MIRRORED), "journalctl --no-pager --unit=kubelet --lines=200"),
    Stage("kube-proxy", _rollout("daemonset/kube-proxy"), _pods("kube-proxy")),
    Stage("CoreDNS", _rollout("deployment/coredns"), _pods("coredns")),
    Stage(
        "the rules of Services",
        ("bash", "-c", f"until timeout 2 bash -c '</dev/tcp/{NAMES}/53'; do sleep 0.3; done"),
        _pods("kube-proxy"),
    ),
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster on a node that is up.

    Parameters:
        node: The node.
        kubernetes: Which Kubernetes.
    """

    node: Node
    kubernetes: Kubernetes

    @property
    def runtime(self) -> str:
        """The unit of what runs the containers."""
        return f"{self.kubernetes.runtime}.service"

    def configure(self, pause: str) -> None:
        """Tell the runtime how the kubelet wants it, and start it.

        Parameters:
            pause: Name of the image of a pod's first process.
        """
        self._shell("mkdir -p /opt/cni && ln -sfn /usr/lib/cni /opt/cni/bin")
        if self.kubernetes.runtime == "containerd":
            systemd = str(self.kubernetes.cgroup_driver == "systemd").lower()
            self._write("/etc/containerd/config.toml", CONTAINERD.format(pause=pause, systemd=systemd))
        self._shell(f"systemctl --quiet enable {self.runtime} kubelet.service")
        self.node.start(self.runtime)

    def init(self, progress: Progress) -> None:
        """Make the cluster.

        Raises:
            CouldNotRun: With what did not get ready, be it kubeadm itself, and where its log is.
        """
        self._write("/root/kubeadm.yaml", configuration(self.kubernetes))
        with progress.step("kubeadm init"):
            self._await(INIT, LONGEST_INIT)
            self._shell("mkdir -p ~/.kube && cp /etc/kubernetes/admin.conf ~/.kube/config && rm ~/kubeadm.yaml")
            self._shell(f"kubectl --namespace=kube-system scale deployment/coredns --replicas={self.kubernetes.name_servers}")
        self.ready(progress)

    def ready(self, progress: Progress) -> None:
        """Wait until every part of the cluster is ready.

        Raises:
            CouldNotRun: With the part that is not, and where its log is.
        """
        for stage in STAGES:
            with progress.step(stage.name):
                self._await(stage, LONGEST_WAIT)

    def still(self) -> None:
        """Stop everything so that the disk can be kept: whoever starts from it finds pods that have never run."""
        script = resources.files("handbook").joinpath("assets/still-cluster.sh").read_text(encoding="utf-8")
        self.node.run("sh", "-s", self.kubernetes.runtime, timeout=LONGEST_WAIT, given=script)

    def _await(self, stage: Stage, timeout: float) -> None:
        try:
            self.node.run(*stage.words, timeout=timeout)
        except CouldNotRun as error:
            log = self.node.logs / f"{stage.name.split()[-1]}.log"
            # A node that does not answer any more must not hide what did not get ready.
            log.write_text(self.node.answer("sh", "-c", f"{stage.logs}; true"), encoding="utf-8")
            raise CouldNotRun(f"{stage.name} did not get ready: {error}\n{host.tail(log)}") from None

    def _write(self, path: str, text: str) -> None:
        self.node.run("sh", "-c", 'mkdir -p "${1%/*}" && cat >"$1"', "sh", path, timeout=LONGEST_QUESTION, given=text)

    def _shell(self, command: str) -> None:
        self.node.run("sh", "-c", command, timeout=LONGEST_QUESTION)
