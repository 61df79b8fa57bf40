"""Mutants of recordings: what must raise an alarm, and what must not."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from handbook.comparison.output_reader import OutputReader
from handbook.comparison.renaming import SHORT_ID, key_of
from handbook.comparison.step_pairs import StepPair
from handbook.comparison.walk import Position
from handbook.computed.layers import stacks
from handbook.computed.promises import broken_promises
from handbook.kinds import kind_of
from handbook.recording import RecordedStep, Recording
from handbook.tree import Exact, Leaf, Name, Node, Noise, Shape, Table, Unordered, leaves, place_of

from tests.mutation.fresh_names import computed_names, other_name

ALNUM = re.compile(r"[0-9A-Za-z]")


@dataclass(frozen=True)
class Found:
    """A leaf, and the step that printed it."""

    snippet: int
    step: int
    leaf: Leaf


@dataclass(frozen=True)
class Mutant:
    """A changed recording, and how it was changed."""

    operator: str
    kind: str
    change: str
    recording: Recording


def found_leaves(recording: Recording) -> list[Found]:
    """Every leaf of every output, as the comparer reads it."""
    reader = OutputReader(recording, recording)
    found = []
    for index, snippet in enumerate(recording.snippets):
        for number, step in enumerate(snippet.steps):
            pair = StepPair(Position(snippet.id, number, number), step, step, (snippet.target, snippet.target))
            trees = reader.read(pair, frozenset()).old
            found += [Found(index, number, leaf) for tree in trees for leaf in leaves(tree)]
    return found


def ordered_lines(tree: Node, first: int, second: int) -> bool:
    """Tell whether a kind says that the order of two lines matters: what holds both of them last is in order."""
    if not {first, second} <= {leaf.place.line for leaf in leaves(tree)}:
        return False
    children = (tree.header, tree.rows) if isinstance(tree, Table) else getattr(tree, "children", ())
    inner = next((child for child in children if {first, second} & {leaf.place.line for leaf in leaves(child)}), None)
    both = [child for child in children if {first, second} <= {leaf.place.line for leaf in leaves(child)}]
    if both:
        return ordered_lines(both[0], first, second)
    return inner is not None and not isinstance(tree, Unordered)


def with_step(recording: Recording, snippet: int, step: int, change: Callable[[RecordedStep], RecordedStep]) -> Recording:
    """A recording with one step changed."""
    snippets = list(recording.snippets)
    steps = list(snippets[snippet].steps)
    steps[step] = change(steps[step])
    snippets[snippet] = replace(snippets[snippet], steps=tuple(steps))
    return replace(recording, snippets=tuple(snippets))


def with_text(recording: Recording, found: Found, text: str) -> Recording:
    """A recording with other text in the place of a leaf."""

    def change(step: RecordedStep) -> RecordedStep:
        lines = step.output.split("\n")
        line, start, end = found.leaf.place
        lines[line - 1] = lines[line - 1][:start] + text + lines[line - 1][end:]
        return replace(step, output="\n".join(lines))

    return with_step(recording, found.snippet, found.step, change)


class Mutator:
    """Makes mutants of one recording.

    Parameters:
        recording: The recording.
        seed: The same seed makes the same mutants.
    """

    def __init__(self, recording: Recording, seed: int) -> None:
        self.recording = recording
        self.random = random.Random(seed)
        self.found = found_leaves(recording)
        outputs = [step.output for snippet in recording.snippets for step in snippet.steps]
        self._stacks = {name[:SHORT_ID] for name in stacks(outputs)}
        self._texts = {one.leaf.text for one in self.found if isinstance(one.leaf, Name)}

    def alarms(self, of_each: int) -> Iterator[Mutant]:
        """Mutants that must raise an alarm, so many of each operator."""
        lines = (self.lost_line, self.line_twice, self.swapped_lines, self.other_channel, self.exit_status)
        columns = (self.lost_column, self.added_column, self.lost_word)
        for operator in (self.digit, self.letter, self.blind, self.one_name, self.two_names, self.no_name, *lines, *columns):
            for mutant in (operator() for _ in range(of_each)):
                if mutant and mutant.recording != self.recording:
                    yield mutant

    def digit(self) -> Mutant | None:
        """Another digit in an exact part."""
        return self._character("digit", r"[0-9]", "0123456789")

    def letter(self) -> Mutant | None:
        """Another letter in an exact part."""
        return self._character("letter", r"[a-z]", "abcdefghijklmnopqrstuvwxyz")

    def _character(self, operator: str, wanted: str, alphabet: str) -> Mutant | None:
        exact = [one for one in self.found if isinstance(one.leaf, Exact) and re.search(wanted, one.leaf.text)]
        chosen = self.random.choice(exact)
        text = chosen.leaf.text
        at = self.random.choice([match.start() for match in re.finditer(wanted, text)])
        other = self.random.choice(alphabet.replace(text[at], ""))
        return self._mutant(operator, chosen, text[:at] + other + text[at + 1 :])

    def blind(self) -> Mutant | None:
        """Another character anywhere in an exact part; what is hidden has operators of its own."""
        snippet, step, lines = self._output()
        line, column = self.random.choice([(at, match.start()) for at, text in enumerate(lines) for match in ALNUM.finditer(text)])
        leaf = self._covering(snippet, step, line + 1, column)
        if not isinstance(leaf, Exact):
            return None  # of names those that occur several times have an operator of their own
        text = lines[line]
        other = self.random.choice([one for one in ("123456789" if text[column].isdigit() else "abcdefg") if one != text[column]])
        lines[line] = f"{text[:column]}{other}{text[column + 1 :]}"
        output = "\n".join(lines)
        return self._made("blind", snippet, step, f"line {line + 1}: {lines[line]!r}", lambda old: replace(old, output=output))

    def _output(self) -> tuple[int, int, list[str]]:
        """The lines of a step that printed letters or digits."""
        numbered = enumerate(self.recording.snippets)
        steps = [(at, number, one.output) for at, snippet in numbered for number, one in enumerate(snippet.steps)]
        snippet, step, output = self.random.choice([one for one in steps if ALNUM.search(one[2])])
        return snippet, step, output.split("\n")

    def _covering(self, snippet: int, step: int, line: int, column: int) -> Leaf | None:
        here = (one.leaf for one in self.found if (one.snippet, one.step, one.leaf.place.line) == (snippet, step, line))
        return next((leaf for leaf in here if leaf.place.start <= column < leaf.place.end), None)

    def one_name(self) -> Mutant | None:
        """One occurrence of a name renamed, of several."""
        repeated = [one for group in self._repeated().values() for one in group]
        if not repeated:
            return None
        chosen = self.random.choice(repeated)
        return self._mutant("one_name", chosen, self.fresh(chosen.leaf))

    def two_names(self) -> Mutant | None:
        """A name in the place of another one, where both occur elsewhere too."""
        repeated = [one for group in self._repeated().values() for one in group]
        if not repeated:
            return None
        chosen, other = self.random.sample(repeated, 2)
        if not isinstance(chosen.leaf, Name) or not isinstance(other.leaf, Name) or chosen.leaf.role != other.leaf.role:
            return None
        if key_of(chosen.leaf) == key_of(other.leaf) or len(chosen.leaf.text) != len(other.leaf.text):
            return None
        return self._mutant("two_names", chosen, other.leaf.text)

    def no_name(self) -> Mutant | None:
        """A constant where a name was."""
        names = [one for one in self.found if isinstance(one.leaf, Name)]
        return self._mutant("no_name", self.random.choice(names), "null") if names else None

    def lost_line(self) -> Mutant | None:
        """A line that is gone."""
        snippet, step, lines, at = self._line()
        if lines[at].startswith(("* ", "{ ")):
            return None  # chatter
        return self._with_lines("lost_line", snippet, step, [*lines[:at], *lines[at + 1 :]], lines[at])

    def line_twice(self) -> Mutant | None:
        """A line that is there twice."""
        snippet, step, lines, at = self._line()
        if lines[at].startswith(("* ", "{ ")):
            return None
        return self._with_lines("line_twice", snippet, step, [*lines[: at + 1], *lines[at:]], lines[at])

    def swapped_lines(self) -> Mutant | None:
        """Two lines that changed places, where order matters and the lines differ in more than values."""
        snippet, step, lines, at = self._line()
        if at + 1 == len(lines) or not ordered_lines(self._trees(snippet, step), at + 1, at + 2):
            return None
        if self._exact_words(snippet, step, at + 1) == self._exact_words(snippet, step, at + 2):
            return None
        swapped = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]
        return self._with_lines("swapped_lines", snippet, step, swapped, lines[at]) if lines[at + 1].strip() else None

    def _trees(self, snippet: int, step: int) -> Node:
        recorded, target = self.recording.snippets[snippet].steps[step], self.recording.snippets[snippet].target
        pair = StepPair(Position("", step, step), recorded, recorded, (target, target))
        return OutputReader(self.recording, self.recording).read(pair, frozenset()).old.stdout

    def other_channel(self) -> Mutant | None:
        """A line that moved between standard output and standard error."""
        snippet, step, lines, at = self._line()
        if lines[at].startswith(("* ", "{ ")):
            return None

        def change(old: RecordedStep) -> RecordedStep:
            return replace(old, stderr=tuple(sorted({*old.stderr} ^ {at + 1})))

        return self._made("other_channel", snippet, step, lines[at], change)

    def exit_status(self) -> Mutant | None:
        """Another exit status."""
        snippet, step, _, _ = self._line()
        return self._made("exit_status", snippet, step, "", lambda old: replace(old, exit=old.exit + 1))

    def lost_column(self) -> Mutant | None:
        """A column that is gone from a table, header and all."""
        return self._column("lost_column", lambda line, start, end: line[:start] + line[end:])

    def added_column(self) -> Mutant | None:
        """A column that a table did not have."""
        return self._column(
            "added_column", lambda line, start, end: f"{line[:start]}NEW   {line[start:]}" if line[:end].strip() else line
        )

    def _column(self, operator: str, change: Callable[[str, int, int], str]) -> Mutant | None:
        """Change one column of a table whose cells begin below their labels."""
        tables = [
            (at, number, step)
            for at, snippet in enumerate(self.recording.snippets)
            for number, step in enumerate(snippet.steps)
            if kind_of(step.command).name == "table" and not step.stderr and "   " in step.output.split("\n")[0].strip()
        ]
        if not tables:
            return None
        at, number, step = self.random.choice(tables)
        lines = step.output.split("\n")
        starts = [match.start() for match in re.finditer(r"(?:^|(?<=  ))\S", lines[0])]
        bounds = list(zip(starts, [*starts[1:], 10_000], strict=True))
        start, end = self.random.choice(bounds)
        if re.search(r"NAMES|AGE|CREATED|ID\b", lines[0][start:end]) or len(bounds) < 2:
            return None  # what is in them may not be told apart from a neighbour's
        changed = [change(line, start, end) for line in lines]
        return self._made(operator, at, number, lines[0][start:end].strip(), lambda old: replace(old, output="\n".join(changed)))

    def lost_word(self) -> Mutant | None:
        """An exact word that is gone: an option, a field, an element."""
        words = [one for one in self.found if isinstance(one.leaf, Exact) and re.search(r"\w{2}", one.leaf.text)]
        chosen = self.random.choice(words)
        found = self.random.choice(list(re.finditer(r"\w{2,}", chosen.leaf.text)))
        return self._mutant("lost_word", chosen, chosen.leaf.text[: found.start()] + chosen.leaf.text[found.end() :])

    def _made(self, operator: str, snippet: int, step: int, change: str, how: Callable[[RecordedStep], RecordedStep]) -> Mutant:
        command = self.recording.snippets[snippet].steps[step].command
        return Mutant(operator, kind_of(command).name, f"{command!r}: {change!r}", with_step(self.recording, snippet, step, how))

    def _mutant(self, operator: str, found: Found, text: str) -> Mutant:
        command = self.recording.snippets[found.snippet].steps[found.step].command
        change = f"{command!r} line {found.leaf.place.line}: {found.leaf.text!r} -> {text!r}"
        return Mutant(operator, kind_of(command).name, change, with_text(self.recording, found, text))

    def _repeated(self) -> dict[tuple[str, str], list[Found]]:
        """Names that occur several times and outlive their step."""
        groups: dict[tuple[str, str], list[Found]] = defaultdict(list)
        for one in self.found:
            if isinstance(one.leaf, Name) and not one.leaf.passing:
                groups[key_of(one.leaf)].append(one)
        return {key: group for key, group in groups.items() if len(group) > 1}

    def _line(self) -> tuple[int, int, list[str], int]:
        one = self.random.choice(self.found)
        lines = self.recording.snippets[one.snippet].steps[one.step].output.split("\n")
        return one.snippet, one.step, lines, one.leaf.place.line - 1

    def _exact_words(self, snippet: int, step: int, line: int) -> list[str]:
        here = (one for one in self.found if (one.snippet, one.step, one.leaf.place.line) == (snippet, step, line))
        return [word for one in here if isinstance(one.leaf, Exact) for word in one.leaf.text.split()]

    def _with_lines(self, operator: str, snippet: int, step: int, lines: list[str], change: str) -> Mutant | None:
        recorded = self.recording.snippets[snippet].steps[step]
        if recorded.stderr:
            return None  # the numbers of its lines would have to move
        return self._made(operator, snippet, step, change, lambda old: replace(old, output="\n".join(lines)))

    def fresh(self, name: Leaf) -> str:
        """Another name of the same form that stands nowhere in the recording."""
        tries = (other_name(self.random, name[0], name.text, longer=attempt // 100) for attempt in range(1000))
        return next(text for text in tries if text not in self._texts)

    def exchanged(self) -> Recording:
        """The same chapter of another run that gave away the same names otherwise: each is another one of its role."""
        longest: dict[tuple[str, str], str] = {}
        for one in sorted(self.found, key=self._rank):
            if isinstance(one.leaf, Name) and one.leaf.role not in {"captured value", "endpoint chain"}:
                longest.setdefault(key_of(one.leaf), one.leaf.text)
        alike: dict[tuple[str, str], list[str]] = defaultdict(list)
        for (role, _), text in sorted(longest.items()):
            alike[role, re.sub(r"[0-9A-Za-z]", "x", text)].append(text)
        others = {(role, text): group[(at + 1) % len(group)] for (role, _), group in alike.items() for at, text in enumerate(group)}
        # Of a chain whose endpoint nobody sees no name follows.
        return self.renamed(
            lambda leaf: self.fresh(leaf) if leaf[0] == "endpoint chain" else others.get((leaf[0], leaf.text), leaf.text)
        )

    def renamed(self, choose: Callable[[Leaf], str] | None = None) -> Recording:
        """The same chapter of another run: every name is another one in all its places, ages and counters are new.

        Parameters:
            choose: Gives a name its other one; None for one that stands nowhere in the recording.
        """
        choose = choose or self.fresh
        texts: dict[tuple[str, str], str] = {}
        steps: dict[tuple[int, int], list[tuple[Leaf, str]]] = defaultdict(list)
        computed: dict[str, str] | None = None
        for one in sorted(self.found, key=self._rank):
            if isinstance(one.leaf, Name):
                key = key_of(one.leaf)
                if computed is None and self._rank(one)[0]:
                    computed = computed_names(self.recording, texts)
                if computed and one.leaf.text in computed:
                    texts[key] = computed[one.leaf.text]
                full = texts[key] = texts.get(key) or choose(one.leaf)
                self._texts.add(full)
                steps[one.snippet, one.step].append((one.leaf, full[: len(one.leaf.text)] if one.leaf.role == "id" else full))
            elif isinstance(one.leaf, Noise | Shape) and not re.match("ignored|fair share", one.leaf[0]):
                # What is ignored has the look that its author gave it, and shares have a sum.
                steps[one.snippet, one.step].append((one.leaf, "".join(map(self._other_character, one.leaf.text))))
        recording = self.recording
        captured = {
            one.leaf.text: texts[key_of(one.leaf)] for one in self.found if isinstance(one.leaf, Name) and not one.leaf.passing
        }
        for (snippet, step), replacements in steps.items():
            recording = with_step(recording, snippet, step, lambda old, new=replacements: _replaced(old, new, captured))  # type: ignore[misc]
        return recording

    def _rank(self, found: Found) -> tuple[int, int]:
        """Long ids before short ones, all before what is computed from them, recognised values before captured ones."""
        last = {"endpoint chain": 1, "captured value": 2}.get(found.leaf[0], 0) if isinstance(found.leaf, Name) else 0
        return last or int(found.leaf.text[:SHORT_ID] in self._stacks), -len(found.leaf.text)

    def _other_character(self, character: str) -> str:
        return self.random.choice("123456789") if character.isdigit() else character


def _replaced(step: RecordedStep, replacements: list[tuple[Leaf, str]], captured: dict[str, str]) -> RecordedStep:
    """Another run's step. No run prints a number outside the range for which a step waits."""
    made = _with_texts(step, replacements, captured)
    if not any(broken_promises(made)):
        return made
    return _with_texts(step, [one for one in replacements if isinstance(one[0], Name)], captured)


def _with_texts(step: RecordedStep, replacements: list[tuple[Leaf, str]], captured: dict[str, str]) -> RecordedStep:
    lines = step.output.split("\n")
    values = [(name, captured.get(value) or _taken(step, value, replacements)) for name, value in step.captured]
    for leaf, text in sorted(replacements, key=lambda replacement: replacement[0].place, reverse=True):
        line, start, end = leaf.place
        lines[line - 1] = lines[line - 1][:start] + text + lines[line - 1][end:]
    return replace(step, output="\n".join(lines), captured=tuple(values))


def _taken(step: RecordedStep, value: str, replacements: list[tuple[Leaf, str]]) -> str:
    """What a pattern takes out of the other run where it took a value out of this one."""
    place = place_of(value, step.output)
    inside = [one for one in replacements if place and one[0].place.line == place.line]
    for leaf, text in sorted(inside, key=lambda replacement: replacement[0].place, reverse=True):
        if place and place.start <= leaf.place.start and leaf.place.end <= place.end:
            start = leaf.place.start - place.start
            value = value[:start] + text + value[start + len(leaf.text) :]
    return value
