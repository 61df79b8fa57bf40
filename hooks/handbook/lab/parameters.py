"""What an environment file says to the lab."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handbook.environment import Environment
from handbook.errors import InputError, Mistake
from handbook.lab.kubernetes.parameters import Kubernetes, wrong
from handbook.lab.machines import machine_names
from handbook.yaml_loader import line_of

SUITE = r"[a-z]+"
PACKAGE = r"[a-z0-9][a-z0-9+.-]+"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters of a lab environment.

    Parameters:
        suite: Debian suite of the node, for instance ``trixie``.
        machine: What boots it, for instance ``nspawn``.
        packages: Packages of the node beside those that every node has.
        memory: What a node with a kernel of its own has, for instance ``4G``.
        workshop: Packages of the node whose Docker builds the images, beside those that every one has; for nodes without Docker.
        kubernetes: Which Kubernetes it has; None for none.
        images: Container images that Docker has from the start, in the order in which they are built: folders of resources/images.
    """

    suite: str
    machine: str = "nspawn"
    memory: str = "2G"
    packages: tuple[str, ...] = ()
    workshop: tuple[str, ...] = ()
    kubernetes: Kubernetes | None = None
    images: tuple[str, ...] = ()


def read_parameters(environment: Environment) -> Parameters:
    """Read an environment's parameters.

    Raises:
        InputError: With every mistake in them.
    """
    given = environment.parameters
    mistakes = [
        *_unknown(environment),
        *_wrong_word(environment, "suite", SUITE, "a Debian suite, for instance trixie"),
        *_wrong_machine(environment),
        *_wrong_memory(environment),
        *_wrong_list(environment, "packages", PACKAGE, "a list of Debian packages"),
        *_wrong_list(environment, "workshop", PACKAGE, "a list of Debian packages"),
        *_wrong_kubernetes(environment),
        *_wrong_list(environment, "images", r"[a-z0-9.-]+", "a list of folders of resources/images"),
    ]
    if mistakes:
        raise InputError(sorted(mistakes, key=lambda mistake: mistake.line))
    return Parameters(
        suite=given["suite"],
        machine=given.get("machine", "nspawn"),
        memory=given.get("memory", "2G"),
        packages=tuple(given.get("packages", ())),
        workshop=tuple(given.get("workshop", ())),
        kubernetes=Kubernetes(**given["kubernetes"]) if "kubernetes" in given else None,
        images=tuple(given.get("images", ())),
    )


def _unknown(environment: Environment) -> list[Mistake]:
    known = Parameters.__slots__
    return [
        _mistake(environment, key, f"parameter {key!r}", f"one of {', '.join(known)}")
        for key in environment.parameters
        if key not in known
    ]


def _wrong_word(environment: Environment, key: str, form: str, expected: str) -> list[Mistake]:
    value = environment.parameters.get(key)
    if isinstance(value, str) and re.fullmatch(form, value):
        return []
    found = f"no parameter {key!r}" if value is None else f"{key}: {value!r}"
    return [_mistake(environment, key, found, expected)]


def _wrong_machine(environment: Environment) -> list[Mistake]:
    machine = environment.parameters.get("machine", "nspawn")
    if machine in machine_names():
        return []
    return [_mistake(environment, "machine", f"machine {machine!r}", f"one of {', '.join(machine_names())}")]


def _wrong_memory(environment: Environment) -> list[Mistake]:
    value = environment.parameters.get("memory", "2G")
    if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]*[MG]", value):
        return []
    return [_mistake(environment, "memory", f"memory: {value!r}", "megabytes or gigabytes, for instance 2G")]


def _wrong_list(environment: Environment, key: str, form: str, expected: str) -> list[Mistake]:
    value = environment.parameters.get(key, [])
    if not isinstance(value, list):
        return [_mistake(environment, key, f"{key}: {value!r}", expected)]
    wrong = [item for item in value if not isinstance(item, str) or not re.fullmatch(form, item)]
    return [_mistake(environment, key, f"{item!r} in {key}", expected) for item in wrong]


def _wrong_kubernetes(environment: Environment) -> list[Mistake]:
    if "kubernetes" not in environment.parameters:
        return []
    text = environment.path.read_text(encoding="utf-8")
    return [
        Mistake(environment.path, line_of(text, ("parameters", "kubernetes", key)), found, expected)
        for key, found, expected in wrong(environment.parameters["kubernetes"])
    ]


def _mistake(environment: Environment, key: str, found: str, expected: str) -> Mistake:
    line = line_of(environment.path.read_text(encoding="utf-8"), ("parameters", key))
    return Mistake(environment.path, line, found, expected)
