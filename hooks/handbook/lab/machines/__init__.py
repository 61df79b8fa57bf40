"""The machines of the lab, one module each; one is added by adding its module here."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from handbook.lab.machine import Machine, Setup


def machine_names() -> list[str]:
    """Names of all machines: the modules of this package."""
    return sorted(module.name for module in iter_modules(__path__))


def make_machine(name: str, setup: Setup) -> Machine:
    """Make the machine of that name for an instance; nothing is started.

    Parameters:
        name: One of ``machine_names()``.
        setup: What it is made for.
    """
    return machine_class(name)(setup)


def machine_class(name: str) -> type[Machine]:
    """The class of that machine."""
    found: type[Machine] = import_module(f"{__name__}.{name}").MACHINE
    return found
