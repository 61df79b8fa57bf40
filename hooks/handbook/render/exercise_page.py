"""The page of an exercise list: Markdown headings with tables of HTML below them, so that nothing in a table is parsed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from handbook.exercises.form import Form
from handbook.exercises.list import Exercise, ExerciseList, Section, Stack
from handbook.exercises.verdict import NotApplicable, NotRecorded, Printed, Verdict
from handbook.render.figure import figure_anchor
from handbook.render.markup import attribute, escape
from handbook.site_address import site_address
from handbook.step import Step


@dataclass(frozen=True, slots=True)
class ToldForm:
    """A form of an exercise, and what it does.

    Parameters:
        form: The form.
        verdicts: What it does in each stack of the list.
    """

    form: Form
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class ExercisePage:
    """What the page shows, and where it stands.

    Parameters:
        path: The page's path below the folder of the pages, without ``.md``.
        exercises: The list.
        forms: The forms of each exercise, by its id.
        directory_urls: True where the site has a folder for each page.
    """

    path: str
    exercises: ExerciseList
    forms: Mapping[str, Sequence[ToldForm]]
    directory_urls: bool

    def markdown(self) -> str:
        """The whole page."""
        style = resources.files("handbook").joinpath("assets", "exercises.css").read_text(encoding="utf-8")
        parts = [f"# {self.exercises.title}", f"<style>{style}</style>", self.exercises.introduction.strip()]
        for section in self.exercises.sections:
            parts += [f"## {section.title}", self._table(section)]
        return "\n\n".join(filter(None, parts)) + "\n"

    def _table(self, section: Section) -> str:
        titles = ("Where it lives now", *(stack.title for stack in self.exercises.stacks))
        head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
        body = "\n".join(self._exercise(exercise) for exercise in section.exercises)
        return f'<table class="handbook-exercises">\n<thead><tr>{head}</tr></thead>\n{body}\n</table>'

    def _exercise(self, exercise: Exercise) -> str:
        width, anchor = len(self.exercises.stacks) + 1, f"exercise-{attribute(exercise.id)}"
        mark = f'<a class="handbook-exercise-mark" href="#{anchor}">{escape(exercise.id)}</a>'
        head = f'<tr id="{anchor}"><th colspan="{width}" scope="rowgroup">{mark}{_code(exercise.command)}</th></tr>'
        rows = [self._form(exercise, told) for told in self.forms[exercise.id]]
        reason = f'<tr><td colspan="{width}">{escape(exercise.reason)}</td></tr>' if exercise.reason else ""
        return f"<tbody>{head}{''.join(rows)}{reason}</tbody>"

    def _form(self, exercise: Exercise, told: ToldForm) -> str:
        """A row; the command below the link is the newest, with the values that a reader of its figure sees."""
        snippet, number = told.form.variants[0]
        step, command = snippet.steps[number], snippet.steps[number].command
        for verdict in told.verdicts:
            if isinstance(verdict, Printed):
                step, command = verdict.step.step, verdict.step.command
        cells = (_cell(stack, verdict, step.command) for stack, verdict in zip(self.exercises.stacks, told.verdicts, strict=True))
        code = _code(command) if command != exercise.command else ""
        return f"<tr><td>{self._link(told.form, step)}{code}</td>{''.join(cells)}</tr>"

    def _link(self, form: Form, step: Step) -> str:
        """A link to the figure of the variant that has a step."""
        snippet = next(snippet for snippet, number in form.variants if snippet.steps[number] is step)
        address = site_address(self.path, form.chapter.name, directory_urls=self.directory_urls)
        link = f'<a href="{attribute(address)}#{attribute(figure_anchor(form.chapter, snippet))}">{escape(form.chapter.title)}</a>'
        return (_note("in its place, in ") if form.replaces else "") + link


def _cell(stack: Stack, verdict: Verdict, command: str) -> str:
    """What came of a form in a stack, and with which command, where its variant for that has another one than is shown."""
    other = isinstance(verdict, Printed) and verdict.step.step.command != command
    what = _code(f"$ {verdict.step.command}") if isinstance(verdict, Printed) and other else ""
    place = f"<b>{escape(verdict.environment)}</b>"
    return f'<td data-stack="{attribute(stack.title)}" data-search-exclude="">{place}{what}{"".join(_told(verdict))}</td>'


def _told(verdict: Verdict) -> Iterator[str]:
    match verdict:
        case NotRecorded():
            yield _note("not recorded")
        case NotApplicable():
            yield _note(f"not applicable: needs {verdict.needs}")
        case Printed():
            yield from _printed(verdict)
            if verdict.stale:
                yield _note("changed since it was recorded")


def _printed(verdict: Printed) -> Iterator[str]:
    """How it ended, and a line of what it printed; or that it did as in the stack before."""
    record, duration, drift = verdict.record, verdict.step.step.options.duration, verdict.drift
    if verdict.before and not drift:
        yield _note(f"as in {verdict.before}")
        return
    if duration or record.exit:
        yield _note(f"stopped after {duration:g} s" if duration else f"exit {record.exit}")
    lines = record.output.rstrip("\n").split("\n")
    number = drift.first.new.line if drift and drift.first.new else _first(lines)
    line = lines[number - 1].strip()
    if not (drift and line and line in drift.sentence):
        yield _code(line) if line else _note("prints nothing")
        yield _note(f"line {number} of {len(lines)}") if len(lines) > 1 else ""
    if drift:
        yield _note(f"unlike {verdict.before}: {drift.sentence}")


def _first(lines: Sequence[str]) -> int:
    """The first line that holds more than punctuation, counted from 1."""
    return next((number for number, line in enumerate(lines, 1) if any(map(str.isalnum, line))), 1)


def _code(text: str) -> str:
    # A line end would give other parsers of the page a line of their own.
    return f"<code>{escape(text)}</code>".replace("\n", "&#10;")


def _note(text: str) -> str:
    return f"<span>{escape(text)}</span>"
