"""Running environments: brought up for one purpose, brought down whatever happens; what killed commands left is cleaned first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handbook.environment import Environment, Provider, load_environment
from handbook.environments import make_provider
from handbook.errors import CouldNotRun, InputError
from handbook.fingerprint import Fingerprint
from handbook.interruption import held
from handbook.progress import Progress
from handbook.runtime import Runtime, instances

# In an instance's runtime directory: the file of its environment, and a mark that it is meant to outlive its command.
ENVIRONMENT = "environment"
KEPT = "kept"
# Seconds that a process of an unknown environment may take to end.
PATIENCE = 5.0


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
        with held():  # who interrupts us now wants an end, and nothing left behind
            provider.down()
            runtime.remove()


def _up(provider: Provider, environment: Environment, progress: Progress) -> None:
    """Bring it up; where that fails, say what is missing rather than what broke for want of it."""
    try:
        provider.up(progress)
    except (CouldNotRun, OSError) as error:
        missing = [thing for thing in provider.missing() if thing.needed]
        if not missing:
            raise
        lines = [f"  {thing.what}, for {thing.why}; next: {thing.remedy}" for thing in missing]
        raise CouldNotRun("\n".join([f"{environment.name} cannot run here; missing:", *lines])) from error


def bring_up(environment: Environment, progress: Progress) -> Provider:
    """Bring an environment up to stay, or find that it is.

    Raises:
        CouldNotRun: Where it does not come up, or where another book's environment of that name is up.
    """
    _refuse_foreign(environment)
    provider = make_provider(environment)
    if is_kept(environment):
        if _answers(provider):
            return provider
        progress.say(f"{environment.name} was up and does not answer; it is brought up anew")
        take_down(environment)
    runtime = _begin(environment, environment.name)
    _up(provider, environment, progress)
    (runtime.path / KEPT).touch()
    return provider


def _answers(provider: Provider) -> bool:
    try:
        return bool(provider.fingerprint().facts)
    except CouldNotRun:
        return False


def take_down(environment: Environment) -> None:
    """Bring an environment down that was brought up to stay.

    Raises:
        CouldNotRun: Where another book's environment of that name is up.
    """
    _refuse_foreign(environment)
    make_provider(environment).down()
    runtime = Runtime(environment.name)
    runtime.claim()
    runtime.remove()


def is_kept(environment: Environment) -> bool:
    """Whether this very environment was brought up to stay."""
    return _keeper(environment.name) == environment.path.resolve()


def _keeper(name: str) -> Path | None:
    """The file of the environment of that name that was brought up to stay; None where there is none."""
    path = Runtime(name).path
    note = path / ENVIRONMENT
    return Path(note.read_text(encoding="utf-8")) if (path / KEPT).exists() and note.exists() else None


def _refuse_foreign(environment: Environment) -> None:
    keeper = _keeper(environment.name)
    if keeper and keeper != environment.path.resolve() and keeper.exists():
        raise CouldNotRun(f"{environment.name} is up from {keeper}\n  next: handbook down {environment.name} there")


def sweep(progress: Progress) -> None:
    """Bring down every instance whose command was killed; what does not go is said, and tried again next time."""
    for runtime in _left():
        with progress.step(f"cleaning up {runtime.instance}, which a killed command left"):
            try:
                _bring_down(runtime)
            except CouldNotRun as error:
                progress.say(str(error))
                runtime.release()
            else:
                runtime.remove()


def _left() -> Iterator[Runtime]:
    """What killed commands left, each held by us."""
    for runtime in map(Runtime, instances()):
        if (runtime.path / KEPT).exists() or not runtime.take_over():
            continue
        if (runtime.path / KEPT).exists():
            runtime.release()  # its command has said so and ended while we looked
        else:
            yield runtime


def _bring_down(runtime: Runtime) -> None:
    """Bring down by the environment's file, or where that is gone or broken, end at least the processes that are known."""
    try:
        note = (runtime.path / ENVIRONMENT).read_text(encoding="utf-8")
        make_provider(load_environment(Path(note)), runtime.instance).down()
    except (FileNotFoundError, InputError):
        for found in runtime.running().values():
            found.end(PATIENCE)


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
