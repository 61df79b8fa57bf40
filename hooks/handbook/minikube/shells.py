"""The words that start a shell on each target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handbook.environment import Shell

# Where minikube keeps the programs of Kubernetes on the node; kubectl is one of them.
BINARIES = "/var/lib/minikube/binaries/v{version}"
KUBECONFIG = "/var/tmp/handbook-kubeconfig"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# ssh joins its words with blanks, and the shell of the node parses them again. Single words are what minikube leaves alone.
OVER_SSH = 'exec minikube ssh --native-ssh={native} -- "$(printf "%q " "$@")"'
# Some servers of ssh give a command sockets, which unlike pipes cannot be opened by name, as /dev/stderr: make them pipes.
# The shell takes the place of this one, and the end of what it reads is not waited for.
PIPES = '[ -S /dev/stdin ] || exec "$@"; exec "$@" < <(exec cat 2>/dev/null) > >(exec cat) 2> >(exec cat >&2)'


def kubectl_settings(runtime: str) -> dict[str, str]:
    """Variables that make kubectl work with a container runtime."""
    if runtime != "docker":
        return {}
    # cri-dockerd (seen: 0.4.3) says where a stream is without http://, and a kubelet that takes web sockets (1.37) then tries TLS.
    return {"KUBECTL_REMOTE_COMMAND_WEBSOCKETS": "false", "KUBECTL_PORT_FORWARD_WEBSOCKETS": "false"}


def laptop(variables: Mapping[str, str]) -> tuple[str, ...]:
    """Words that start a command on the laptop.

    Parameters:
        variables: Its whole environment.
    """
    pairs = (f"{name}={value}" for name, value in variables.items())
    return ("/usr/bin/env", "--ignore-environment", f"--chdir={variables['HOME']}", *pairs)


def node(variables: Mapping[str, str], version: str) -> Shell:
    """A shell on minikube's node.

    Parameters:
        variables: Environment of minikube on the laptop.
        version: Of the cluster.
    """
    settings = (f"{name}={value}" for name, value in variables.items() if name.startswith("KUBECTL_"))
    theirs = ("env", f"PATH={PATH}:{BINARIES.format(version=version)}", f"KUBECONFIG={KUBECONFIG}", *settings)
    start = (*laptop(variables), "bash", "-c")
    # minikube's own client of ssh always makes a terminal, the machine's never does.
    over_ssh = (*start, OVER_SSH.format(native="false"), "ssh")
    terminal = (*start, OVER_SSH.format(native="true"), "ssh", *theirs)
    return Shell((*over_ssh, "bash", "-c", PIPES, "pipes", *theirs), local=False, terminal=terminal, aside=(*over_ssh, "sudo"))


def container(node: Shell, name: str) -> Shell:
    """A shell in a container of Docker on the node."""
    docker = ("docker", "exec")
    return replace(node, argv=(*node.argv, *docker, "-i", name), interpreter="sh", terminal=(*node.terminal, *docker, "-ti", name))


def pod(node: Shell, variables: Mapping[str, str], name: str) -> Shell:
    """A shell in the first container of a pod of the default namespace; its processes are the node's."""
    start = (*laptop(variables), "kubectl", "exec")
    return replace(node, argv=(*start, "-i", name, "--"), interpreter="sh", terminal=(*start, "-ti", name, "--"))
