"""``handbook doctor``."""

from __future__ import annotations

from collections.abc import Sequence

import click

from handbook.environment import Environment
from handbook.environments import make_provider
from handbook.errors import ExitStatus


def doctor(environments: Sequence[Environment]) -> int:
    """Say of each environment whether it can run here; what is missing, what for, and how to get it."""
    able = 0
    for environment in environments:
        missing = make_provider(environment).missing()
        runs = not any(thing.needed for thing in missing)
        able += runs
        click.echo(f"{environment.name}: {'can run here' if runs else 'cannot run here'}")
        if environment.description:
            click.echo(f"  {environment.description}")
        for thing in missing:
            word = "missing" if thing.needed else "better with"
            click.echo(f"  {word}: {thing.what}, for {thing.why}\n  next: {thing.remedy}")
    return ExitStatus.AGREED if able == len(environments) else ExitStatus.COULD_NOT_RUN
