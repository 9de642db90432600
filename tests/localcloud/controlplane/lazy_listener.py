# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Addresses that are there at once, in front of servers that start when somebody first connects."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future

CHUNK = 1 << 16
BACKLOG = 512

Backend = Callable[[], Future[int | None]]
"""Called for each connection; returns at once.

The result is the server's port on 127.0.0.1, None ends the connection.
"""


class Listeners:
    """One thread that passes bytes on for any number of addresses."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="listeners", daemon=True)
        self._thread.start()

    def listen(self, backend: Backend) -> Listener:
        return asyncio.run_coroutine_threadsafe(self._listen(backend), self._loop).result()

    async def _listen(self, backend: Backend) -> Listener:
        listener = Listener(self._loop, backend)
        await listener.open()
        return listener

    def close(self) -> None:
        """Listeners must be closed before."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Listener:
    """One address on 127.0.0.1."""

    def __init__(self, loop: asyncio.AbstractEventLoop, backend: Backend) -> None:
        self._loop = loop
        self._backend = backend
        self._connections: set[asyncio.Task[None]] = set()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        self.port: int = self._socket.getsockname()[1]

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._accepted, sock=self._socket, backlog=BACKLOG)

    def close(self) -> None:
        """Connections end, new ones are refused."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()

    async def _close(self) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._pass_on(reader, writer)
        except OSError:
            pass  # one of the two ends is gone
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            writer.close()
            self._connections.discard(task)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = await asyncio.shield(asyncio.wrap_future(self._backend()))
        if port is None:
            return
        backend_reader, backend_writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            await asyncio.gather(_copy(reader, backend_writer), _copy(backend_reader, writer))
        finally:
            backend_writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(CHUNK):
        writer.write(data)
        await writer.drain()
    writer.write_eof()
