"""The providers, one module each; a provider is added by adding its module here."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from handbook.environment import Environment, Provider
from handbook.errors import InputError, Mistake


def provider_names() -> list[str]:
    """Names of all providers: the modules of this package that hold a ``PROVIDER``."""
    names = (module.name for module in iter_modules(__path__))
    return sorted(name for name in names if hasattr(import_module(f"{__name__}.{name}"), "PROVIDER"))


def make_provider(environment: Environment, instance: str = "") -> Provider:
    """Make the provider of an environment; nothing is started.

    Parameters:
        environment: Which one.
        instance: Name of the running copy; by default the environment's own name.

    Raises:
        InputError: When its file names a provider that does not exist.
    """
    try:
        module = import_module(f"{__name__}.{environment.provider}")
        provider = module.PROVIDER
    except (ImportError, AttributeError):
        found = f"provider {environment.provider!r}"
        raise InputError([Mistake(environment.path, 1, found, f"one of {', '.join(provider_names())}")]) from None
    made: Provider = provider(environment, instance or environment.name)
    return made
