"""Whether a command is finished, as bash itself sees it."""

from __future__ import annotations

import random
import subprocess

import pytest
from handbook.reading.shell_syntax import Walk, is_open

COMMANDS = [
    "echo hi # it's",
    "echo 'a",
    'echo "a',
    'echo "it\'s"',
    "echo $'it\\'s'",
    "echo $'it\\'s",
    "echo what to do",
    "echo if then",
    "for i in 1 2; do",
    "for i in 1 2",
    "for i in 1 2; do echo $i; done",
    "while true; do echo; done | head",
    "if true; then",
    "if true; then echo; fi",
    "if true; then echo; else",
    "case x in",
    "case x in a) echo;; esac",
    "case x in (a) echo;; (b|c) foo ;;",
    "case x in (a) echo;; (b|c) foo ;; esac",
    "f() {",
    "f() { echo; }",
    "function f {",
    "{ echo a; }",
    "{ echo a",
    "echo {",
    "echo }",
    "echo {a,b}",
    "(cd /; ls",
    "(cd /; ls)",
    "a=(1 2",
    "a=(1 2)",
    "echo $((1 << 2))",
    "echo $((1 + (2 * 3)))",
    "echo $((16#ff))",
    "echo ${#x} ${x#y} ${x%%)*}",
    'echo ${x:-"a b"}',
    "echo ${x:-",
    'echo $(echo ")"',
    'echo $(echo ")")',
    'echo "$(echo ")")"',
    "echo `date`",
    "echo `date",
    'echo "`date`"',
    "a | b |",
    "a &&",
    "a ||",
    "a &",
    "a; b",
    "a && b # comment",
    "a && # comment",
    "cat <<EOF",
    "cat <<< word",
    'cat <<< "word"',
    "cat <<'EOF' > x",
    "cat <<EOF\na\nEOF",
    "cat <<EOF\na\n EOF",
    "cat <<-EOF\na\n\tEOF",
    "cat <<A <<B\na\nA",
    "cat <<A <<B\na\nA\nb\nB",
    "cat <<EOF && echo\na\nEOF",
    "cat <<EOF; echo 'x\na\nEOF",
    "cat <<EOF\nit's \"open\nEOF",
    'cat << "E F"\na\nE F',
    "cat <<\\EOF\na\nEOF",
    "tee x <<EOF >/dev/null\na\nEOF\n",
    "echo a\\\nb",
    "diff <(ls a) <(ls b)",
    "diff <(ls a",
    "sudo bash -c 'for i in 1; do echo; done'",
    "sudo bash -c 'for i in",
    "docker inspect -f '{{range .X}}{{.}}{{end}}' web",
    "awk '{print $1}' file",
    "sed -n '/a/,/b/p'",
    "for ((i=0; i<3; i++)); do echo $i; done",
    "for ((i=0; i<3; i++)); do",
    "[[ $a =~ ^(x|y)$ ]] && echo",
    "((i++))",
    "echo $# $? $$ $!",
    "echo a#b",
    "echo \\#",
    'echo \\"',
    'echo "\\""',
    'echo "\\\\"',
    "time { sleep 1; }",
    "! { true; }",
    "! {",
    "until false; do break; done",
    "select x in a b; do",
    "echo done fi esac",
    'if [ -n "$x" ]; then for i in 1; do echo; done; fi',
    'if [ -n "$x" ]; then for i in 1; do echo; done',
    "f() ( echo",
    'echo "a $(cat <<EOF\nx\nEOF\n)"',
    "kubectl get pods -o jsonpath='{.items[*].metadata.name}'",
    "echo 'a'\"'\"'b'",
    "echo a \n",
    "x=$(",
    "echo \"${x:-$(echo '}')}\"",
    "echo ${x:-'}'}",
]
WANTS_MORE = ("unexpected end of file", "unexpected EOF", "delimited by end-of-file")
PIECES = [
    "echo a",
    "'",
    '"',
    "\\",
    "$(",
    ")",
    "${x",
    "}",
    "`",
    "#",
    " ",
    "\n",
    ";",
    " && ",
    " | ",
    "<<E",
    "<<-E",
    "\nE\n",
    "\n\tE\n",
    "((",
    "))",
]
PIECES += [
    "if true; then ",
    "fi",
    "for i in a; do ",
    "done",
    "case x in ",
    "a) b;; ",
    "esac",
    "{ ",
    "; }",
    "f() ",
    "$'",
    "x=(",
    "<(",
    "! ",
]


def bash_wants_more(command: str) -> bool | None:
    """What bash thinks; None where it finds a mistake that no further line could mend."""
    told = subprocess.run(["bash", "-n", "-c", f"{command}\n"], capture_output=True, text=True, check=False, timeout=20).stderr
    return any(words in told for words in WANTS_MORE) if not told or any(words in told for words in WANTS_MORE) else None


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_open_where_bash_asks_for_more(command: str) -> None:
    assert is_open(command) == bash_wants_more(command)


@pytest.mark.parametrize("command", ["echo a \\", "a |", "a && # and then", "[[ a &&", "docker run \\\n  --rm \\"])
def test_a_backslash_or_an_operator_at_the_end_asks_for_more(command: str) -> None:
    assert is_open(command)


def test_any_other_command_is_open_where_bash_asks_for_more() -> None:
    source = random.Random(20261123)
    for _ in range(150):
        command = "".join(source.choice(PIECES) for _ in range(source.randrange(1, 7)))
        wanted = bash_wants_more(command)
        if wanted is not None and not command.rstrip(" ").endswith(("\\", "&&", "|")):
            assert is_open(command) == wanted, command


def test_a_command_is_judged_line_by_line_as_it_is_as_a_whole() -> None:
    source = random.Random(20261124)
    for _ in range(2000):
        command = "".join(source.choice(PIECES) for _ in range(source.randrange(1, 9)))
        first, *rest = command.split("\n")
        walk = Walk(first)
        for line in rest:
            walk.add(line)
        assert walk.wants_more == Walk(command).wants_more == is_open(command), command
