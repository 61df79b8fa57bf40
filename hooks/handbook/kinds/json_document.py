"""JSON: docker inspect, jq, ``-o json``, nft -j, ip -j, etcd."""

from __future__ import annotations

import re

from handbook.command_line import Producer, producer
from handbook.kinds import Unreadable
from handbook.recognition.context import Context
from handbook.recognition.sheet import Sheet
from handbook.structure.document import NoDocument, json_parts, read_document
from handbook.tree import Node, Ordered, Unordered

INSPECTING = frozenset({"docker", "nerdctl", "podman", "crictl"})
TEXTUAL = re.compile(r"/(?:metrics|healthz|livez|readyz|logs)\b")  # what the API does not answer in JSON
EACH = ("items[]", "endpoints[]", "sort_by(")
JSON_TEMPLATE = "{{json"


class Json:
    """Objects without an order, lists with one; keys are told by their path."""

    name = "json_document"

    def chooses(self, command: str) -> bool:
        made = producer(command)
        return bool(made and not made.filters and _prints_json(made))

    def parse(self, output: str, context: Context) -> Node:
        sheet = Sheet(output, context)
        try:
            trees = [tree for part in json_parts(output) for tree in read_document(sheet, part)]
        except NoDocument as error:
            raise Unreadable(str(error)) from error
        made = producer(context.command)
        # What jq prints of each object of a list stands in the order of their names, and names may vary.
        of_each = made is not None and made.program == "jq" and any(word in "".join(made.operands[:1]) for word in EACH)
        return Unordered(tuple(trees)) if of_each else Ordered(tuple(trees))


def _prints_json(made: Producer) -> bool:
    """Tell whether a command prints JSON."""
    output = made.option("-o", "--output", "-w", "--write-out", "--format", "-f")
    match made.program:
        case "jq":
            return not made.has("-r", "-j", "--raw-output", "--join-output")
        case "nft" | "ip" | "bridge" | "lsns" | "findmnt" | "lsblk":
            return made.has("-j", "-J", "--json", "-json")
        case "kubectl" if made.option("--raw"):
            return not TEXTUAL.search(made.option("--raw"))
        case "kubectl" | "etcdctl" | "minikube" | "systemctl":
            return output == "json"
    if made.program in INSPECTING and any(word.startswith("inspect") for word in made.operands[:2]):
        return not output or output.replace(" ", "").startswith(JSON_TEMPLATE) or output == "json"
    return made.program in {"crictl", "ctr"} and "info" in made.operands


KIND = Json()
