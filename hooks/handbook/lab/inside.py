"""Ways into containers and pods of a node."""

from __future__ import annotations

from dataclasses import dataclass

from handbook.environment import Shell, Target
from handbook.errors import CouldNotRun
from handbook.lab.node import Node


@dataclass(frozen=True, slots=True)
class Inside:
    """How a command is started in a container that runs.

    Parameters:
        words: Words that start it, without options.
        where: The words that say where.
    """

    words: tuple[str, ...]
    where: tuple[str, ...]

    def shell(self, node: Node, aside: tuple[str, ...]) -> Shell:
        """A shell there: bash where it has one.

        Parameters:
            node: The node that it runs on.
            aside: Words that start a command beside it.
        """
        interpreter = "bash" if node.answer(*self.words, *self.where, "bash", "-c", "echo yes") else "sh"
        words, terminal = ((*node.enter, *self.words, *options, *self.where) for options in (("-i",), ("-t", "-i")))
        return Shell(words, interpreter, local=False, aside=aside, terminal=terminal)


def find_inside(node: Node, target: Target, *, docker: bool) -> Inside:
    """Find a container or a pod by name.

    Parameters:
        node: The node that it runs on.
        target: Which.
        docker: Whether Docker runs the containers; else a runtime that crictl asks.

    Raises:
        CouldNotRun: When none of that name runs.
    """
    if target.kind == "pod":
        phase = node.answer("kubectl", "get", "pod", target.name, "--output=jsonpath={.status.phase}")
        found = Inside(("kubectl", "exec"), (target.name, "--")) if phase == "Running" else None
    elif docker:
        state = node.answer("docker", "inspect", "--type=container", "--format={{.State.Running}}", target.name).strip()
        found = Inside(("docker", "exec"), (target.name,)) if state == "true" else None
    else:
        if not node.answer("crictl", "--version"):
            raise CouldNotRun(
                f"no crictl on the node to find the container {target.name} with; `handbook doctor` says how to get it"
            )
        names = node.answer("crictl", "ps", "--quiet", f"--name=^{target.name}$").split()
        found = Inside(("crictl", "exec"), (names[0],)) if names else None
    if found is None:
        raise CouldNotRun(f"no {target.kind} {target.name} runs")
    return found
