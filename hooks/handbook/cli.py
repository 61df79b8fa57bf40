"""The program ``handbook``: a thin layer over the core. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Any

import click

from handbook import __version__
from handbook.errors import ExitStatus, HandbookError
from handbook.interruption import heed, restore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handbook.book import Book
    from handbook.chapter import Chapter


class Program(click.Group):
    """Ends the program with the exit status of whatever went wrong; the one place where that is decided."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command line: that of this process, or one that is given from Python."""
        alone = not (args or kwargs)
        kwargs["standalone_mode"] = False
        # Steps and outcomes are trees without cycles; looking for cycles among them costs as much as parsing them.
        gc.set_threshold(200_000, 20, 20)
        before = heed()
        try:
            status = super().main(*args, **kwargs)
        except click.ClickException as error:
            error.show()
            status = ExitStatus.BAD_INPUT
        except HandbookError as error:
            click.echo(str(error), err=True)
            status = error.status
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            click.echo(f"{where}{error.strerror or error}", err=True)
            status = ExitStatus.COULD_NOT_RUN
        except (KeyboardInterrupt, click.Abort):
            click.echo("interrupted; nothing was left running but what was to stay", err=True)
            status = ExitStatus.INTERRUPTED
            if alone:
                before.clear()  # whoever interrupts again while the interpreter ends would change the status
        finally:
            # Whoever called us from Python hears signals as before, and so do the programs that they start.
            restore(before)
        sys.exit(int(status or 0))


def _choose_binaries(_context: click.Context, _option: click.Parameter, name: str | None) -> None:
    from handbook.lab.cache import Cache
    from handbook.lab.kubernetes.binaries import choose

    if name is not None:
        choose(name, Cache())


binaries = click.option(
    "--binaries",
    metavar="DIR",
    expose_value=False,
    callback=_choose_binaries,
    help="Take Kubernetes from DIR/VERSION/bin and DIR/runtime/bin, also in later commands; '' fetches releases again.",
)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="handbook")
def main() -> None:
    """Executable documentation: Markdown chapters whose every output was printed by a real machine."""


@main.command()
@click.option("--strict", is_flag=True, help="Fail on every warning, for instance on what is not recorded.")
def build(*, strict: bool) -> int:
    """Build the site from recordings; runs nothing."""
    from handbook.commands.site import build as run

    return run(_book(), strict=strict)


@main.command()
def serve() -> int:
    """Show the site while you write; runs nothing."""
    from handbook.commands.site import serve as run

    return run(_book())


@main.command()
@click.argument("environment")
@click.argument("chapters", nargs=-1)
@click.option("--stale", is_flag=True, help="Only chapters whose recording is missing, stale or rejected by check.")
@click.option("--local", is_flag=True, help="Record into .handbook/, for builds on this machine only.")
@click.option("--keep", is_flag=True, help="Leave the environment up.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Chapters at a time.")
@click.option("--json", "as_json", is_flag=True, help="Print one document for programs.")
@binaries
def record(environment: str, chapters: tuple[str, ...], *, stale: bool, local: bool, keep: bool, jobs: int, as_json: bool) -> int:
    """Run chapters in ENVIRONMENT and write down what means something new."""
    from handbook.commands.record import Wish
    from handbook.commands.record import record as run

    book = _book()
    wish = Wish(book.environment(environment), _chapters(book, chapters), stale=stale, local=local, keep=keep, jobs=jobs)
    return run(book, wish, as_json=as_json)


@main.command()
@click.argument("names", nargs=-1, metavar="[ENVIRONMENT] [CHAPTER]...")
@click.option("--json", "as_json", is_flag=True, help="Print one document for programs.")
@binaries
def check(names: tuple[str, ...], *, as_json: bool) -> int:
    """Check recordings against the chapters; with an ENVIRONMENT, run the chapters there and compare. Writes nothing."""
    from handbook.commands.check import check_live, check_stored

    book = _book()
    environment, rest = book.split(names)
    chapters = _chapters(book, rest)
    if environment:
        return check_live(book, environment, chapters, as_json=as_json)
    return check_stored(book, chapters, named=bool(rest), as_json=as_json)


@main.command()
@click.argument("old")
@click.argument("new")
@click.argument("chapters", nargs=-1)
@click.option("--json", "form", flag_value="json", help="Print one document for programs.")
@click.option("--markdown", "form", flag_value="markdown", help="Print it for a pull request.")
def diff(old: str, new: str, chapters: tuple[str, ...], *, form: str | None) -> int:
    """Tell what means something different between two recorded environments, or two folders of recordings."""
    from handbook.commands.diff import diff as run

    return run(_book(), old, new, chapters, form=form or "text")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one document for programs.")
def status(*, as_json: bool) -> int:
    """Show every chapter by environment: recorded, stale, failing, not recorded, not applicable."""
    from handbook.commands.status import status as run

    return run(_book(), as_json=as_json)


@main.command()
@click.argument("environment", required=False)
@binaries
def doctor(environment: str | None) -> int:
    """Tell what this machine can run, what is missing, and the command that gets it."""
    from handbook.commands.doctor import doctor as run

    book = _book()
    return run([book.environment(environment)] if environment else book.environments)


@main.command()
@click.argument("environment")
@binaries
def up(environment: str) -> int:
    """Bring ENVIRONMENT up, to stay until `handbook down`."""
    from handbook.commands.environment import up as run

    return run(_book().environment(environment))


@main.command()
@click.argument("environment")
def down(environment: str) -> int:
    """Bring ENVIRONMENT down and prove that nothing is left."""
    from handbook.commands.environment import down as run

    return run(_book().environment(environment))


@main.command()
@click.argument("environment")
@click.argument("target", required=False)
def shell(environment: str, target: str | None) -> int:
    """Open a shell in ENVIRONMENT, on TARGET, as a chapter would see it."""
    from handbook.commands.environment import shell as run

    found = _book().environment(environment)
    return run(found, target or found.target)


def _book() -> Book:
    from handbook.book import Book

    return Book.find()


def _chapters(book: Book, names: Sequence[str]) -> tuple[Chapter, ...]:
    from handbook.errors import UsageError

    if not (names or book.chapters):
        raise UsageError(f"no page below {book.docs} holds a console block\n  next: write one, or name a Markdown file")
    return book.named(names) if names else book.chapters
