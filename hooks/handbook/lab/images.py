"""The container images of a node, built by its own Docker from Debian packages, without a registry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from handbook.lab.base import Base, BaseArchive
from handbook.lab.build_context import make_context
from handbook.lab.digest import digest, digest_of_file
from handbook.lab.node import Node
from handbook.lab.recipe import Recipe
from handbook.progress import Progress

LONGEST = 300.0


class Images:
    """Images that a node has from the start.

    Parameters:
        recipes: In the order in which they are built.
        suite: Debian suite of the node.
        root: Key of the root file system whose Docker builds them.
        programs: Files of the programs that are in them, by name.
        names: The names by which kubeadm asks for images, by folder.
    """

    def __init__(
        self,
        recipes: tuple[Recipe, ...],
        suite: str,
        root: str,
        programs: Mapping[str, Path] = MappingProxyType({}),
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._recipes = recipes
        self._programs = programs
        self._names = names
        self.base = Base(suite)
        folders = [recipe.folder for recipe in recipes]
        contents = [f"{name}={digest_of_file(programs[name])}" for recipe in recipes for name in recipe.programs]
        words = (root, self.base.key, *(folder.name for folder in folders), *contents, *names.values())
        self.key = f"{suite}-{digest(words, *folders)}"

    def build(self, node: Node, base: BaseArchive, work: Path, progress: Progress, log: Path) -> None:
        """Build them in a node whose Docker has none.

        Parameters:
            node: The node.
            base: The archive of the base.
            work: Directory for what is needed meanwhile.
            progress: Where each image is announced.
            log: Where the words of apt go.
        """
        work.mkdir(parents=True, exist_ok=True)
        for recipe in self._recipes:
            with progress.step(f"image {recipe.folder.name}"):
                self._build(recipe, node, base, work, log)
        node.run("docker", "builder", "prune", "--all", "--force", timeout=LONGEST)

    def _build(self, recipe: Recipe, node: Node, base: BaseArchive, work: Path, log: Path) -> None:
        context = make_context(recipe, base, work, log, self._programs)
        short = re.sub(r"^(\d+\.\d+).*", r"\1", context.version)
        kubeadm = self._names.get(recipe.folder.name, "")
        tags = [tag.format(version=short, suite=base.suite, kubeadm=kubeadm) for tag in recipe.tags]
        words = [word for tag in tags for word in ("--tag", tag)]
        # BuildKit, since it can lend a step the packages without leaving them in a layer; older Dockers have to be asked for it.
        build = ("env", "DOCKER_BUILDKIT=1", "docker", "build", "--network=none", *words, "-")
        node.run(*build, timeout=LONGEST, given=context.path)
