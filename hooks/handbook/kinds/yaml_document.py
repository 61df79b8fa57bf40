"""YAML: Kubernetes objects with ``-o yaml``."""

from __future__ import annotations

from handbook.command_line import producer
from handbook.kinds import Unreadable
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.structure.document import NoDocument, read_document
from handbook.tree import Node, Ordered


class Yaml:
    """The same trees as those of JSON."""

    name = "yaml_document"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        if not made or made.is_cut:
            return False
        file = made.program in {"cat", "head"} and bool(made.operands) and made.words[-1].endswith((".yml", ".yaml"))
        return (
            file
            or made.begins("kubectl", "config", "view")
            or (made.program in {"kubectl", "minikube"} and made.option("-o", "--output") in {"yaml", "kyaml"})
        )

    def parse(self, output: str, context: Context) -> Node:
        try:
            return Ordered(read_document(Sheet(output, context), output))
        except NoDocument as error:
            raise Unreadable(str(error)) from error


KIND = Yaml()
