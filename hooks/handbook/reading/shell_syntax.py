"""Whether a command is finished: what ``> `` lines may continue."""

from __future__ import annotations

import re

# Where one of these may stand, a command may; the words behind them still are commands.
BETWEEN = {"if", "then", "else", "elif", "while", "until", "do", "{", "!", "time"}
CLOSER = {"if": "fi", "for": "done", "while": "done", "until": "done", "select": "done", "case": "esac", "{": "}"}
CLOSERS = set(CLOSER.values())
DELIMITER = re.compile(r"<<(?P<tabs>-?)[ \t]*(?:'(?P<single>[^'\n]*)'|\"(?P<double>[^\"\n]*)\"|(?P<bare>[^\s;&|<>()]+))")
WORD = re.compile(r"[^\s;&|<>()'\"`$\\]+")
FUNCTION = re.compile(r"function[ \t]+[^\s(]+")
QUOTED = re.compile(r"[^'\\]+")
UNSPECIAL = re.compile(r"[^'\"`$\\(){}]+")
PARAMETERS = re.compile(r"(?<=[\w\s-])\([ \t]*\)")
OPERATOR = re.compile(r"&&|\|[|&]?|[;&]+")
REDIRECTION = re.compile("<<<|[<>]")
# In front of one of these a new word begins, and a ``#`` there begins a comment.
BOUNDARY = frozenset(" \t\n;&|()<>")
# Strings that hold nothing but text and plain variables, such variables, and names in double braces: nothing is open in them or
# behind them.
WHOLE = re.compile(
    r"""(?<![$\\])'[^'\n]*'|(?<!\\)"[^"\\`$\n]*(?:\$(?:[\w?]|\{\w+\})[^"\\`$\n]*)*"|(?<!\\)\$\{\w+\}|\{\{ *\w+ *\}\}"""
)
SUSPICIOUS = re.compile(r"['\"\\({#`]|<<|(?:&&|\|&?)[\s<>]*$|\b(?:if|for|while|until|select|case|function)\b")


def is_open(line: str) -> bool:
    """Tell whether a shell would ask for more lines: an open quote, here-document, parenthesis or loop, an operator at the end.

    Parameters:
        line: A command; where it is open, a ``Walk`` knows how its next lines change that.
    """
    return bool(SUSPICIOUS.search(WHOLE.sub(" _ ", line))) and Walk(line).wants_more  # nearly no command of a book is suspicious


class Walk:
    """A walk through a command that knows what is open.

    Parameters:
        text: The first line of the command, or several.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        # What must come to close what was opened: a quote, ``)``, ``))``, ``${`` for the end of an expansion, ``fi`` ...
        self.closers: list[str] = []
        # Here-documents whose bodies begin on the next line: delimiter, and whether tabs in front of it do not count.
        self.documents: list[tuple[str, bool]] = []
        # Whether the next line is one of such a body.
        self.in_documents = False
        # Whether the next word is the first one of a command.
        self.at_command = True
        # Whether the line ends with an operator that asks for another command, or with a backslash.
        self.dangles = False
        self._go_on()

    def add(self, line: str) -> None:
        """Walk on through the command's next line."""
        if self.position > len(self.text) and not self.in_documents:
            self.dangles = False  # the backslash at the end was for this line's end
        self.text = f"{self.text}\n{line}"
        if self.in_documents:
            self._read_documents()
        self._go_on()

    def _go_on(self) -> None:
        while self.position < len(self.text):
            self._step()

    @property
    def wants_more(self) -> bool:
        """Whether something is open at the end."""
        return bool(self.closers or self.documents or self.dangles)

    @property
    def closer(self) -> str:
        """What closes the innermost of what is open; empty where nothing is."""
        return self.closers[-1] if self.closers else ""

    def _step(self) -> None:
        """Read one character, or more where they belong together."""
        character = self.text[self.position]
        if self.closer in {"'", "$'"}:
            self._in_single_quotes(character)
        elif character == "\\":
            self.dangles = self.position + 1 == len(self.text)
            self.at_command = False
            self.position += 2
        elif character in "$`" and self._opens_expansion(character):
            self.at_command = self.closer in {")", "`"}
        elif self.closer in {'"', "${", "))"}:
            self._in_words(character)
        else:
            self._in_commands(character)

    def _in_single_quotes(self, character: str) -> None:
        if character == "'":
            self.closers.pop()
            self.position += 1
        elif character == "\\" and self.closer == "$'":
            self.position += 2
        else:
            self._skip(QUOTED)

    def _opens_expansion(self, character: str) -> bool:
        """Open what may stand in words and in double quotes alike."""
        if character == "`" and self.closer != "`":
            self._open("`", 1)
        elif self.text.startswith("$((", self.position):
            self._open("))", 3)
        elif self.text.startswith("$(", self.position):
            self._open(")", 2)
        elif self.text.startswith("${", self.position):
            self._open("${", 2)
        elif self.text.startswith("$'", self.position) and self.closer != '"':
            self._open("$'", 2)
        else:
            return False
        self.dangles = False
        return True

    def _open(self, closer: str, width: int) -> None:
        self.closers.append(closer)
        self.position += width

    def _in_words(self, character: str) -> None:
        closing = {'"': '"', "${": "}", "))": "))"}[self.closer]
        if self.text.startswith(closing, self.position):
            self.closers.pop()
            self.position += len(closing)
        elif self.closer == "))" and character == "(":
            self._open(")", 1)
        elif character == '"' or (character == "'" and self.closer != '"'):
            self._open(character, 1)
        else:
            self._skip(UNSPECIAL)

    def _skip(self, run: re.Pattern[str]) -> None:
        """Go on behind a run of characters; behind one at least."""
        match = run.match(self.text, self.position)
        self.position = match.end() if match else self.position + 1

    def _in_commands(self, character: str) -> None:
        if character == "\n":
            self._line_end()
        elif character in " \t":
            self.position += 1
        elif character == "#" and self._begins_word():
            end = self.text.find("\n", self.position)
            self.position = end if end >= 0 else len(self.text)
        elif character in ";&|":
            self._operator()
        elif character in "()":
            self._parenthesis(character)
        elif character in "'\"`":
            self._quote(character)
        elif character in "<>":
            self._redirection()
        else:
            self._word()

    def _begins_word(self) -> bool:
        return self.position == 0 or self.text[self.position - 1] in BOUNDARY

    def _line_end(self) -> None:
        self.position += 1
        self.at_command = True
        self._read_documents()

    def _read_documents(self) -> None:
        while self.documents and self.position < len(self.text):
            delimiter, tabs = self.documents[0]
            end = self.text.find("\n", self.position)
            line = self.text[self.position : end if end >= 0 else None]
            self.position += len(line) + 1
            if (line.lstrip("\t") if tabs else line) == delimiter:
                self.documents.pop(0)
        self.in_documents = bool(self.documents)

    def _operator(self) -> None:
        operator = OPERATOR.match(self.text, self.position)
        assert operator
        self.dangles = operator[0].startswith(("&&", "|"))
        self.at_command = True
        self.position = operator.end()

    def _parenthesis(self, character: str) -> None:
        if header := PARAMETERS.match(self.text, self.position):
            self.position = header.end()
            self.at_command = self.dangles = True  # a function's body must come
            return
        if character == "(":
            arithmetic = self.at_command and self.text.startswith("((", self.position)
            self._open("))" if arithmetic else ")", 2 if arithmetic else 1)
        else:
            if self.closer == ")":
                self.closers.pop()
            self.position += 1
        # Behind a closing one the commands of a pattern of ``case`` may begin.
        self.at_command, self.dangles = True, False

    def _quote(self, character: str) -> None:
        if character == "`":
            self.closers.pop()
            self.position += 1
        else:
            self._open(character, 1)
        self.at_command = self.dangles = False

    def _redirection(self) -> None:
        document = None if self.text.startswith("<<<", self.position) else DELIMITER.match(self.text, self.position)
        if document:
            words = (document["single"], document["double"], (document["bare"] or "").replace("\\", ""))
            self.documents.append((next(word for word in words if word is not None), bool(document["tabs"])))
            self.position = document.end()
        else:
            self._skip(REDIRECTION)

    def _word(self) -> None:
        match = WORD.match(self.text, self.position)
        word = match[0] if match else self.text[self.position]
        if self.at_command and word == "function" and (header := FUNCTION.match(self.text, self.position)):
            self.position = header.end()
            return
        self.position += len(word)
        self.dangles = False
        if self.at_command and word in CLOSERS and word == self.closer:
            self.closers.pop()
        elif self.at_command and word in CLOSER:
            self.closers.append(CLOSER[word])
        self.at_command = self.at_command and word in BETWEEN
