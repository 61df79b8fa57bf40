"""What an environment file says to minikube."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handbook.environment import Environment
from handbook.errors import InputError, Mistake
from handbook.yaml_loader import line_of


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters of a minikube environment; what is empty is left to minikube and to the reader's own settings of it.

    Parameters:
        profile: The profile; also the node's name.
        version: Version of Kubernetes, for instance ``1.37.2``.
        driver: What runs the node, for instance ``docker`` or ``kvm2``.
        runtime: The container runtime, for instance ``containerd``.
        cni: The network of the pods, for instance ``bridge``.
        addons: Addons that are switched on.
        images: Container images that are in the node from the start.
        start: Further flags for ``minikube start``.
        reuse: Use the reader's own profile of that name, which must be there, instead of making one.
    """

    profile: str = "handbook"
    version: str = ""
    driver: str = ""
    runtime: str = ""
    cni: str = ""
    addons: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    reuse: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What the value of a parameter looks like.

    Parameters:
        pattern: Of the value, or of each of its items.
        expected: The same for people.
        many: Whether it is a list.
    """

    pattern: str
    expected: str
    many: bool = False


# The driver `none` gives no shell on the node, and its node could not be thrown away.
DRIVERS = ("docker", "podman", "kvm2", "qemu2", "virtualbox", "vmware", "krunkit", "vfkit", "hyperkit", "parallels", "ssh")
FORMS = {
    "profile": Form(r"[A-Za-z0-9][A-Za-z0-9-]+", "a name of letters, digits and hyphens"),
    "version": Form(r"v?\d+\.\d+\.\d+(-[\w.]+)?", "a whole version of Kubernetes, for instance 1.37.2"),
    "driver": Form("|".join(DRIVERS), f"one of {', '.join(DRIVERS)}"),
    "runtime": Form("docker|containerd|cri-o", "docker, containerd or cri-o"),
    "cni": Form(r"[\w./-]+", "what `minikube start --cni` takes, for instance bridge"),
    "addons": Form(r"[a-z0-9-]+", "a list of addons, as `minikube addons list` names them", many=True),
    "images": Form(r"[a-z0-9][\w./-]*:[\w.-]+", "a list of images, each with its tag, for instance nginx:latest", many=True),
    "start": Form(r"--[a-z0-9-]+(=.*)?", "a list of flags, each with its value as --FLAG=VALUE", many=True),
}
# Flags that are ours to give, and the parameters that say them.
OURS = {
    "--profile": "profile",
    "--kubernetes-version": "version",
    "--driver": "driver",
    "--vm-driver": "driver",
    "--container-runtime": "runtime",
    "--cni": "cni",
    "--addons": "addons",
    "--wait": "",
    "--output": "",
    "--interactive": "",
}
# What only a profile that is being made can be given.
MAKING = ("cni", "addons", "images", "start")


def read_parameters(environment: Environment) -> Parameters:
    """Read an environment's parameters.

    Raises:
        InputError: With every mistake in them.
    """
    mistakes = sorted(_mistakes(environment), key=lambda mistake: mistake.line)
    if mistakes:
        raise InputError(mistakes)
    given = environment.parameters
    return Parameters(
        profile=given.get("profile", "handbook"),
        version=given.get("version", "").removeprefix("v"),
        driver=given.get("driver", ""),
        runtime=given.get("runtime", ""),
        cni=given.get("cni", ""),
        addons=tuple(given.get("addons", ())),
        images=tuple(given.get("images", ())),
        start=tuple(given.get("start", ())),
        reuse=given.get("reuse", False),
    )


def _mistakes(environment: Environment) -> Iterator[Mistake]:
    for key, value in environment.parameters.items():
        for found, expected in _wrong(key, value, environment):
            line = line_of(environment.path.read_text(encoding="utf-8"), ("parameters", key))
            yield Mistake(environment.path, line, found, expected)


def _wrong(key: str, value: Any, environment: Environment) -> Iterator[tuple[str, str]]:
    """What is wrong with a parameter, and what is expected instead."""
    if key == "reuse":
        if not isinstance(value, bool):
            yield f"reuse: {value!r}", "true or false"
    elif key not in FORMS:
        yield f"parameter {key!r}", f"one of {', '.join(Parameters.__slots__)}"
    elif FORMS[key].many != isinstance(value, list):
        yield f"{key}: {value!r}", FORMS[key].expected
    else:
        for item in value if FORMS[key].many else [value]:
            yield from _wrong_item(key, item)
        if key in MAKING and environment.parameters.get("reuse") is True:
            yield f"{key} beside reuse: true", "one of them: a profile that is there already is used as it is"


def _wrong_item(key: str, item: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(item, str) or not re.fullmatch(FORMS[key].pattern, item):
        yield (f"{item!r} in {key}" if FORMS[key].many else f"{key}: {item!r}"), FORMS[key].expected
    elif key == "start" and (flag := item.partition("=")[0]) in OURS:
        yield f"{flag} in start", f"the parameter {OURS[flag]}" if OURS[flag] else "another flag: this one is always given"
