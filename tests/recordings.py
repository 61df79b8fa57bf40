"""Recordings for tests: small ones made on the spot, and real ones from samples/."""

from __future__ import annotations

from pathlib import Path

from handbook.recording import RecordedSnippet, RecordedStep, Recording
from handbook.recording_file import read_recording

SAMPLES = Path(__file__).parent / "samples" / "recordings"
PAIRS = (("debian-12", "docker"), ("debian-13", "docker"), ("sandbox", "linux"))  # each made twice
REAL = (*PAIRS, ("kubernetes-1.37", "cluster"))


def sample(environment: str, chapter: str) -> Recording:
    """A real recording."""
    return read_recording(SAMPLES / environment / f"{chapter}.yml", environment)


def recording(*steps: RecordedStep | tuple[str, str], environment: str = "here") -> Recording:
    """A recording of one snippet; a pair is a command and what it printed."""
    made = tuple(step if isinstance(step, RecordedStep) else RecordedStep(step[0], output=step[1]) for step in steps)
    return Recording("chapter", environment, (RecordedSnippet("snippet", "node", made),))
