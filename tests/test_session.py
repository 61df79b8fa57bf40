"""What a command may do to its shell, and what that may cost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from handbook.environment import Shell
from handbook.outcome import Finished, Unfinished
from handbook.session import Command, Session

from tests.conftest import LOCAL, commands
from tests.session_steps import after, texts


def test_variables_directory_functions_and_jobs_survive_from_step_to_step(session: Session) -> None:
    lines = (
        "x=5; cd /usr; f() { echo function $x; }",
        "sleep 60 &",
        'echo "$x $PWD"',
        "f",
        "kill -0 $! && echo job runs",
        "kill %1",
    )
    assert texts(session, *lines)[2:5] == ["5 /usr\n", "function 5\n", "job runs\n"]


def test_the_exit_status_of_each_step_is_its_own_and_the_next_step_can_ask_for_it(session: Session) -> None:
    outcomes = list(session.run(commands("(exit 4)", "echo $?", "false", "true")))
    assert [outcome.exit for outcome in outcomes if isinstance(outcome, Finished)] == [4, 0, 1, 0]
    assert outcomes[1].output.text == "4\n"


def test_a_function_from_an_earlier_step_can_ask_for_the_status_too(session: Session) -> None:
    list(session.run(commands("told() { echo $?; }")))
    assert texts(session, "(exit 6)", "told", "told") == ["", "6\n", "0\n"]


def test_a_step_can_ask_for_the_status_of_the_last_one_that_was_sent_before_it(session: Session) -> None:
    list(session.run(commands("true", "(exit 5)")))
    assert texts(session, "echo $?") == ["5\n"]


def test_both_streams_come_in_the_order_in_which_they_were_written(session: Session) -> None:
    loop = "for i in 1 2 3 4 5; do echo out $i; echo error $i >&2; done"
    for _ in range(20):
        (outcome,) = session.run(commands(loop))
        assert outcome.output.text == "".join(f"out {i}\nerror {i}\n" for i in range(1, 6))
        assert outcome.output.stderr == (2, 4, 6, 8, 10)


def test_the_order_is_right_for_other_programs_and_when_steps_are_sent_ahead(session: Session) -> None:
    program = "python3 -c 'import os\nfor i in range(9): os.write(1 + i % 2, b\"%d\\n\" % i)'"
    outcomes = list(session.run(commands(*(["echo a; echo b >&2; echo c"] * 30 + [program]))))
    assert {outcome.output.text for outcome in outcomes[:-1]} == {"a\nb\nc\n"}
    assert outcomes[-1].output.text == "".join(f"{i}\n" for i in range(9))
    assert outcomes[-1].output.stderr == (2, 4, 6, 8)


def test_a_line_that_both_streams_share_counts_as_standard_error(session: Session) -> None:
    (outcome,) = session.run(commands("printf a; printf b >&2; echo c; echo d"))
    assert outcome.output.text == "abc\nd\n"
    assert outcome.output.stderr == (1,)


def test_seconds_are_those_of_the_step_alone(session: Session) -> None:
    quick, slow, last = session.run(commands("true", "sleep 0.4", "true"))
    assert quick.seconds < 0.3
    assert 0.4 <= slow.seconds < 1.5
    assert last.seconds < 0.3


def test_errors_read_as_at_a_prompt(session: Session) -> None:
    (outcome,) = session.run(commands("no-such-command"))
    assert outcome == Finished(127, outcome.output, outcome.seconds)
    assert outcome.output.text == "bash: no-such-command: command not found\n"


def test_aliases_work_as_at_a_prompt_and_an_exclamation_mark_is_only_that(session: Session) -> None:
    assert texts(session, "alias hello='echo hello world'", "hello", "echo 'wow!' \"!x\"")[1:] == ["hello world\n", "wow! !x\n"]


def test_nul_bytes_and_invalid_utf_8_are_escaped(session: Session, log: Path) -> None:
    outcomes = after(session, Command(r"printf 'a\377\376b\0c\n'; printf 'd\001\n' >&2"), log)
    assert outcomes[1].output.text == "a\\xff\\xfeb\\x00c\nd\\x01\n"


def test_carriage_returns_at_line_ends_go_as_on_a_terminal(session: Session) -> None:
    assert texts(session, r"printf 'a\r\nb\rc\n'") == ["a\nb\\rc\n"]


def test_a_missing_last_newline_is_kept(session: Session) -> None:
    assert texts(session, "printf a", "printf b") == ["a", "b"]


def test_what_looks_like_our_mark_is_output(session: Session, log: Path) -> None:
    fake = r"printf '\036%s 0 1\036' 0123456789abcdef01234567; printf '\036'; declare -f _handbook | grep -c printf"
    outcomes = after(session, Command(fake), log)
    assert "\\x1e0123456789abcdef01234567 0 1\\x1e\\x1e" in outcomes[1].output.text


def test_a_mark_cannot_be_read_from_the_shells_own_source(session: Session, log: Path) -> None:
    after(session, Command("cat /proc/$$/environ /proc/$$/cmdline; set; declare -f; history; fc -l", timeout=5), log)


@pytest.mark.parametrize("reader", ["cat /proc/self/fd/6", "cat <&6", "cat /proc/self/fd/6 >&2"])
def test_a_mark_cannot_be_read_where_the_shell_reads_its_lines(session: Session, log: Path, reader: str) -> None:
    outcomes = after(session, Command(f"{reader}; echo read", timeout=5), log)
    assert outcomes[1].output.text.endswith("read\n")
    assert outcomes[2].after_loss == ""


def test_a_mark_that_says_nothing_is_output(session: Session, log: Path) -> None:
    word = "tr '\\036' '\\n' < /proc/self/fd/6 | tr -d \"'\" | grep -oE '^[0-9a-f]{24}$' | sed -n 2p"
    forged = f"printf '\\036%s x\\036' $({word})"
    outcomes = after(session, Command(forged, timeout=5), log)
    assert re.fullmatch(r"\\x1e[0-9a-f]{24} x\\x1e", outcomes[1].output.text)
    assert outcomes[2].after_loss == ""


@pytest.mark.parametrize("word", ["eval", "builtin", "printf", "set", "exec", "return"])
@pytest.mark.parametrize("change", ["{}() {{ echo mine; }}", "alias {}='echo mine'"])
def test_a_step_that_gives_a_word_of_ours_another_meaning_keeps_none_behind_it_from_running(
    session: Session, log: Path, word: str, change: str
) -> None:
    assert after(session, Command(change.format(word), timeout=5), log)[2].after_loss == ""


def test_set_e_costs_the_step_that_fails_and_names_it(session: Session, log: Path) -> None:
    list(session.run(commands("set -e")))
    outcomes = after(session, Command("false; echo not reached"), log)
    assert isinstance(outcomes[1], Unfinished)
    assert outcomes[1].reason == "the shell ended with status 1"


def test_set_x_shows_the_commands_traced_and_nothing_of_ours(session: Session) -> None:
    output = texts(session, "set -x", "echo traced", "set +x", "echo quiet")
    assert output[1] == "++ echo traced\ntraced\n"
    assert output[3] == "quiet\n"


@pytest.mark.parametrize(
    "option",
    ["set -u", "set -o pipefail", "set -f", "set -v", "set -C", "set -k", "set -o posix", "shopt -s failglob", "trap 'true' DEBUG"],
)
def test_shell_options_do_not_break_the_steps_behind(session: Session, log: Path, option: str) -> None:
    outcomes = after(session, Command(option), log)
    assert isinstance(outcomes[2], Finished)
    assert (outcomes[2].exit, outcomes[2].after_loss) == (0, "")


@pytest.mark.parametrize(
    "change",
    ["PS1=foo; PS4=bar; PROMPT_COMMAND='echo prompt'", "PATH=/nowhere", "IFS=0123456789", "LC_ALL=C; LANG=C", "unset HOME"],
)
def test_changed_variables_do_not_break_the_steps_behind(session: Session, log: Path, change: str) -> None:
    assert isinstance(after(session, Command(change), log)[2], Finished)


@pytest.mark.parametrize(
    "broken", ["echo 'open", 'echo "open', "echo $(open", "if true", "cat <<END\nno end", "echo `open", "{ echo", "(", ")"]
)
def test_an_open_quote_costs_only_its_step(session: Session, log: Path, broken: str) -> None:
    outcomes = after(session, Command(broken, timeout=5), log)
    assert outcomes[2].after_loss == ""


@pytest.mark.parametrize(
    "word", ["break", "continue", "return 3", "printf() { echo mine; }", "local x", "unalias -a", "exec 3>&1 4>&2"]
)
def test_words_with_a_meaning_of_their_own_cost_only_their_step(session: Session, log: Path, word: str) -> None:
    assert after(session, Command(word, timeout=5), log)[2].after_loss == ""


def test_steps_behind_one_that_breaks_the_marks_do_not_run_twice(session: Session, log: Path) -> None:
    new = """builtin() { [ $again ] && command builtin "$@"; [ x$1 = xprintf ] && case $2 in *" "*) again=1 ;; esac; }"""
    list(session.run(commands(f"f() {{ {new}; }}")))
    outcomes = list(session.run([Command(f"echo before >> {log}"), Command("f", timeout=0.5), Command(f"echo after >> {log}")]))
    assert log.read_text() == "before\nafter\n"
    assert isinstance(outcomes[2], Unfinished)


def test_text_beyond_ascii_comes_through_in_commands_and_outputs(session: Session) -> None:
    assert texts(session, "echo 'größer → 漢字'", "LC_ALL=C", "echo 'größer → 漢字'") == ["größer → 漢字\n", "", "größer → 漢字\n"]


def test_commands_of_several_lines_and_long_ones_come_through(session: Session) -> None:
    heredoc = "cat <<'END'\nit's $HOME\nEND"
    assert texts(session, heredoc, f"echo {'x' * 200_000} | wc -c") == ["it's $HOME\n", "200001\n"]


def test_a_thousand_steps_sent_ahead_each_get_their_own_output(session: Session) -> None:
    outcomes = list(session.run(commands(*(f"echo line {number}" for number in range(1000)))))
    assert [outcome.output.text for outcome in outcomes] == [f"line {number}\n" for number in range(1000)]


def test_a_step_on_a_terminal_has_one_and_shows_its_colours(session: Session) -> None:
    (outcome,) = session.run([Command("[ -t 1 ] && printf '\\033[1;31mred\\033[0m plain\\n'; tput cols", tty=True)])
    assert outcome.output.text == "red plain\n100\n"
    assert [(span.line, span.start, span.end, span.style) for span in outcome.output.spans] == [(1, 0, 3, "bold red")]


def test_variables_set_on_a_terminal_are_there_in_the_next_step(session: Session) -> None:
    assert [outcome.output.text for outcome in session.run([Command("y=7", tty=True), Command("echo $y $TERM")])] == [
        "",
        "7 dumb\n",
    ]


def test_a_plain_sh_will_do(log: Path) -> None:
    plain = Session(lambda: Shell(LOCAL, interpreter="sh"))
    outcomes = after(plain, Command("echo a; echo b >&2; echo c; (exit 7)"), log)
    plain.close()
    assert outcomes[1] == Finished(7, outcomes[1].output, outcomes[1].seconds)
    assert (outcomes[1].output.text, outcomes[1].output.stderr) == ("a\nb\nc\n", (2,))


def test_a_target_that_only_passes_streams_will_do(log: Path) -> None:
    streams = Session(lambda: Shell(LOCAL, local=False))
    outcomes = after(streams, Command("echo a; exit 5"), log)
    streams.close()
    assert isinstance(outcomes[1], Unfinished)
    assert outcomes[1].reason == "the shell ended with status 5"
