"""Container images that the chapters need: looked for on this machine, given to the node."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence

from handbook.environment import Missing
from handbook.errors import CouldNotRun
from handbook.minikube.cluster import Cluster
from handbook.progress import Progress

# Seconds that Docker may take to say what it has.
PATIENCE = 20.0
ADVICE = "docker pull {image}, or build it, as docs/engine/environments.md says"


def load(cluster: Cluster, progress: Progress) -> None:
    """Give the node every image that the environment's file names.

    Raises:
        CouldNotRun: When minikube found one neither in Docker nor in a registry.
    """
    wanted = cluster.parameters.images
    if not wanted:
        return
    with progress.step(f"images {', '.join(wanted)}"):
        cluster.load_images()
    there = cluster.images()
    for image in wanted:
        if not any(name == image or name.endswith(f"/{image}") for name in there):
            raise CouldNotRun(
                f"minikube found no image {image}, neither in Docker nor in a registry\n  next: {ADVICE.format(image=image)}"
            )


def missing(wanted: Sequence[str]) -> Iterator[Missing]:
    """Which images this machine's Docker lacks. A registry may have them; minikube asks one when it needs to.

    Parameters:
        wanted: Names with tags.
    """
    if not wanted:
        return
    words = ("docker", "images", "--format={{.Repository}}:{{.Tag}}")
    try:
        there = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=True).stdout.split()
    except (OSError, subprocess.SubprocessError):
        return  # whether Docker has to be there is another question
    for image in wanted:
        if image not in there:
            yield Missing(f"the image {image} in Docker", "the pods of the chapters", ADVICE.format(image=image), needed=False)
