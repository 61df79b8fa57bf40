"""Recipes of container images: folders of resources/images, each a Dockerfile with its files and an image.yml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from handbook.errors import InputError, Mistake

KEYS = ("tags", "packages", "suite", "version", "root", "programs")
LISTS = ("tags", "packages", "programs")
EXPECTED = f"keys {', '.join(KEYS)}; tags is a list of names, in which {{version}}, {{suite}} and {{kubeadm}} stand for theirs"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an image is built.

    Parameters:
        folder: The recipe's folder: what ``docker build`` gets.
        tags: Names of the image; ``{version}`` stands for the first two parts of the version, ``{suite}`` for the node's suite,
            ``{kubeadm}`` for the name by which kubeadm asks for the image.
        packages: Debian packages that the build finds in its folder ``packages``, with what they need beyond the image ``debian``.
        suite: The suite they are from; empty for the node's own.
        version: The package whose version that is.
        root: Whether a minimal Debian root file system is put beside the Dockerfile as ``root.tar``.
        programs: Programs of Kubernetes, or of what it needs, that the build finds in its folder ``programs``.
    """

    folder: Path
    tags: tuple[str, ...]
    packages: tuple[str, ...] = ()
    suite: str = ""
    version: str = ""
    root: bool = False
    programs: tuple[str, ...] = ()


def load_recipe(folder: Path) -> Recipe:
    """Read a recipe.

    Raises:
        InputError: When the folder is none, or its image.yml is broken.
    """
    path = folder / "image.yml"
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError([Mistake(path, 1, "no such file", f"a recipe of the image {folder.name!r}")]) from None
    except yaml.YAMLError as error:
        raise InputError([Mistake(path, 1, f"broken YAML ({error})", EXPECTED)]) from None
    if not _is_recipe(data):
        raise InputError([Mistake(path, 1, f"{data!r}", EXPECTED)])
    lists = {key: tuple(data[key]) for key in LISTS if key in data}
    return Recipe(folder, **{**data, **lists})


def _is_recipe(data: Any) -> bool:
    if not isinstance(data, dict) or not set(data) <= set(KEYS) or not data.get("tags"):
        return False
    lists = [data.get(key, []) for key in LISTS]
    if not all(isinstance(one, list) and all(isinstance(item, str) for item in one) for one in lists):
        return False
    names = {name for tag in data["tags"] for _, name, _, _ in Formatter().parse(tag) if name is not None}
    return names <= {"version", "suite", "kubeadm"}
