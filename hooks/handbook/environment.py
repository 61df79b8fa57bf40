"""Environments: named stacks that commands can run in, each a file in resources/environments/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

import yaml

from handbook.errors import InputError, Mistake
from handbook.files import read
from handbook.fingerprint import Fingerprint
from handbook.progress import Progress
from handbook.reading.block_header import TARGET, TARGETS
from handbook.yaml_loader import SafeLoader, error_line, line_of, load

KEYS = ("provider", "description", "parameters", "facts", "target", "order", "patience")


@dataclass(frozen=True, slots=True)
class Environment:
    """One file of resources/environments/.

    Parameters:
        name: The file's name without ``.yml``; also the folder of its recordings.
        provider: Name of the provider that brings it up.
        description: One line for people.
        parameters: What the provider understands; it checks them itself.
        facts: Facts of the fingerprint that must hold, else the environment refuses to record.
        target: The target of chapters that name none.
        order: Where it stands among the environments of a page: the highest is shown first, and alone where there is no JavaScript.
        path: The file.
        patience: How many times as long as its options say a step may take here; for machines that are slower than others.
    """

    name: str
    provider: str
    path: Path
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    target: str = "node"
    order: int = 0
    patience: float = 1


@dataclass(frozen=True, slots=True)
class Target:
    """A place inside an environment where a shell runs.

    Parameters:
        kind: ``laptop``, ``node``, ``container`` or ``pod``.
        name: Which container or pod; empty for the other kinds.
    """

    kind: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind


@dataclass(frozen=True, slots=True)
class Shell:
    """How to start a shell on a target.

    Parameters:
        argv: Words in front of the interpreter's own, for instance ``nsenter -t 17 -m --``. The process must end when the
            interpreter ends and must pass on its standard streams.
        interpreter: ``bash`` or ``sh``: which one the target has.
        local: True where the interpreter is a process of this machine's kernel that inherits every open descriptor of ours, as with
            nsenter; False where only the three standard streams reach it, as with ``docker exec``.
        relayed: For ``local=False``: True where the process that we start repeats every write of the far side here, one by one and
            in order, and hands a terminal through that it inherits.
        terminal: For ``local=False``: words that start a command on a terminal if they are on one (``docker exec -ti web``).
        aside: For ``local=False``: words that start a command beside the interpreter, as somebody who may signal what runs there,
            for places whose processes this machine does not show; empty where it does.
    """

    argv: tuple[str, ...]
    interpreter: str = "bash"
    local: bool = True
    relayed: bool = False
    terminal: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that this machine lacks for an environment.

    Parameters:
        what: What is missing, for instance ``systemd-nspawn``.
        why: What it is needed for.
        remedy: The command that gets it, or a sentence when there is none.
        needed: False where the environment runs without it, only worse.
    """

    what: str
    why: str
    remedy: str
    needed: bool = True


class Provider(Protocol):
    """The code that brings an environment up and down. It answers five questions and nothing else.

    A provider is made for one ``instance``: a running copy of an environment with a name of its own, so that two copies never
    touch each other. Making the object does nothing; it may be made for an instance that is up already (``handbook shell``).
    """

    name: ClassVar[str]
    targets: ClassVar[tuple[str, ...]]

    def __init__(self, environment: Environment, instance: str) -> None: ...

    def missing(self) -> tuple[Missing, ...]:
        """What this machine lacks; where nothing of it is needed, ``up`` can be tried."""

    def up(self, progress: Progress) -> None:
        """Bring it up, pristine; clean first what a killed run left.

        Raises:
            CouldNotRun: With what hangs and where its log is.
        """

    def down(self) -> None:
        """Stop it and prove that nothing is left: no process, mount, namespace, cgroup, interface. Safe to call twice.

        Raises:
            LeftBehind: When something is.
        """

    def shell(self, target: Target) -> Shell:
        """Say how to start a shell on ``target``; only asked while the environment is up.

        Raises:
            CouldNotRun: When the target does not exist, for instance a container that is not running.
        """

    def fingerprint(self) -> Fingerprint:
        """Read the facts from the environment itself; only asked while it is up."""


@runtime_checkable
class Reporting(Protocol):
    """A provider that takes parts from where a person put them, and tells which."""

    def found(self) -> tuple[str, ...]:
        """What is there, a line for each place."""


@runtime_checkable
class Inspecting(Protocol):
    """A provider that knows what chapters may leave in its environment."""

    def holds(self) -> tuple[str, ...]:
        """What chapters may make and have to take away again, a line for each thing; only asked while it is up.

        Raises:
            CouldNotRun: When nobody answers.
        """


def load_environment(path: Path) -> Environment:
    """Read an environment file.

    Raises:
        InputError: With every mistake of the file.
    """
    text = read(path, "an environment file")
    try:
        data, texts = yaml.load(text, SafeLoader), load(text)
    except (yaml.YAMLError, ValueError) as error:  # a date such as 2026-13-01 is a ValueError
        line = error_line(error, text) if isinstance(error, yaml.YAMLError) else 1
        raise InputError([Mistake(path, line, "broken YAML", "an environment file")]) from None
    if not isinstance(data, dict):
        raise InputError([Mistake(path, 1, "no keys and values", f"keys {', '.join(KEYS)}")])
    if mistakes := [Mistake(path, line_of(text, [key]), found, expected) for key, found, expected in _mistakes(data)]:
        raise InputError(sorted(mistakes, key=lambda mistake: mistake.line))
    return Environment(
        name=path.stem,
        provider=data["provider"],
        path=path,
        description=str(data.get("description") or ""),
        parameters=data.get("parameters") or {},
        facts=texts.get("facts") or {},  # as written: 1.20 is no number
        target=data.get("target", "node"),
        order=data.get("order", 0),
        patience=data.get("patience", 1),
    )


def _mistakes(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What is wrong: the key, what was found, what was expected."""
    yield from ((key, f"key {key!r}", f"keys {', '.join(KEYS)}") for key in data if key not in KEYS)
    if not isinstance(data.get("provider"), str):
        yield "provider", f"provider {data['provider']!r}" if "provider" in data else "no key 'provider'", "a provider's name"
    for key in ("parameters", "facts"):
        if not isinstance(data.get(key) or {}, dict):
            yield key, f"{key} {data[key]!r}", "names and values"
    if not TARGET.fullmatch(str(data.get("target", "node"))):
        yield "target", f"target {data['target']!r}", TARGETS
    if not isinstance(data.get("order", 0), int):
        yield "order", f"order {data['order']!r}", "a whole number; the environment with the highest is shown first"
    patience = data.get("patience", 1)
    if isinstance(patience, bool) or not isinstance(patience, int | float) or not 1 <= patience <= 60:
        yield "patience", f"patience {patience!r}", "a number from 1 to 60: how many times as long a step may take here"
