"""Promises: what a step's options say of its output, whoever ran it and whenever."""

from __future__ import annotations

from collections.abc import Iterator

from handbook.drift import Change, Difference
from handbook.reading.step_options import matches, recorded_options
from handbook.recording import RecordedStep
from handbook.secrets import STAND_IN

PROMISING = ("until=", "capture ")


def broken_promises(step: RecordedStep) -> Iterator[Difference]:
    """Patterns of a step's ``until=`` and ``capture`` that its output does not match; a step is not recorded before it does.

    The output that is recorded is that of the last try, as the pattern saw it. Only where a secret was replaced in it afterwards
    can it differ, so that nothing can be said.

    Parameters:
        step: The step.
    """
    if not any(word in step.options for word in PROMISING) or STAND_IN.search(step.output):
        return
    options = recorded_options(step.options)
    if options.until and not matches(options.until, step.output):
        yield Difference(Change.VALUE, f"it does not match until={options.until}, for which the step waited")
    for wanted in options.captures:
        if not matches(wanted.pattern, step.output):
            yield Difference(Change.VALUE, f"capture {wanted.name}={wanted.pattern} matches nothing in it")
