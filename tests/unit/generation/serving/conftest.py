from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.fake_engine import FakeEngine
from tests.ports import free_port
from tests.unit.generation.serving.pools import TwoEngines


@pytest.fixture
def two_engines() -> Iterator[TwoEngines]:
    two_engines = TwoEngines([FakeEngine(), FakeEngine()], [free_port(), free_port()], [ExitStack(), ExitStack()])
    with two_engines.running[0], two_engines.running[1]:
        for number in (0, 1):
            two_engines.start(number)
        yield two_engines
