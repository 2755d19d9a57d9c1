"""Posts to URLs of users. It connects to the very address that was checked, so a name whose address changes meanwhile is no way around.

It follows no redirect, reads no body, uses no proxy, and gives up after ten seconds.
"""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import httpx

from services.generation.jobs.webhooks.addresses import is_public
from services.generation.jobs.webhooks.sign import sign
from shared.http.errors import describe_cause

TOTAL_SECONDS = 10.0
CONNECT_SECONDS = 5.0
# Names of users are resolved in threads of their own: a name server that never answers must not hold up the calls to other services.
NAME_THREADS = 32
MAX_ADDRESSES = 4  # of one name, that are tried one after another
HEADERS = {"Content-Type": "application/json", "User-Agent": "tandem-webhooks", "Accept-Encoding": "identity"}

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Returns the IP addresses of a host and port. Raises OSError if there are none."""


class PostFailed(Exception):
    """There was no response; the message, a sentence, says why."""


class WebhookPoster:
    """Posts signed events. With `allows_private`, every address may be reached; otherwise public ones only."""

    def __init__(self, allows_private: bool, clock: Callable[[], float], resolve: Resolve | None = None) -> None:
        self._allows_private = allows_private
        self._clock = clock
        self._threads = ThreadPoolExecutor(NAME_THREADS, "webhook-names")
        self._resolve = resolve or self._look_up
        limits, timeout = httpx.Limits(max_keepalive_connections=0), httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS)
        self._client = httpx.AsyncClient(verify=httpx.create_ssl_context(), limits=limits, timeout=timeout, trust_env=False)

    async def post(self, url: str, secrets: Sequence[str], id: str, event: Mapping[str, Any]) -> int:
        """Post an event, signed with each of the secrets, under the id of its delivery; return the status of the response.

        Raises:
            PostFailed: if there is no response in time, or the host has an address that may not be reached.
        """
        body = json.dumps(event, separators=(",", ":")).encode()
        headers = {**HEADERS, **sign(secrets, id, int(self._clock()), body)}
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                return await self._post(httpx.URL(url), body, headers)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise PostFailed(f"There was no response within {TOTAL_SECONDS:.0f} seconds.") from error
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise PostFailed(f"The connection failed{describe_cause(error)}.") from error

    async def close(self) -> None:
        """Close every connection."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        await self._client.aclose()

    async def _post(self, url: httpx.URL, body: bytes, headers: dict[str, str]) -> int:
        *others, last = await self._find_addresses(url)
        for address in others:
            try:
                return await self._post_to(address, url, body, headers)
            except httpx.ConnectError:
                continue
        return await self._post_to(last, url, body, headers)

    async def _find_addresses(self, url: httpx.URL) -> list[str]:
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            addresses = await self._resolve(url.host, port)
        except (OSError, UnicodeError) as error:
            raise PostFailed(f"The host '{url.host}' was not found.") from error
        private = [address for address in addresses if not is_public(address)]
        if private and not self._allows_private:
            raise PostFailed(f"The host '{url.host}' has the address {private[0]}, which is not public.")
        return addresses[:MAX_ADDRESSES]

    async def _post_to(self, address: str, url: httpx.URL, body: bytes, headers: dict[str, str]) -> int:
        """Post to an address of the host. The certificate must still be that of the host."""
        target = url.copy_with(host=address)
        host = {"Host": url.netloc.decode("ascii")}
        extensions = {"sni_hostname": url.raw_host.decode("ascii")}
        async with self._client.stream("POST", target, content=body, headers={**headers, **host}, extensions=extensions) as response:
            return response.status_code

    async def _look_up(self, host: str, port: int) -> list[str]:
        look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        return list(dict.fromkeys(str(address[0]) for *_, address in found))
