"""Asking an environment whose shell is a process of this machine for its facts."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from handbook.errors import CouldNotRun
from handbook.fingerprint import Fingerprint, parse_probe, probe_script

SECONDS = 30.0


def read_facts(argv: Sequence[str], name: str) -> Fingerprint:
    """Run the probe script.

    Parameters:
        argv: Words that start a command in the environment.
        name: The environment's name, for the message.

    Raises:
        CouldNotRun: Where it fails or takes too long.
    """
    command = [*argv, "bash", "--noprofile", "--norc"]
    try:
        probe = subprocess.run(command, input=probe_script(), capture_output=True, text=True, timeout=SECONDS, check=True)
    except (OSError, subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise CouldNotRun(f"the facts of {name} could not be read: {error}") from None
    return parse_probe(probe.stdout)
