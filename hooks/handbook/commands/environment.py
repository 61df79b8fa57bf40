"""``handbook up``, ``handbook down`` and ``handbook shell``."""

from __future__ import annotations

import signal
import subprocess

import click

from handbook.environment import Environment, Target
from handbook.environments import make_provider
from handbook.errors import ExitStatus, UsageError
from handbook.live import bring_up, is_kept, sweep, take_down
from handbook.progress import Lines
from handbook.reading.block_header import TARGET, TARGETS
from handbook.shell.live_shell import VARIABLES

# For a person at a terminal, unlike for a recording: colours, pagers and the terminal's own size.
PERSONAL = {"TERM", "NO_COLOR", "PAGER", "GIT_PAGER", "MANPAGER", "SYSTEMD_PAGER", "SYSTEMD_COLORS", "COLUMNS", "LINES", "PS1"}


def up(environment: Environment) -> int:
    """Bring it up, to stay."""
    progress = Lines()
    sweep(progress)
    bring_up(environment, progress)
    click.echo(f"{environment.name} is up; next: handbook shell {environment.name}")
    return ExitStatus.AGREED


def down(environment: Environment) -> int:
    """Bring it down and prove that nothing is left."""
    sweep(Lines())
    take_down(environment)
    click.echo(f"{environment.name} is down; nothing is left of it")
    return ExitStatus.AGREED


def shell(environment: Environment, target: str) -> int:
    """Open a shell on a target of an environment that is up."""
    if not TARGET.fullmatch(target):
        raise UsageError(f"found target {target!r}\n  expected: {TARGETS}")
    if not is_kept(environment):
        raise UsageError(f"{environment.name} is not up; next: handbook up {environment.name}")
    kind, _, name = target.partition(":")
    found = make_provider(environment).shell(Target(kind, name))
    variables = [f"{key}={value}" for key, value in VARIABLES.items() if key not in PERSONAL]
    prompt = f"PS1={environment.name}:\\w# "
    words = found.terminal or found.argv
    flags = ["--noprofile", "--norc", "-i"] if found.interpreter == "bash" else ["-i"]
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for what runs in the shell; this handler is not inherited
    return subprocess.run(
        [*words, "env", *variables, "TERM=xterm-256color", prompt, found.interpreter, *flags], check=False
    ).returncode
