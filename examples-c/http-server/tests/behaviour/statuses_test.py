"""Every status that there is, asked for with curl, and everything malformed."""

import socket
import subprocess
import time
import unittest

import support
from support import TOKEN, Server, get, needs, replies, run

JSON = ("-H", "Content-Type: application/json")
USER = ("-d", '{"name": "Ada", "email": "ada@example.org"}')


@needs("curl")
class Statuses(unittest.TestCase):
    def curl(self, path, *arguments):
        result = run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--path-as-is",
                     "--max-time", support.PATIENCE, *arguments, self.server.url + path)
        self.assertEqual(result.stderr, "")
        return int(result.stdout)

    def test_each_status_is_had_from_outside(self):
        self.server = Server(self, "--keepalive_timeout_sec", 1)
        large = self.server.directory / "large"
        large.write_bytes(bytes(2 << 20))
        admin = ("-H", f"Authorization: Bearer {TOKEN}")
        one = "/api/users/1"
        cases = [
            (200, "/"), (200, "/healthz"), (200, "/metrics"), (200, "/static/page.html"),
            (200, "/", "-I"), (200, "/", "--http1.0"), (200, "/slow?ms=1"), (200, "/big?mb=8"),
            (200, "/echo", "--data-binary", "x" * 100000),
            (201, "/api/users", *JSON, *USER), (200, one), (200, "/api/users"),
            (304, one, "-H", 'If-None-Match: "1"'),
            (412, one, *JSON, *USER, "-X", "PUT", "-H", 'If-Match: "9"'),
            (200, one, *JSON, *USER, "-X", "PUT", "-H", 'If-Match: "1"'),
            (412, one, "-X", "DELETE", "-H", "If-Match: nonsense"),
            (204, one, "-X", "DELETE"), (404, one, "-X", "DELETE"), (404, one),
            (204, "/", "-X", "OPTIONS"),
            (400, "/%zz"), (400, "/%00"), (400, "/slow?ms=x"), (400, "/slow?ms=99999"),
            (400, "/api/users", *JSON, "-d", "{"), (422, "/api/users", *JSON, "-d", "{}"),
            (415, "/api/users", *USER),
            (401, "/admin/loglevel"), (401, "/admin"), (401, "/admin/nothing"),
            (401, "/%61dmin/loglevel"),
            (401, "/admin/loglevel", "-H", "Authorization: Bearer " + "x" * len(TOKEN)),
            (200, "/admin/loglevel", *admin), (404, "/admin/nothing", *admin),
            (404, "/nothing"), (404, "/api/users/1/2"), (404, "/api/users/99999999999999999999"),
            (405, "/", "-X", "DELETE"), (405, "/metrics", "-d", "x"), (405, "/", "-X", "FROB"),
            # A body that stops coming: curl waits for more of its input, and gets no more.
            (413, "/echo", "--data-binary", f"@{large}"),
            (413, "/echo", "-T", large, "-X", "POST"),
            (413, "/echo", "-T", large, "-X", "POST", "-H", "Transfer-Encoding: chunked"),
            (414, "/" + "x" * 9000),
            (417, "/echo", "-d", "x", "-H", "Expect: miracles"),
            (431, "/", "-H", "X: " + "x" * 9000),
            (431, "/", *(argument for i in range(200) for argument in ("-H", f"X-{i}: {'x' * 50}"))),
            (500, "/throw"),
            (505, "/", "--request-target", "/ HTTP/2.0\r\nX: y\r\nZ:"),
        ]
        for status, path, *arguments in cases:
            with self.subTest(path=path[:40], arguments=arguments[:4]):
                self.assertEqual(self.curl(path, *arguments), status)

    def test_408_answers_a_body_that_stops_coming(self):
        self.server = Server(self, "--keepalive_timeout_sec", 1)
        with subprocess.Popen(["sleep", str(support.PATIENCE)], stdout=subprocess.PIPE) as input:
            result = run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-T", ".", "-X",
                         "POST", self.server.url + "/echo", stdin=input.stdout)
            input.kill()
        self.assertEqual(result.stdout, "408")

    def test_503_answers_who_finds_no_room_and_room_is_found_again(self):
        self.server = Server(self, "--max_connections", 2)
        held = [self.server.connect() for _ in range(2)]
        for connection in held:
            connection.sendall(get())
            self.assertEqual(connection.recv(12), b"HTTP/1.1 200")
        self.assertEqual(self.curl("/"), 503)
        # Who goes on sending is still let finish, so that the answer arrives.
        with self.server.connect() as refused:
            for _ in range(5):
                refused.sendall(get())
                time.sleep(0.01)
            self.assertEqual([r.status for r in replies(support.receive_all(refused))], [503])
        for connection in held:
            connection.close()
        support.wait_for(lambda: self.curl("/") == 200, "room")


class Malformed(unittest.TestCase):
    def test_what_is_malformed_is_answered_once_closed_and_leaves_the_server_as_it_was(self):
        server = Server(self, "--num_workers", 1)
        head = b"POST /echo HTTP/1.1\r\nHost: a\r\n"
        cases = [
            (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200)),
            (400, b"\x00" * 100),
            (400, b"GET\r\n\r\n"),
            (400, b"GET / HTTP/1.1\r\n\r\n"),
            (400, b"GET / HTTP/1.1\nHost: a\n\n\r\n\r\n"),
            (400, head + b"Host: b\r\n\r\n"),
            (400, head + b": x\r\n\r\n"),
            (400, head + b"X: a\rInjected: b\r\n\r\n"),
            (400, head + b"X: a\x00b\r\n\r\n"),
            (400, head + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
            (400, head + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET"),
            (400, head + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
            (400, head + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n"),
            (400, head + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n"),
            (400, b"GET /%0d%0aInjected:%20yes HTTP/1.1\r\nHost: a\r\n\r\n"),
            (413, head + b"Content-Length: 9999999999\r\n\r\n" + bytes(1 << 20)),
            (413, head + b"Transfer-Encoding: chunked\r\n\r\nfffffff\r\n" + bytes(1 << 20)),
            (414, b"GET /" + b"x" * (4 << 20)),
            (431, head + b"X: y\r\n" * (1 << 18)),
            (505, b"GET / HTTP/3.0\r\nHost: a\r\n\r\n"),
        ]
        before = server.descriptors()
        for status, data in cases:
            with self.subTest(data=data[:70]):
                found = replies(server.send(data))
                self.assertEqual([r.status for r in found], [status])
                self.assertEqual(found[0].fields["connection"], "close")
                self.assertNotIn("injected", found[0].fields)
        # Requests that stand behind a malformed one were never asked for.
        found = replies(server.send(get("/healthz") + b"\r\rGET / HTTP/1.1\r\n\r\n" + get()))
        self.assertEqual([r.status for r in found], [200, 400])
        support.wait_for(lambda: server.open_connections() == 0, "all to be closed")
        support.wait_for(lambda: server.descriptors() <= before, "descriptors to be given back")

    def test_a_client_that_speaks_tls_is_turned_away(self):
        server = Server(self)
        result = run("openssl", "s_client", "-connect", f"127.0.0.1:{server.port}",
                     stdin=subprocess.DEVNULL)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("no peer certificate available", result.stdout)
        self.assertEqual(server.metrics()['eventcore_requests_total{code="400"}'], 1)

    def test_a_flood_of_noise_ends_no_one_elses_conversation(self):
        server = Server(self)
        with server.connect() as steady:
            for seed in range(300):
                with server.connect() as noisy:
                    noisy.sendall(bytes((seed * 7 + i * i) % 256 for i in range(400)))
                    noisy.shutdown(socket.SHUT_WR)
                if seed % 50 == 0:
                    steady.sendall(get("/healthz"))
                    self.assertEqual(steady.recv(12), b"HTTP/1.1 200")
                    steady.recv(4096)
        support.wait_for(lambda: server.open_connections() == 0, "all to be closed")


support.main()
