"""What minikube needs of this machine, and how to get it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

from handbook.environment import Missing
from handbook.minikube import images
from handbook.minikube.parameters import Parameters
from handbook.search_path import is_there

PROGRAMS = (
    Missing("bash", "the shells of the chapters", "sudo apt-get install bash"),
    Missing("minikube", "the cluster", "install it as https://minikube.sigs.k8s.io/docs/start/ says"),
    Missing("kubectl", "the chapters", "install it as https://kubernetes.io/docs/tasks/tools/ says"),
    Missing("ssh", "shells on minikube's node", "sudo apt-get install openssh-client"),
    Missing("jq", "what the chapters ask minikube on the laptop", "sudo apt-get install jq", needed=False),
)
# Which program shows that a driver is there, and how to get it.
DRIVER_PROGRAMS = {
    "docker": ("docker", "sudo apt-get install docker.io; sudo usermod -aG docker $USER; log in again"),
    "podman": ("podman", "sudo apt-get install podman"),
    "kvm2": ("virsh", "sudo apt-get install qemu-system-x86 libvirt-daemon-system libvirt-clients; sudo usermod -aG libvirt $USER"),
    "qemu2": ("qemu-system-x86_64", "sudo apt-get install qemu-system-x86"),
    "virtualbox": ("VBoxManage", "install VirtualBox"),
}
SERVICE_REMEDIES = {
    "docker": "sudo systemctl start docker; sudo usermod -aG docker $USER; log in again",
    "podman": "`podman info` says what is wrong",
}
# Seconds that Docker may take to say that it is there.
PATIENCE = 20.0


def missing(parameters: Parameters) -> Iterator[Missing]:
    """What this machine lacks for minikube."""
    yield from _missing_programs(parameters)
    yield from images.missing(parameters.images)


def _missing_programs(parameters: Parameters) -> Iterator[Missing]:
    yield from (program for program in PROGRAMS if not is_there(program.what))
    if not parameters.driver:
        yield from _no_driver()
        return
    program, remedy = DRIVER_PROGRAMS.get(parameters.driver, ("", ""))
    if program and not is_there(program):
        yield Missing(program, f"minikube's driver {parameters.driver}", remedy)
    elif parameters.driver in {"docker", "podman"}:
        yield from _no_service(parameters.driver)
        yield from _not_for_root(parameters)


def _no_driver() -> Iterator[Missing]:
    if not any(is_there(program) for program, _ in DRIVER_PROGRAMS.values()):
        what = f"a driver of minikube: {', '.join(DRIVER_PROGRAMS)}"
        yield Missing(what, "the machine that is minikube's node", DRIVER_PROGRAMS["docker"][1])


def _no_service(program: str) -> Iterator[Missing]:
    """Whether we may speak to Docker; that its program is there is not enough."""
    try:
        subprocess.run([program, "info"], capture_output=True, timeout=PATIENCE, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        yield Missing(f"an answer of `{program} info`", f"minikube's driver {program}", SERVICE_REMEDIES[program])


def _not_for_root(parameters: Parameters) -> Iterator[Missing]:
    if os.geteuid() == 0 and "--force" not in parameters.start and not parameters.reuse:
        why = f"minikube refuses to run its driver {parameters.driver} as root"
        yield Missing("an ordinary user", why, "run the command as one; or add `--force` to the parameter `start`")
