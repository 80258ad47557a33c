"""What the tests from outside share: a server of their own, raw connections, and replies taken apart.

They wait for conditions; what never comes true ends after PATIENCE seconds.
"""

import dataclasses
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

PATIENCE = 60
SERVER = os.environ["EVENTCORE_HTTPD"]
SANITIZER = os.environ.get("EVENTCORE_SANITIZER")
LONG = bool(os.environ.get("DLT_TEST_LONG"))
TOKEN = "a-token-for-tests"


def wait_for(condition, what):
    end = time.monotonic() + PATIENCE
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.01)


def needs(*programs):
    """Skips a test loudly where a client is not installed, and fails it with CI set."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing and os.environ.get("CI"):
        raise AssertionError(f"not installed: {missing}")
    return unittest.skipIf(missing, f"SKIPPED: not installed: {missing}")


class Server:
    """A server on a port that was free, stopped and looked at when the test ends."""

    def __init__(self, test, *arguments, environment=None, wrapper=()):
        self.directory = pathlib.Path(tempfile.mkdtemp())
        test.addCleanup(shutil.rmtree, self.directory)
        static = self.directory / "static"
        static.mkdir()
        (static / "page.html").write_text("<p>page</p>\n")
        (static / "large.bin").write_bytes(os.urandom(3 << 20))
        (self.directory / "secret.txt").write_text("secret\n")
        (static / "link.txt").symlink_to(self.directory / "secret.txt")
        os.mkfifo(static / "fifo")
        token = self.directory / "token"
        token.write_text(TOKEN + "\n")
        # What the library would say of a daemon that is not there is not the server's.
        self.errors = open(self.directory / "errors", "wb+")
        self.process = subprocess.Popen(
            [*wrapper, SERVER, "--host", "127.0.0.1", "--port", "0",
             "--connection_pool_size", "10000",
             "--static_dir", static, "--admin_token_file", token, *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors,
            env={**os.environ, "DLT_LOG_MODE": "4", **(environment or {})})
        test.addCleanup(self.end)
        self.test = test
        line = self.process.stdout.readline().decode()
        if not line.startswith("listening at"):
            raise AssertionError(f"did not start: {line} {self.error_text()}")
        self.port = int(line.rsplit(":", 1)[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.stopped = False

    def error_text(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        return connection

    def send(self, data):
        """All that the server answers to these bytes until it closes the connection."""
        with self.connect() as connection:
            connection.sendall(data)
            return receive_all(connection)

    def metrics(self):
        with urllib.request.urlopen(self.url + "/metrics", timeout=PATIENCE) as reply:
            lines = reply.read().decode().splitlines()
        return {name: float(value) for name, value in
                (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}

    def open_connections(self):
        """Without the one that asks."""
        return sum(value for name, value in self.metrics().items()
                   if name.startswith("eventcore_connections_open")) - 1

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def assert_at_rest(self):
        """A second in which it takes next to no processor's time, and hardly ever wakes."""
        def spent():
            times = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")")[1].split()
            switches = 0
            for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
                status = (task / "status").read_text()
                switches += int(re.search(r"\nvoluntary_ctxt_switches:\s+(\d+)", status)[1])
            return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK"), switches

        # The logging library goes to sleep a moment after its last message.
        time.sleep(0.5)
        seconds, switches = spent()
        time.sleep(1)
        more_seconds, more_switches = spent()
        self.test.assertLess(more_seconds - seconds, 0.3)
        self.test.assertLess(more_switches - switches, 500)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE)

    def end(self):
        """Every test ends with a server that lives, stops as it should, and has nothing to say."""
        if self.process.poll() is None:
            code = self.stop()
        else:
            code = self.process.returncode
        self.process.stdout.close()
        text = self.error_text()
        self.errors.close()
        self.test.assertEqual((code, text), (0, ""))


def receive_all(connection):
    data = bytearray()
    while True:
        try:
            part = connection.recv(1 << 16)
        except ConnectionResetError:
            data += b"<reset>"
            return bytes(data)
        if not part:
            return bytes(data)
        data += part


@dataclasses.dataclass
class Reply:
    status: int
    fields: dict
    body: bytes


def replies(data, methods=()):
    """Whole replies, and nothing but them; raises ValueError for half a reply."""
    found = []
    while data:
        head, separator, rest = data.partition(b"\r\n\r\n")
        if not separator:
            raise ValueError(f"half a head: {data[:200]!r}")
        line, *fields = head.decode().split("\r\n")
        fields = {name.lower(): value for name, value in (f.split(": ", 1) for f in fields)}
        status = int(line.split(" ")[1])
        length = int(fields.get("content-length", 0))
        if len(found) < len(methods) and methods[len(found)] == "HEAD" or status == 304:
            length = 0
        if len(rest) < length:
            raise ValueError(f"half a body: {len(rest)} of {length}")
        found.append(Reply(status, fields, rest[:length]))
        data = rest[length:]
    return found


def get(path="/", *fields, method="GET", version="1.1", body=b"", close=False):
    lines = [f"{method} {path} HTTP/{version}", "Host: test", *fields]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    if close:
        lines.append("Connection: close")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def run(*command, **more):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                            timeout=5 * PATIENCE, **more)
    return result


def main():
    unittest.main(verbosity=2, module="__main__", argv=sys.argv)
