from collections.abc import Iterator

import pytest

from tests.compose.docker import find_build_settings, find_reason_to_skip, get_images, say
from tests.compose.stack import Stack
from tests.ports import free_port


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack, built and started; it is deleted at the end, whatever happened."""
    stack = Stack(tmp_path_factory.mktemp("compose"), free_port(), {"alpha": "key-of-alpha", "beta": "key-of-beta"})
    stack.configure()
    if reason := find_reason_to_skip() or get_images(stack.list_foreign_images()):
        say(f"skipped: {reason}")
        pytest.skip(reason)
    stack.configure(**find_build_settings())
    try:
        stack.build()
        stack.up()
        yield stack
    finally:
        stack.delete()
        say("everything is deleted")
