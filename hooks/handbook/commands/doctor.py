"""``handbook doctor``."""

from __future__ import annotations

from collections.abc import Sequence

import click

from handbook.environment import Environment, Reporting
from handbook.environments import make_provider
from handbook.errors import ExitStatus


def doctor(environments: Sequence[Environment]) -> int:
    """Say of each environment whether it can run here; what was found; what is missing, what for, and how to get it."""
    able = 0
    for environment in environments:
        provider = make_provider(environment)
        missing = provider.missing()
        runs = not any(thing.needed for thing in missing)
        able += runs
        click.echo(f"{environment.name}: {'can run here' if runs else 'cannot run here'}")
        if environment.description:
            click.echo(f"  {environment.description}")
        for line in provider.found() if isinstance(provider, Reporting) else ():
            click.echo(f"  found: {line}")
        for thing in missing:
            word = "missing" if thing.needed else "better with"
            click.echo(f"  {word}: {thing.what}, for {thing.why}\n  next: {thing.remedy}")
    return ExitStatus.AGREED if able == len(environments) else ExitStatus.COULD_NOT_RUN
