"""Running environments: brought up for one purpose, brought down whatever happens; what killed commands left is cleaned first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from handbook.environment import Environment, Provider, load_environment
from handbook.environments import make_provider
from handbook.errors import CouldNotRun, HandbookError
from handbook.fingerprint import Fingerprint
from handbook.progress import Progress
from handbook.runtime import Runtime, instances

# In an instance's runtime directory: the file of its environment, and a mark that it is meant to outlive its command.
ENVIRONMENT = "environment"
KEPT = "kept"


@contextmanager
def running(environment: Environment, instance: str, progress: Progress) -> Iterator[Provider]:
    """Bring an environment up for the time of a ``with`` block.

    Parameters:
        environment: Which one.
        instance: Name of this running copy.
        progress: Where to say what happens.

    Raises:
        CouldNotRun: Where something is missing or does not come up.
        LeftBehind: Where something is left after it went down.
    """
    provider = make_provider(environment, instance)
    runtime = _begin(environment, instance)
    try:
        _up(provider, environment, progress)
        yield provider
    finally:
        provider.down()
        runtime.remove()


def _up(provider: Provider, environment: Environment, progress: Progress) -> None:
    """Bring it up; where that fails, say what is missing rather than what broke for want of it."""
    try:
        provider.up(progress)
    except CouldNotRun as error:
        missing = provider.missing()
        if not missing:
            raise
        lines = [f"  {thing.what}, for {thing.why}; next: {thing.remedy}" for thing in missing]
        raise CouldNotRun("\n".join([f"{environment.name} cannot run here; missing:", *lines])) from error


def bring_up(environment: Environment, progress: Progress) -> Provider:
    """Bring an environment up to stay, or find that it is."""
    if is_kept(environment):
        return make_provider(environment)
    provider = make_provider(environment)
    runtime = _begin(environment, environment.name)
    _up(provider, environment, progress)
    (runtime.path / KEPT).touch()
    return provider


def take_down(environment: Environment) -> None:
    """Bring an environment down that was brought up to stay."""
    make_provider(environment).down()
    runtime = Runtime(environment.name)
    runtime.claim()
    runtime.remove()


def is_kept(environment: Environment) -> bool:
    """Whether an environment was brought up to stay."""
    return (Runtime(environment.name).path / KEPT).exists()


def sweep(progress: Progress) -> None:
    """Bring down every instance whose command was killed."""
    for name in instances():
        runtime = Runtime(name)
        note = runtime.path / ENVIRONMENT
        if (runtime.path / KEPT).exists():
            continue
        with suppress(CouldNotRun, FileNotFoundError):
            runtime.claim()  # refused while its command runs
            with progress.step(f"cleaning up {name}, which a killed command left"):
                _bring_down(note, name)
            runtime.remove()


def _bring_down(note: Path, instance: str) -> None:
    if note.is_file():
        with suppress(HandbookError):
            make_provider(load_environment(Path(note.read_text(encoding="utf-8"))), instance).down()


def _begin(environment: Environment, instance: str) -> Runtime:
    """Note which environment an instance is a copy of, before anything of it is started."""
    runtime = Runtime(instance)
    runtime.claim()
    (runtime.path / ENVIRONMENT).write_text(str(environment.path.resolve()), encoding="utf-8")
    return runtime


def check_facts(environment: Environment, fingerprint: Fingerprint) -> None:
    """Refuse to go on where a fact that the environment's file states does not hold.

    Raises:
        CouldNotRun: With the fact.
    """
    for name, value in environment.facts.items():
        if fingerprint.get(name) != value:
            found = fingerprint.get(name) or "absent"
            raise CouldNotRun(f"{environment.path}: states {name}: {value}, but here {name} is {found}")
