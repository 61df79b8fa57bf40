"""What came of a command: it finished with a status, or it did not finish at all. The two are different types."""

from __future__ import annotations

from dataclasses import dataclass, field

from handbook.recording import Span

KEPT = 256 * 1024


@dataclass(frozen=True, slots=True)
class Output:
    """What a command printed.

    Parameters:
        text: Both streams in order, as far as they are kept; bytes that are no text stand as ``\\xNN``.
        stderr: Numbers of the lines, counted from 1, that came from standard error.
        truncated: Bytes that were printed, where that is more than is kept; else 0.
        spans: Colours, where it was a terminal's.
    """

    text: str = ""
    stderr: tuple[int, ...] = ()
    truncated: int = 0
    spans: tuple[Span, ...] = ()


NOTHING = Output()


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that ended by itself, or an endless one that ran as long as it should.

    Parameters:
        exit: Its exit status.
        output: What it printed.
        seconds: How long it took.
        after_loss: What became of an earlier shell of this chapter; empty where the shell is the first one. Such an outcome
            proves nothing and never counts as passed.
        stopped: True where we ended an endless command in its time; its exit status is then ours.
    """

    exit: int
    output: Output = NOTHING
    seconds: float = 0.0
    after_loss: str = ""
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A command whose exit status never came.

    Parameters:
        reason: What happened, as a clause: ``it was still running after 2 s``.
        output: What it printed until then.
        seconds: How long it was given.
        after_loss: As for ``Finished``.
        shell_lost: True where the shell is gone with it, so that the next command runs in a fresh one.
    """

    reason: str
    output: Output = field(default=NOTHING)
    seconds: float = 0.0
    after_loss: str = ""
    shell_lost: bool = False


Outcome = Finished | Unfinished
