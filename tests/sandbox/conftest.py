"""Sandboxes for the tests: each is brought up by a process of its own, as this user and, under root, as another one too."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from tests.sandbox.sandbox_owner import USERS, Owner, User, new_name


@pytest.fixture(params=list(USERS.values()), ids=list(USERS), scope="session")
def user(request: pytest.FixtureRequest) -> User:
    """As whom the sandbox is brought up; skips, or fails in CI, where this machine cannot run one."""
    user: User = request.param
    owner = Owner(user, new_name())
    try:
        missing = owner.ask("missing")
    finally:
        owner.kill()
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no sandbox here: {missing}")
    return user


@pytest.fixture(scope="session")
def sandbox(user: User) -> Iterator[Owner]:
    """A sandbox that is up, shared by the tests that leave no trace which would disturb another."""
    owner = Owner(user, new_name())
    owner.ask("up")
    yield owner
    owner.ask("down")
    owner.kill()


@pytest.fixture
def owners(user: User) -> Iterator[Callable[..., Owner]]:
    """Makes owners whose sandbox is not up yet; all are ended."""
    made: list[Owner] = []

    def make(instance: str = "", prepare: Callable[[], object] = bool) -> Owner:
        made.append(Owner(user, instance or new_name(), prepare))
        return made[-1]

    yield make
    for owner in made:
        with suppress(OSError, ValueError, AssertionError):
            owner.ask("down")
        with suppress(ProcessLookupError):
            owner.kill()
