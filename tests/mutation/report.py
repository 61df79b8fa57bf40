"""The whole proof, by kind: ``python -m tests.mutation.report [OF_EACH]``; ``make mutation`` runs it.

Every stored recording is mutated, and every mutant must raise an alarm; renamed and permuted, and none may.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from handbook.book import Book
from handbook.compare import compare
from handbook.recording import Recording

from tests.mutation.mutants import Mutant, Mutator
from tests.mutation.permutations import permuted
from tests.mutation.reference import asked_for
from tests.recordings import REAL, sample

ROOT = Path(__file__).parents[2]
CAUGHT = 0.99
SEED = 20260101
UNKNOWN = "nobody knows why"
# Why a mutant may survive: by kind, operator and what was changed.
REASONS = (
    ("iptables", "swapped_lines", ".", "the declaration of a chain says the same wherever it stands"),
    ("iptables", "blind", r"'# (?:Gen|Com)", "iptables-save says in a remark when it ran"),
    ("describe", "line_twice", "Normal|Warning", "of events their reasons count, each once: how often one came is chance"),
    ("describe", "blind", "Normal|Warning|----|Type", "of events their reasons count, not the words of their messages"),
    ("systemd_cgls", "line_twice", r"\d ", "processes of a group that run the same command count once: how many is chance"),
    ("table", "a row lost|line_twice", "get events", "an event that came again is the same event"),
    ("stream", "blind", "Waiting", "of a rollout its end counts: how often it waited, and for how many, is chance"),
    ("stream", "blind", ".", "of events their reasons count, not the words of their messages"),
    ("systemctl", "blind", ".", "the log, the processes and the invocation of a unit change by themselves"),
    ("http", "blind", r"'\\* |'\{ ", "what curl remarks is another thing in every version of it"),
)


def recordings() -> Iterator[Recording]:
    """Every recording of the book, and the samples."""
    store = Book(ROOT).store
    for environment in store.environments:
        for name in store.chapters(environment.name):
            recording = store.load(environment.name, name)
            if recording and any(step.output for snippet in recording.snippets for step in snippet.steps):
                yield recording
    yield from (sample(*pair) for pair in REAL)


def survives(recording: Recording, mutant: Mutant) -> bool:
    """Tell whether nobody notices a mutant."""
    return not compare(recording, mutant.recording).means_something


def false_alarms(recording: Recording, seed: int) -> Iterator[str]:
    """What is said of the same chapter in another run, where nothing should be."""
    renamed, exchanged = Mutator(recording, seed).renamed(), Mutator(recording, seed).exchanged()
    runs = {
        "renamed": renamed,
        "permuted": permuted(recording, seed),
        "another run": permuted(renamed, seed),
        "names exchanged": exchanged,
        "names exchanged in another order": permuted(exchanged, seed),
    }
    for what, other in runs.items():
        for drift in compare(recording, other).drifts:
            if drift.means_something:
                where = f"{recording.environment} {recording.chapter} {drift.snippet} {drift.step}"
                yield f"{what}: {where} {drift.command[:60]!r}: {drift.sentence}"


def reason(mutant: Mutant) -> str:
    """Why nobody needs to notice a mutant."""
    for kind, operator, pattern, why in REASONS:
        if kind == mutant.kind and re.fullmatch(operator, mutant.operator) and re.search(pattern, mutant.change):
            return why
    return UNKNOWN


def main(of_each: int) -> int:
    """Print how many mutants of each kind of output and of each operator were caught, every survivor and every false alarm."""
    made, caught, operators = Counter[str](), Counter[str](), Counter[str]()
    survivors, alarms = [], []
    for recording in recordings():
        for mutant in (*Mutator(recording, SEED).alarms(of_each), *asked_for(recording)):
            alive = survives(recording, mutant)
            made[mutant.kind] += 1
            caught[mutant.kind] += not alive
            operators[mutant.operator] += 1
            if alive:
                survivors.append(
                    f"{recording.environment} {recording.chapter} {mutant.operator}: {mutant.change}: {reason(mutant)}"
                )
        alarms += list(false_alarms(recording, SEED))
    for kind, count in made.most_common():
        print(f"{kind:16} {caught[kind]:5} of {count:5}  {caught[kind] / count:7.2%}")
    print(", ".join(f"{operator} {count}" for operator, count in operators.most_common()))
    share = caught.total() / made.total()
    print(f"{caught.total()} of {made.total()} mutants caught, {share:.2%}; {len(alarms)} false alarms")
    print(*survivors, *alarms, sep="\n")
    return 0 if share >= CAUGHT and made.total() >= 1000 and not alarms else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
