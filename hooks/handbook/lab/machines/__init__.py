"""The machines of the lab, one module each; one is added by adding its module here."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from handbook.lab.machine import Machine
from handbook.runtime import Runtime


def machine_names() -> list[str]:
    """Names of all machines: the modules of this package."""
    return sorted(module.name for module in iter_modules(__path__))


def make_machine(name: str, runtime: Runtime, log: Path) -> Machine:
    """Make the machine of that name for an instance; nothing is started.

    Parameters:
        name: One of ``machine_names()``.
        runtime: Where the instance keeps note of what it has started.
        log: Where the console of the node goes.
    """
    machine: Machine = import_module(f"{__name__}.{name}").MACHINE(runtime, log)
    return machine
