"""What a chapter itself says that others of its outputs must follow from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handbook.computed.limits import NO_LIMITS, Limits, limits_of
from handbook.computed.pods import qualities_of
from handbook.recording import RecordedStep, Recording


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a chapter.

    Parameters:
        limits: What its commands ask for.
        qualities: The quality of service of its pods, by UID.
    """

    limits: Limits = NO_LIMITS
    qualities: Mapping[str, str] = field(default_factory=dict)


NOTHING_KNOWN = Known()


def known_of(recording: Recording) -> Known:
    """What the commands and outputs of a recording say."""
    steps: Sequence[RecordedStep] = [step for snippet in recording.snippets for step in snippet.steps]
    return Known(limits_of(step.command for step in steps), qualities_of(step.output for step in steps))
