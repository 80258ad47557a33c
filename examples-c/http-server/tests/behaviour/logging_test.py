"""What the daemon gets, read by Debian's viewer; with the library the server was built with and with
Debian's, from the same binary."""

import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import support
from support import TOKEN, Server, get, needs, replies, run

LIBRARIES = {"built with": None, "Debian's": "/usr/lib/x86_64-linux-gnu"}
if support.SANITIZER:
    # It would tell of what it finds in Debian's.
    del LIBRARIES["Debian's"]


class Daemon:
    def __init__(self, test):
        self.processes = []
        test.addCleanup(self.end)
        self.start(["dlt-daemon"])
        support.wait_for(lambda: os.path.exists("/tmp/dlt"), "dlt-daemon")
        self.lines_path = pathlib.Path("/tmp/lines")
        # A line at a time, or what is waited for stays in the viewer.
        with self.lines_path.open("wb") as lines:
            self.start(["stdbuf", "-oL", "dlt-receive", "-a", "127.0.0.1"], stdout=lines)
        support.wait_for(lambda: "New client connection" in self.text(), "the viewer")

    def start(self, command, **more):
        self.processes.append(subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **{"stdout": subprocess.DEVNULL, **more}))

    def end(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait()
        pathlib.Path("/tmp/dlt").unlink(missing_ok=True)
        shutil.rmtree("/tmp/dltpipes", ignore_errors=True)

    def text(self):
        return self.lines_path.read_text(errors="replace")

    def lines(self, context, pattern="", level=r"\w+"):
        """The messages of one context, as they stand between their brackets."""
        found = re.findall(rf" EVHS {context} (?:log|nw_trace) {level} V \d+ \[(.*)\]", self.text())
        return [line for line in found if re.search(pattern, line)]

    def wait(self, context, pattern="", count=1, **more):
        support.wait_for(lambda: len(self.lines(context, pattern, **more)) >= count,
                         f"{context}: {pattern}")
        return self.lines(context, pattern, **more)

    def control(self, *arguments):
        result = run("dlt-control", "-a", "EVHS", *arguments, "127.0.0.1")
        if result.returncode != 0:
            raise AssertionError(result.stdout + result.stderr)


def with_each_library(*arguments, environment=None):
    def decorate(method):
        @functools.wraps(method)
        def run_with_each(self):
            for name, directory in LIBRARIES.items():
                with self.subTest(library=name):
                    daemon = Daemon(self)
                    more = {"LD_LIBRARY_PATH": directory} if directory else {}
                    server = Server(self, *arguments, environment={**(environment or {}), **more})
                    daemon.wait("ACPT", "listening at 127.0.0.1")
                    method(self, daemon, server)
                # Of one library's run nothing is left for the other's.
                self.doCleanups()
        return run_with_each
    return decorate


@needs("dlt-daemon", "dlt-receive", "dlt-control", "dlt-convert", "stdbuf")
class Logging(unittest.TestCase):
    @with_each_library("--num_workers", 1)
    def test_a_request_has_one_typed_line(self, daemon, server):
        server.send(get("/healthz") + get("/echo?x=1", method="POST", body=b"12345") +
                    get("/%zz", close=True))
        lines = daemon.wait("HTTP", count=3, level="info")
        self.assertRegex(lines[0], r"^GET /healthz 200 3 \d+ 0 0$")
        self.assertRegex(lines[1], r"^POST /echo\?x=1 200 5 \d+ 0 1$")
        self.assertRegex(lines[2], r"^GET /%zz 400 12 \d+ 0 2$")
        self.assertEqual(len(lines), 3)
        self.assertIn(" EVHS HTTP log info V 7 [GET /healthz", daemon.text())
        self.assertEqual(len(daemon.wait("CONN", "refused with 400", level="warn")), 1)

    @with_each_library()
    def test_what_is_refused_is_told_and_no_line_can_be_forged(self, daemon, server):
        server.send(b"\x16\x03\x01" + b"x" * 600)
        server.send(get("/static/../secret.txt", close=True))
        server.send(get("/a%0a2026%20forged", close=True))
        server.send(get("/admin/loglevel", "Authorization: Bearer guessed", close=True))
        server.send(get("/throw", close=True))
        daemon.wait("HTTP", r"^- - 400 ")
        daemon.wait("ROUT", "no file of ours: /static/../secret.txt", level="warn")
        daemon.wait("HTTP", r"^GET /a%0a2026%20forged 400 ")
        daemon.wait("ADMN", "without the token, request", level="warn")
        daemon.wait("ROUT", "handler failed, request .* asked to fail", level="error")
        self.assertNotIn("guessed", daemon.text())

    @with_each_library()
    def test_transitions_are_told_while_dlt_control_wants_them(self, daemon, server):
        server.send(get(close=True))
        daemon.wait("HTTP", "GET / 200")
        self.assertEqual(daemon.lines("CONN"), [])
        daemon.control("-c", "CONN", "-l", "5")

        def asked():
            server.send(get(close=True))
            return daemon.lines("CONN", "-> disconnected", level="debug")

        support.wait_for(asked, "transitions")
        number = daemon.lines("CONN", "disconnected -> connecting")[0].split()[1]
        states = [line.split(" ", 2)[2] for line in
                  daemon.wait("CONN", f"^connection {number} ", count=4)]
        self.assertEqual(states, ["disconnected -> connecting", "connecting -> connected",
                                  "connected -> disconnecting",
                                  "disconnecting -> disconnected"])

    @with_each_library()
    def test_one_contexts_level_is_set_through_the_daemon(self, daemon, server):
        fields = (f"Authorization: Bearer {TOKEN}", "Content-Type: application/json")
        body = json.dumps({"context": "POOL", "level": "debug"}).encode()
        data = server.send(get("/admin/loglevel", *fields, method="POST", body=body,
                               close=True))
        self.assertEqual(replies(data)[0].status, 204)

        def levels():
            data = server.send(get("/admin/loglevel", *fields, close=True))
            return json.loads(replies(data)[0].body)

        support.wait_for(lambda: levels()["POOL"] == "debug", "the level")
        self.assertEqual({level for name, level in levels().items() if name != "POOL"},
                         {"info"})
        daemon.wait("POOL", "slot taken", level="debug")

    @with_each_library()
    def test_raw_bytes_are_traced_on_demand(self, daemon, server):
        server.send(get("/healthz", close=True))
        daemon.wait("HTTP", "GET /healthz")
        self.assertEqual(daemon.lines("WIRE"), [])
        daemon.control("-c", "WIRE", "-r", "1")
        marked = get("/healthz", "X-Mark: marked", close=True)

        def asked():
            server.send(marked)
            return daemon.lines("WIRE")

        support.wait_for(asked, "a trace")
        received = marked.hex("'")
        support.wait_for(lambda: received in daemon.text().lower(), "the request's bytes")
        replied = b"\r\n\r\nok\n".hex("'")
        support.wait_for(lambda: replied in daemon.text().lower(), "the reply's bytes")

    # Blocking, so that a daemon without a processor's time costs time and not lines.
    @with_each_library(environment={"DLT_USER_OVERFLOW_MODE": "block",
                                    "DLT_USER_TIMEOUT_MS": "60000"})
    def test_an_injection_stops_it_and_no_line_is_lost(self, daemon, server):
        for _ in range(20):
            server.send(get("/healthz") * 99 + get("/healthz", close=True))
        daemon.control("-c", "ADMN", "-s", "4096", "-m", "stop")
        self.assertEqual(server.process.wait(timeout=support.PATIENCE), 0)
        daemon.wait("ADMN", "^stopped$")
        self.assertEqual(len(daemon.wait("HTTP", "GET /healthz 200", count=2000)), 2000)

    @with_each_library()
    def test_limits_that_are_less_than_wanted_are_told(self, daemon, server):
        line = daemon.wait("ADMN", "descriptors: soft")[0]
        limits = pathlib.Path(f"/proc/{server.process.pid}/limits").read_text()
        soft, hard = re.search(r"Max open files\s+(\d+)\s+(\d+)", limits).groups()
        self.assertEqual(line, f"descriptors: soft {soft} hard {hard} wanted 1000000")
        self.assertEqual(soft, str(min(int(hard), 1000000)))

    def test_a_file_takes_the_place_of_the_daemon(self):
        for name, directory in LIBRARIES.items():
            with self.subTest(library=name):
                path = f"/tmp/{'debian' if directory else 'built'}.dlt"
                more = {"LD_LIBRARY_PATH": directory} if directory else {}
                server = Server(self, "--log_file", path, "--log_level", "debug",
                                environment=more)
                server.send(get("/healthz", close=True))
                self.assertEqual(server.stop(), 0)
                text = run("dlt-convert", "-a", path).stdout
                self.assertRegex(text, r"EVHS HTTP log info V 7 \[GET /healthz 200 3 ")
                self.assertIn("connected -> disconnecting", text)
                self.assertIn("[stopped]", text)


support.main()
