"""A bad line between a device and the server, on loopback: slow, cut, or deaf on the way back."""

import asyncio
import contextlib
import json
import random
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from typing import Any

#: What a line does to a connection, and how often of a hundred.
VERBS = {"passes": 55, "cut before": 10, "cut within": 10, "reply lost": 20, "slow": 5}


#: Seconds after which a reply does not come any more, however busy the machine is.
PATIENCE = 60


def post(address: str, body: Any, *, timeout: float = PATIENCE) -> tuple[int, Any]:
    """Send JSON; status and answer, or (0, None) when the line was lost."""
    request = urllib.request.Request(
        address,
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Connection": "close"},
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, None
    except (OSError, ValueError, EOFError):
        return 0, None
    except Exception as error:
        if type(error).__module__ == "http.client":
            return 0, None
        raise


class BadLine:
    """A proxy that decides for each connection what becomes of it."""

    def __init__(self, port: int, *, seed: int) -> None:
        self.port, self.chance = port, random.Random(seed)
        self.did: Counter[str] = Counter()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        verb = self.chance.choices(list(VERBS), list(VERBS.values()))[0]
        self.did[verb] += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await getattr(self, "_" + verb.replace(" ", "_"))(reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def _cut_before(self, *_ends: object) -> None:
        """The request never leaves the phone."""

    async def _cut_within(self, reader: asyncio.StreamReader, *_writer: object) -> None:
        """Half of the request arrives."""
        request = await self._request(reader)
        _, up = await asyncio.open_connection("127.0.0.1", self.port)
        up.write(request[: len(request) // 2])
        await up.drain()
        up.close()
        await up.wait_closed()

    async def _reply_lost(self, reader: asyncio.StreamReader, *_writer: object) -> None:
        """The server has answered, which is after its commit, and nobody hears it."""
        await self._reply(await self._request(reader))

    async def _slow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Two seconds of latency."""
        request = await self._request(reader)
        await asyncio.sleep(2)
        writer.write(await self._reply(request))
        await writer.drain()

    async def _passes(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await self._reply(await self._request(reader)))
        await writer.drain()

    async def _request(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return head + await reader.readexactly(length)

    async def _reply(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read(-1)
        finally:
            writer.close()
            await writer.wait_closed()


@contextlib.contextmanager
def bad_line(to_port: int, *, seed: int) -> Iterator[tuple[int, BadLine]]:
    """The port at which the bad line begins."""
    line, loop = BadLine(to_port, seed=seed), asyncio.new_event_loop()

    async def serve() -> asyncio.Server:
        return await asyncio.start_server(line.carry, "127.0.0.1", 0)

    async def close() -> None:
        server.close()
        everything = asyncio.all_tasks() - {asyncio.current_task()}
        for task in everything:
            task.cancel()
        await asyncio.gather(*everything, return_exceptions=True)

    # In a thread of its own from the start: the browser of other tests has its loop in this one.
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(serve(), loop).result(PATIENCE)
    try:
        yield server.sockets[0].getsockname()[1], line
    finally:
        asyncio.run_coroutine_threadsafe(close(), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()
