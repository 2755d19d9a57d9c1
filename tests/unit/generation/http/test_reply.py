from collections.abc import AsyncGenerator

import pytest

from services.generation.http.reply import Reply, read_body

pytestmark = pytest.mark.anyio


async def chunks(*parts: bytes) -> AsyncGenerator[bytes, None]:
    for part in parts:
        yield part


async def test_a_body_that_was_read_is_one_chunk() -> None:
    reply = Reply(200, [], b"ab")
    assert isinstance(reply.body, bytes)
    assert [chunk async for chunk in reply.chunks] == [b"ab"]
    await reply.close()


async def test_reading_a_body_closes_the_reply() -> None:
    closed: list[bool] = []

    async def close() -> None:
        closed.append(True)

    reply = Reply(200, [], chunks(b"a", b"b"), close)
    assert not isinstance(reply.body, bytes)
    assert await read_body(reply) == b"ab"
    assert closed == [True]
