"""Two streams put together: in the order of their writes, or where nobody knows it, in whole lines."""

from __future__ import annotations

from handbook.environment import Shell
from handbook.outcome import Finished, Output
from handbook.session import Session
from handbook.shell.mixture import Mixture

from tests.conftest import LOCAL, commands

PIECES = ((b"conntrack: ", True), (b"icmp\n", False), (b"1 flow ", True), (b"shown\n", True), (b"$ ", False))


def put_together(*, ordered: bool) -> Output:
    mixture = Mixture(ordered=ordered)
    for number, (data, error) in enumerate(PIECES, 1):
        mixture.add(data, number, error=error)
        mixture.settle()
    return mixture.output()


def test_a_known_order_is_kept_also_within_a_line() -> None:
    assert put_together(ordered=True) == Output("conntrack: icmp\n1 flow shown\n$ ", (1, 2))


def test_a_line_is_not_cut_by_a_line_of_the_other_stream_where_nobody_knows_the_order() -> None:
    assert put_together(ordered=False) == Output("icmp\nconntrack: 1 flow shown\n$ ", (2,))


def test_lines_stay_whole_on_a_target_that_only_passes_streams() -> None:
    session = Session(lambda: Shell(LOCAL, local=False))
    (outcome,) = session.run(commands("for n in 1 2 3 4 5 6 7 8 9; do printf 'one ' >&2; echo out; echo two >&2; done"))
    session.close()
    assert isinstance(outcome, Finished)
    lines = outcome.output.text.splitlines()
    assert sorted(lines) == ["one two"] * 9 + ["out"] * 9
    assert [lines[number - 1] for number in outcome.output.stderr] == ["one two"] * 9
