"""What a test needs of the machine: without it CI fails, and others skip and say why."""

import os
from typing import NoReturn

import pytest

from nbclassroom.engine import Policy, SandboxError
from nbclassroom.engine.sandbox import bubblewrap


def missing(reason: str) -> NoReturn:
    """End the test: CI must have everything, another machine says what it lacks."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must not go without this: {reason}")
    pytest.skip(reason)


def sandboxed(policy: Policy) -> Policy:
    """The policy, where this machine has a sandbox for it."""
    try:
        bubblewrap.check(policy)
    except SandboxError as error:
        missing(str(error))
    return policy
