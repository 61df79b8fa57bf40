"""Commands as far as their output goes: which program of a command line shaped what came out."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

PLACEHOLDER = re.compile(r"\{\{\s*\w+\s*\}\}")
SUBSTITUTION = re.compile(r"\$\([^()]*\)|`[^`]*`")
CONTINUED = re.compile(r"\\\n\s*")
HERE_DOCUMENT = re.compile(r"<<-?\s*['\"]?\w")
LINE_END = re.compile(r"\s*(?:;|&&)\s*echo\s*$")  # an echo that only ends the line
ASSIGNMENT = re.compile(r"\w+=")
SEVERAL = frozenset({"\n", "\n\n", ";", "&&", "||", "&", ";;", "(", ")"})
REDIRECTIONS = frozenset({">", ">>", "<", ">&", "<<", "<<<", "&>", ">|"})
KEEPERS = frozenset({"grep", "egrep", "fgrep", "head", "tail", "sort", "uniq", "tee", "less", "more"})
ALTERING = re.compile(r"-\w*[coq]|--(?:count|only-matching)")  # options with which grep and uniq no longer print whole lines
SETS = ("--bounding-set", "--inh-caps", "--ambient-caps", "--securebits")
# Programs that run another one, with the options of theirs that take a word.
WRAPPERS = {
    "sudo": ("-u", "-g", "--user"),
    "env": ("-u",),
    "nice": ("-n",),
    "timeout": ("-s", "-k"),
    "time": (),
    "stdbuf": (),
    "chroot": (),
    "setsid": (),
    "setpriv": ("--reuid", "--regid", "--ruid", "--euid", "--rgid", "--egid", "--groups", *SETS),
    "exec": (),
    "nsenter": ("-t", "--target"),
    "unshare": ("--boottime", "--monotonic", "--propagation", "--setgroups", "-S", "-G", "-R", "-w"),
    "ssh": ("-p", "-i", "-o", "-l"),
}
OPERANDS = {"timeout": 1, "chroot": 1, "ssh": 1}
DOCKER_LIMITS = ("--net", "-m", "--memory", "--sysctl")
EXECUTING = {
    "docker": ("-e", "--env", "-u", "--user", "-w", "--workdir", "-v", "--volume", "--name", "-p", "--network", *DOCKER_LIMITS),
    "crictl": (),
    "ctr": (),
}


class Producer(NamedTuple):
    """The program whose output is seen.

    Parameters:
        words: The program's name without its folder, and its arguments.
        filters: What its output went through: programs that keep whole lines.
        fed_by: What it reads through a pipe; None where it reads nothing, or where that cannot be told.
    """

    words: tuple[str, ...]
    filters: tuple[tuple[str, ...], ...] = ()
    fed_by: Producer | None = None

    @property
    def program(self) -> str:
        """The program's name."""
        return self.words[0]

    @property
    def operands(self) -> tuple[str, ...]:
        """The words behind the program that are no options."""
        return tuple(word for word in self.words[1:] if not word.startswith("-"))

    def begins(self, *words: str) -> bool:
        """Tell whether these are the program and its first operands."""
        return (self.program, *self.operands)[: len(words)] == words

    def option(self, *names: str) -> str:
        """The value of an option in any spelling (``-o wide``, ``-owide``, ``--output=wide``); empty where it is not given."""
        for at, word in enumerate(self.words[1:], 1):
            for name in names:
                if word == name and at + 1 < len(self.words):
                    return self.words[at + 1]
                glued = word.removeprefix(f"{name}=" if name.startswith("--") or f"{name}=" in word else name)
                if glued != word and (not name.startswith("--") or f"{name}=" in word):
                    return glued
        return ""

    def has(self, *names: str) -> bool:
        """Tell whether an option is given, single letters also among others."""
        letters = {name[1] for name in names if len(name) == 2}
        return any(word in names or (_is_letters(word) and letters & set(word[1:])) for word in self.words[1:])

    @property
    def is_cut(self) -> bool:
        """Whether lines are missing, so that a header may be."""
        return any(words[0] == "tail" or _chooses_lines(words) for words in self.filters)


def _chooses_lines(words: Sequence[str]) -> bool:
    """Tell whether a grep prints only what it was asked for; one with ``-v`` leaves out what it was asked for."""
    leaves_out = any(word == "--invert-match" or (_is_letters(word) and "v" in word) for word in words[1:])
    return words[0] in {"grep", "egrep", "fgrep"} and not leaves_out


def _is_letters(word: str) -> bool:
    return word.startswith("-") and not word.startswith("--")


@lru_cache(maxsize=4096)
def producer(command: str) -> Producer | None:
    """The program that shaped a command's output; None where several print, or where it cannot be told.

    Parameters:
        command: As written in a chapter, so that captured values stand in braces.
    """
    return _last_of(_stages(command) or [])


def _last_of(stages: Sequence[tuple[str, ...]]) -> Producer | None:
    """The program of a pipeline behind which only whole lines are kept or left out."""
    filters: list[tuple[str, ...]] = []
    for at in range(len(stages) - 1, -1, -1):
        words = _unwrapped(stages[at])
        if not words:
            return None
        if at and _keeps(words):
            filters.insert(0, words)
            continue
        if words[0] in {"sh", "bash"} and "-c" in words[:-1]:
            inner = producer(words[words.index("-c") + 1])
            return inner and inner._replace(filters=(*inner.filters, *filters))
        return Producer(words, tuple(filters), _last_of(stages[:at]) if at else None)
    return None


def _keeps(words: Sequence[str]) -> bool:
    """Tell whether a program prints whole lines of what it reads."""
    altered = words[0] in {"grep", "egrep", "fgrep", "uniq"} and any(ALTERING.fullmatch(word) for word in words[1:])
    return words[0] in KEEPERS and not altered


def _stages(command: str) -> list[tuple[str, ...]] | None:
    """The programs of a pipeline; None for anything but one pipeline."""
    text = LINE_END.sub("", PLACEHOLDER.sub("CAPTURED", CONTINUED.sub(" ", command)).strip())
    first, _, _ = text.partition("\n")
    if HERE_DOCUMENT.search(first):
        text = first
    while (shorter := SUBSTITUTION.sub("SUBSTITUTED", text)) != text:
        text = shorter
    lexer = shlex.shlex(text, posix=True, punctuation_chars="|&;()<>\n")
    lexer.whitespace_split, lexer.commenters, lexer.whitespace = True, "", " \t\r"
    try:
        tokens = [token if token.isspace() else token.strip("\n") for token in lexer]
    except ValueError:
        return None
    if SEVERAL & set(tokens):
        return None
    return [tuple(stage) for stage in _divided(_without_redirections(tokens))]


def _without_redirections(tokens: Sequence[str]) -> Iterator[str]:
    skip = False
    for token, behind in zip(tokens, [*tokens[1:], ""], strict=True):
        if skip:
            skip = False
        elif token in REDIRECTIONS:
            skip = True
        elif not (token.isdigit() and behind in REDIRECTIONS):
            yield token


def _divided(tokens: Iterator[str]) -> list[list[str]]:
    stages: list[list[str]] = [[]]
    for token in tokens:
        if token in {"|", "|&"}:
            stages.append([])
        else:
            stages[-1].append(token)
    return stages


def _unwrapped(words: Sequence[str]) -> tuple[str, ...]:
    """A program without those that only run it: sudo, ip netns exec, docker exec ..."""
    rest = list(words)
    while rest:
        if ASSIGNMENT.match(rest[0]):
            rest = rest[1:]
            continue
        program = rest[0] = rest[0].rpartition("/")[2]
        behind = _behind_wrapper(program, rest)
        if not behind:
            return tuple(rest)
        rest = behind
    return ()


def _behind_wrapper(program: str, words: list[str]) -> list[str]:
    """The words of the program that another one runs; none where it runs none."""
    if program in WRAPPERS:
        return _without_options(words[1:], WRAPPERS[program])[OPERANDS.get(program, 0) :]
    if program == "ip" and "exec" in words[1:3]:
        return words[words.index("exec") + 2 :]
    if program == "kubectl":
        end = words.index("--") if "--" in words else 0
        return words[end + 1 :] if "exec" in words[1:end] else []
    if program in EXECUTING and words[1:2] in (["exec"], ["run"]):
        return _without_options(words[2:], EXECUTING[program])[1:]
    return []


def _without_options(words: list[str], with_value: Sequence[str]) -> list[str]:
    rest = list(words)
    while rest and rest[0].startswith("-"):
        rest = rest[2 if rest[0] in with_value else 1 :]
    return rest
