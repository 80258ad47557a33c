# SPDX-License-Identifier: MPL-2.0
"""A server of server-models in a test, and clients of it."""

import asyncio
import json
import re
import resource
import signal
import subprocess

import dlt

MODELS = ["static-pool", "shared-queue", "task-per-request", "inline", "coroutines"]


class Served:
    """A running server."""

    program = None  # set by the test's main

    def __init__(self, model, *options, library="ours", descriptors=None):
        def prepare():
            dlt.end_with_parent()
            if descriptors:
                resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        command = [self.program, "serve", "--model", model, "--port", "0", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                                        env=dlt.environment(library), preexec_fn=prepare)
        self.port = self._port()
        self.tls_port = self._port() if "--tls-certificates" in options else None
        self.rest = None

    def _port(self):
        for line in self.process.stdout:
            # libdlt writes lines of its own there.
            found = re.fullmatch(r"listening (with TLS )?on 127\.0\.0\.1 (\d+)\n", line)
            if found:
                return int(found.group(2))
        raise AssertionError(f"exit code {self.process.wait()}, and nowhere listening")

    def stop(self):
        """Its counts, after it has ended in peace."""
        if self.rest is None:
            self.process.send_signal(signal.SIGTERM)
            self.rest = self.end()
        return self.rest

    def end(self):
        """The same, for a server that ends by itself."""
        out, _ = self.process.communicate(timeout=dlt.PATIENCE)
        assert self.process.returncode == 0, f"exit code {self.process.returncode}"
        self.rest = json.loads(next(line for line in out.splitlines() if line.startswith("{")))
        return self.rest

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.stop()
        elif self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Client:
    """A connection that waits for what it asks for, with a watchdog."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, port, **options):
        opening = asyncio.open_connection("127.0.0.1", port, **options)
        return cls(*await asyncio.wait_for(opening, dlt.PATIENCE))

    async def send(self, data):
        self.writer.write(data)
        await asyncio.wait_for(self.writer.drain(), dlt.PATIENCE)

    async def line(self):
        """The next line without its end; empty at the end."""
        data = await asyncio.wait_for(self.reader.readline(), dlt.PATIENCE)
        assert not data or data.endswith(b"\n"), f"cut off: {data!r}"
        return data[:-1].decode(errors="replace")

    async def ask(self, line):
        await self.send(line.encode() + b"\n")
        return await self.line()

    async def rest(self):
        """All further lines, to the end."""
        lines = []
        while line := await self.line():
            lines.append(line)
        return lines

    def half_close(self):
        self.writer.write_eof()

    def close(self):
        self.writer.transport.abort()


def is_instrumented():
    """Whether the program is built for a sanitizer."""
    libraries = subprocess.run(["ldd", Served.program], capture_output=True, text=True).stdout
    return "libtsan" in libraries or "libasan" in libraries


def raise_descriptor_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
