"""A laptop with programs that answer as the real minikube, kubectl, docker and ssh did, for rules that no cluster is needed for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from handbook.environment import Environment, load_environment
from handbook.environments.minikube import Minikube

SAMPLES = Path(__file__).parent.parent / "samples" / "minikube"
RUNNING = '{"Name":"handbook","Host":"Running","Kubelet":"Running","APIServer":"Running","Kubeconfig":"Configured","Worker":false}'

# Answers from files of the folder `says`; what is not there succeeds in silence. Every call is noted.
PROGRAM = """#!/bin/sh
root={root}
echo "{name} $*" >> "$root/calls"
case "$*" in
  *--output=json*start*|*start*--output=json*) key=start ;;
  *status*) key=status ;;
  *profile*list*) key=profiles ;;
  *ps*--all*) key=containers ;;
  *"image ls"|images*) key=images ;;
  *) key=other ;;
esac
cat "$root/says/{name}-$key" 2>/dev/null
[ ! -e "$root/says/{name}-$key.wait" ] || exec sleep 1000
exit "$(cat "$root/says/{name}-$key.exit" 2>/dev/null || echo 0)"
"""


@dataclass(frozen=True, slots=True)
class StandIn:
    """That laptop.

    Parameters:
        root: Directory of its programs, its answers and what was asked.
    """

    root: Path

    def install(self, *names: str) -> None:
        """Put programs on it."""
        (self.root / "bin").mkdir(exist_ok=True)
        (self.root / "says").mkdir(exist_ok=True)
        for name in names:
            program = self.root / "bin" / name
            program.write_text(PROGRAM.format(root=self.root, name=name))
            program.chmod(0o755)

    def says(self, program: str, key: str, text: str, exit_status: int = 0) -> None:
        """Choose an answer."""
        (self.root / "says" / f"{program}-{key}").write_text(text)
        (self.root / "says" / f"{program}-{key}.exit").write_text(str(exit_status))

    def hangs(self, program: str, key: str) -> None:
        """Let a question wait for ever."""
        (self.root / "says" / f"{program}-{key}.wait").touch()

    def calls(self, program: str = "minikube") -> list[str]:
        """What was asked of a program, without its name."""
        path = self.root / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        return [line.removeprefix(f"{program} ") for line in lines if line.startswith(f"{program} ")]

    def environment(self, *parameters: str, name: str = "minikube") -> Environment:
        """An environment file with these lines as parameters."""
        path = self.root / f"{name}.yml"
        head = ["provider: minikube", *(["parameters:"] if parameters else [])]
        path.write_text("\n".join([*head, *(f"  {line}" for line in parameters)]))
        return load_environment(path)

    def provider(self, parameters: Sequence[str] = (), instance: str = "minikube") -> Minikube:
        """A provider for that environment."""
        return Minikube(self.environment(*parameters), instance)
