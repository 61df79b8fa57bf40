"""What stacks of layers are called."""

from __future__ import annotations

import pytest
from handbook.compare import compare
from handbook.computed.layers import chain_id, stacks
from handbook.recording import Recording

from tests.recordings import recording

# debian-13, docker/images: the layer of debian, the one that a docker commit put on it, and what docker rmi called both together.
BELOW = "d9de3f913044a3c482e2f041ddde886178500ea58df3e29f453e91dd778e22fc"
ABOVE = "c36df22f05d5ec1fc605d8a8565d063fe5d420ef8c7bfbaa415a4ada12848d7d"
BOTH = "93359ef48a5a686e263f6d6f12a8485489aa1e4c1e194ab384f47b62dba5d9a4"


def test_a_stack_is_called_as_docker_calls_it() -> None:
    assert chain_id([BELOW, ABOVE]) == BOTH
    assert chain_id([BELOW]) == BELOW
    assert chain_id([BELOW, ABOVE, BELOW]) == chain_id([BOTH, BELOW])


def test_stacks_are_found_among_the_digests_of_a_chapter() -> None:
    assert stacks([f'"sha256:{BELOW}",', f'expected "sha256:{ABOVE}"', f"Deleted: sha256:{BOTH}"]) == {BOTH: (BELOW, ABOVE)}
    listed = f'"sha256:{BELOW}",\n"sha256:{ABOVE}",\n"sha256:{BELOW}"\n'
    assert stacks([listed, chain_id([BELOW, ABOVE, BELOW])]) == {chain_id([BELOW, ABOVE, BELOW]): (BELOW, ABOVE, BELOW)}
    assert stacks([listed]) == {}


def chapter(below: str, above: str, both: str) -> Recording:
    layers = f'[\n  "sha256:{below}",\n  "sha256:{above}"\n]\n'
    return recording(("docker image inspect own | jq '.[].RootFS.Layers'", layers), ("docker rmi own", f"Deleted: sha256:{both}\n"))


def test_another_image_has_another_stack_and_a_wrong_one_is_told() -> None:
    other = "b058c39c46cf151c7ea05de5c694b655ebc3b2397acfa24dd3a328494df153a4"
    one = chapter(BELOW, ABOVE, BOTH)
    assert not compare(one, chapter(BELOW, other, chain_id([BELOW, other]))).means_something
    for wrong in (chapter(BELOW, other, BOTH), chapter(BELOW, ABOVE, BOTH[:-1] + "5"), chapter(BELOW, other, other[::-1])):
        (drift,) = compare(one, wrong).drifts
        assert drift.change == "relation"
        assert "is not what the layers" in drift.sentence


@pytest.mark.parametrize("text", ["", "no digest", f"{BELOW} {ABOVE}"])
def test_where_nothing_is_stacked_nothing_is_said(text: str) -> None:
    assert stacks([text]) == {}
