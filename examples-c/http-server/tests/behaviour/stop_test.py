"""A stop that loses nothing: every request that was sent has its whole reply."""

import re
import signal
import subprocess
import threading
import time
import unittest

import support
from support import Server, get, needs, receive_all, replies


class Client(threading.Thread):
    """Asks again and again on one connection until the server says that it closes."""

    def __init__(self, server, path):
        super().__init__()
        self.connection = server.connect()
        self.path = path
        self.answered = 0
        self.error = None

    def run(self):
        try:
            while True:
                self.connection.sendall(get(self.path))
                reply = self.reply()
                self.answered += 1
                if reply.fields["connection"] == "close":
                    rest = receive_all(self.connection)
                    if rest:
                        self.error = f"behind the last reply: {rest[:50]!r}"
                    return
        except (OSError, ValueError) as error:
            self.error = repr(error)
        finally:
            self.connection.close()

    def reply(self):
        data = b""
        while True:
            part = self.connection.recv(1 << 20)
            if not part:
                raise ValueError(f"truncated after {len(data)} bytes")
            data += part
            try:
                return replies(data)[0]
            except ValueError:
                continue


class Stop(unittest.TestCase):
    def test_every_request_that_was_sent_has_its_whole_reply(self):
        server = Server(self)
        clients = [Client(server, path) for path in
                   ["/", "/slow?ms=5", "/big?mb=1", "/static/large.bin", "/api/users"] * 8]
        for client in clients:
            client.start()
        support.wait_for(lambda: all(client.answered > 3 for client in clients), "all to be busy")
        self.assertEqual(server.stop(), 0)
        for client in clients:
            client.join()
        self.assertEqual({client.error for client in clients}, {None})

    @needs("wrk")
    def test_under_wrk_no_reply_is_cut(self):
        server = Server(self)
        with subprocess.Popen(["wrk", "-t2", "-c50", "-d4", server.url + "/"],
                              stdout=subprocess.PIPE, text=True) as wrk:
            time.sleep(1)
            support.wait_for(lambda: server.open_connections() >= 50, "wrk")
            self.assertEqual(server.stop(), 0)
            text = wrk.communicate(timeout=support.PATIENCE)[0]
        # Afterwards it finds nobody to connect to, which it counts under connect and write; but none
        # of its requests was left without its reply.
        errors = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
        self.assertIsNotNone(errors, text)
        self.assertEqual((errors[2], errors[4]), ("0", "0"), text)

    def test_connections_at_rest_do_not_hold_it_up(self):
        server = Server(self)
        with server.connect() as silent, server.connect() as served, server.connect() as half:
            served.sendall(get("/healthz"))
            served.recv(4096)
            half.sendall(b"GET /healthz HTTP/1.1\r\n")
            support.wait_for(lambda: server.open_connections() == 3, "all three")
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(receive_all(silent), b"")
            self.assertEqual(receive_all(served), b"")
            # Long before the time is over of what is in flight.
            half.sendall(b"Host: a\r\n\r\n")
            self.assertEqual([r.status for r in replies(receive_all(half))], [200])

    def test_a_handler_at_work_is_waited_for_and_half_a_request_may_be_completed(self):
        server = Server(self)
        with server.connect() as slow, server.connect() as half:
            slow.sendall(get("/slow?ms=1500"))
            half.sendall(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab")
            support.wait_for(lambda: server.open_connections() == 2, "both")
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            half.sendall(b"cd")
            self.assertEqual([r.body for r in replies(receive_all(half))], [b"abcd"])
            found = replies(receive_all(slow))
            self.assertEqual([(r.status, r.fields["connection"]) for r in found], [(200, "close")])

    def test_who_holds_it_up_for_ever_is_cut_off_and_told_so(self):
        server = Server(self)
        with server.connect() as half, server.connect() as deaf:
            half.sendall(b"GET / HTTP/1.1\r\n")
            deaf.sendall(get("/big?mb=64"))
            support.wait_for(lambda: server.open_connections() == 2, "both")
            self.assertEqual(server.stop(), 0)
            self.assertEqual(replies(receive_all(half))[0].status, 408)


support.main()
