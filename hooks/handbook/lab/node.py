"""A node that runs: commands in it, its Docker, its fingerprint."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from handbook.errors import CouldNotRun
from handbook.fingerprint import Fingerprint, parse_probe, probe_script
from handbook.lab import host
from handbook.leftovers import objects_script

LONGEST_START = 60.0
LONGEST_QUESTION = 60.0


@dataclass(frozen=True, slots=True)
class Node:
    """A node that is up.

    Parameters:
        enter: Words in front of a command that is to run in it.
        logs: Directory for logs that are taken from it when something goes wrong.
    """

    enter: tuple[str, ...]
    logs: Path

    def run(self, *words: str, timeout: float, given: str | Path = "", taken: Path | None = None) -> str:
        """Run a command in the node and return what it prints on standard output.

        Parameters:
            words: The command.
            timeout: Seconds.
            given: Text, or a file, that it reads from standard input.
            taken: File of this machine that gets what it prints; the result is then empty.

        Raises:
            CouldNotRun: When it fails or takes too long.
        """
        return host.run(*self.enter, *words, timeout=timeout, given=given, taken=taken)

    def start(self, unit: str) -> None:
        """Wait until a unit of systemd is active.

        Raises:
            CouldNotRun: When it fails or takes too long, with the unit's last words and where all of them are.
        """
        try:
            self.run("systemctl", "start", unit, timeout=LONGEST_START)
        except CouldNotRun as error:
            log = self.logs / f"{unit}.log"
            log.write_text(self.answer("journalctl", "--no-pager", f"--unit={unit}"), encoding="utf-8")
            raise CouldNotRun(f"{unit} did not start: {error}\n{host.tail(log)}") from None

    def fingerprint(self) -> Fingerprint:
        """Its facts."""
        return parse_probe(self.run("sh", "-s", timeout=LONGEST_QUESTION, given=probe_script()))

    def objects(self, *folders: str) -> tuple[str, ...]:
        """What its cluster holds, and files in some folders.

        Raises:
            CouldNotRun: When the API server does not answer.
        """
        return tuple(self.run("sh", "-s", *folders, timeout=LONGEST_QUESTION, given=objects_script()).splitlines())

    def answer(self, *words: str) -> str:
        """What a command prints; nothing when it fails."""
        try:
            return self.run(*words, timeout=LONGEST_QUESTION)
        except CouldNotRun:
            return ""
