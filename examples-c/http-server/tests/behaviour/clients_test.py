"""Clients as they come: at once, in drops, in bursts, half, slow, silent, and by the thousand."""

import asyncio
import filecmp
import os
import re
import resource
import socket
import time
import unittest

import support
from support import Server, get, needs, receive_all, replies, run


def first_reply(connection):
    """The next reply of a connection that stays."""
    data = b""
    while True:
        data += connection.recv(1 << 16)
        try:
            found = replies(data)
        except ValueError:
            continue
        if found:
            return found[0]


class Conversations(unittest.TestCase):
    def test_a_request_may_come_byte_by_byte(self):
        server = Server(self)
        request = get("/echo", method="POST", body=b"in drops") + get("/healthz", close=True)

        async def dribble():
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            for byte in request:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0)
            data = await asyncio.wait_for(reader.read(), support.PATIENCE)
            writer.close()
            return data

        async def many():
            return await asyncio.gather(*(dribble() for _ in range(50)))

        for data in asyncio.run(many()):
            self.assertEqual([r.body for r in replies(data)], [b"in drops", b"ok\n"])

    def test_three_requests_in_one_packet_are_answered_in_their_order(self):
        server = Server(self)
        data = server.send(get("/slow?ms=50") + get("/healthz", method="HEAD") + b"\r\n" +
                           get("/echo", method="POST", body=b"third", close=True))
        found = replies(data, ["GET", "HEAD"])
        self.assertEqual([r.status for r in found], [200, 200, 200])
        self.assertEqual([r.body for r in found], [b"slept\n", b"", b"third"])
        self.assertEqual(found[1].fields["content-length"], "3")

    def test_ten_thousand_requests_at_once_are_all_answered(self):
        server = Server(self)
        data = server.send(get("/healthz") * 9999 + get("/healthz", close=True))
        self.assertEqual([r.body for r in replies(data)], [b"ok\n"] * 10000)

    def test_a_connection_is_kept_or_closed_as_its_client_says(self):
        server = Server(self)
        with server.connect() as connection:
            for _ in range(3):
                connection.sendall(get("/healthz"))
                self.assertEqual(first_reply(connection).fields["connection"], "keep-alive")
            connection.sendall(get("/healthz", version="1.0") + get("/healthz"))
            found = replies(receive_all(connection))
            self.assertEqual([r.fields["connection"] for r in found], ["close"])
        with server.connect() as connection:
            connection.sendall(get("/healthz", "Connection: keep-alive", version="1.0"))
            self.assertEqual(first_reply(connection).fields["connection"], "keep-alive")

    def test_a_client_that_has_said_all_still_gets_its_replies(self):
        server = Server(self)
        with server.connect() as connection:
            connection.sendall(get("/slow?ms=100") + get("/healthz"))
            connection.shutdown(socket.SHUT_WR)
            self.assertEqual([r.status for r in replies(receive_all(connection))], [200, 200])

    def test_a_body_is_waited_for_when_the_client_asks_first(self):
        server = Server(self)
        with server.connect() as connection:
            body = b"x" * 100000
            head = get("/echo", "Expect: 100-continue", f"Content-Length: {len(body)}",
                       method="POST", close=True)
            connection.sendall(head)
            self.assertEqual(connection.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
            connection.sendall(body)
            self.assertEqual(replies(receive_all(connection))[0].body, body)

    def test_who_comes_next_sees_nothing_of_who_was_before(self):
        server = Server(self, "--num_workers", 1, "--num_threads_per_worker", 1,
                        "--connection_pool_size", 1)
        for number in range(20):
            connection = support.wait_for(lambda: self.welcome(server), "the only slot")
            with connection:
                # Half a request and an unread reply are left behind.
                connection.sendall(get("/big?mb=1") + b"POST /echo HTTP/1.1\r\nX: old")
                if number % 2:
                    connection.recv(10)

    def welcome(self, server):
        connection = server.connect()
        connection.sendall(get("/healthz"))
        reply = first_reply(connection)
        if reply.status == 503:
            connection.close()
            return None
        self.assertEqual((reply.status, reply.body), (200, b"ok\n"))
        return connection


class Patience(unittest.TestCase):
    def test_an_idle_connection_is_closed_after_its_time_and_not_before(self):
        server = Server(self, "--keepalive_timeout_sec", 1)
        with server.connect() as silent, server.connect() as served:
            served.sendall(get("/healthz"))
            self.assertEqual(first_reply(served).status, 200)
            begin = time.monotonic()
            self.assertEqual(receive_all(served), b"")
            self.assertGreaterEqual(time.monotonic() - begin, 0.9)
            self.assertEqual(receive_all(silent), b"")
        self.assertEqual(server.metrics()["eventcore_connections_idle_closed_total"], 2)

    def test_half_a_request_is_answered_with_408(self):
        server = Server(self, "--keepalive_timeout_sec", 1)
        for half in (b"G", b"GET / HTTP/1.1\r\nHost: a\r\n", get("/healthz") + b"GET",
                     b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"):
            with self.subTest(half=half):
                self.assertEqual(replies(server.send(half))[-1].status, 408)

    def test_dribbling_does_not_buy_time_without_end(self):
        server = Server(self, "--keepalive_timeout_sec", 1)
        with server.connect() as connection:
            connection.settimeout(0.05)
            data = b""
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
            for _ in range(100 * support.PATIENCE):
                try:
                    data = connection.recv(4096)
                    break
                except TimeoutError:
                    connection.sendall(b"x")
            self.assertEqual(data[:12], b"HTTP/1.1 408")

    def test_who_takes_no_reply_is_cut_off(self):
        server = Server(self, "--keepalive_timeout_sec", 1)
        with server.connect() as connection:
            connection.sendall(get("/big?mb=64"))
            support.wait_for(lambda: server.metrics()["eventcore_connections_timed_out_total"] == 1,
                             "the one who does not read to be cut off")
            self.assertRaises(ValueError, replies, receive_all(connection))

    def test_replies_that_nobody_takes_stop_the_reading(self):
        server = Server(self)
        with server.connect() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(1)
            sent = 0
            requests = get("/big?mb=1") * 1000
            with self.assertRaises(TimeoutError):
                while True:
                    sent += connection.send(requests)
            answered = server.metrics()['eventcore_requests_total{code="200"}']
            self.assertLess(answered, 50)
            self.assertGreater(sent, 0)
            server.assert_at_rest()

    def test_what_slow_clients_hold_is_bounded(self):
        server = Server(self, "--num_workers", 1)
        deaf = []
        statuses = set()
        for _ in range(8):
            deaf.append(server.connect())
            deaf[-1].sendall(get("/big?mb=64"))
            statuses.add(deaf[-1].recv(12))
        # Four or five of them are all that may be held.
        self.assertEqual(statuses, {b"HTTP/1.1 200", b"HTTP/1.1 503"})
        for connection in deaf:
            connection.close()
        support.wait_for(lambda: replies(server.send(get(close=True)))[0].status == 200, "room")

    @needs("curl")
    def test_a_slow_reader_gets_all_of_it(self):
        server = Server(self, "--keepalive_timeout_sec", 1)
        # More than the kernel's buffers hold, of which ten megabytes were seen.
        result = run("curl", "-s", "--limit-rate", "20M", "-w", "%{size_download}", "-o",
                     "/dev/null", server.url + "/big?mb=40")
        self.assertEqual(result.stdout, str(40 << 20))
        large = server.directory / "static/larger.bin"
        large.write_bytes(os.urandom(40 << 20))
        copy = server.directory / "copy"
        loaded = run("curl", "-s", "--limit-rate", "20M", server.url + "/static/larger.bin", "-o",
                     copy)
        self.assertEqual(loaded.returncode, 0)
        self.assertTrue(filecmp.cmp(large, copy, shallow=False))

    def test_nobody_is_waited_for_by_looking_again_and_again(self):
        server = Server(self)
        with server.connect() as connection:
            connection.sendall(get("/healthz"))
            first_reply(connection)
            server.assert_at_rest()


class ByTheThousand(unittest.TestCase):
    @needs("wrk")
    def test_wrk_finds_no_error(self):
        server = Server(self)
        result = run("wrk", "-t2", "-c100", "-d3", server.url + "/")
        self.assertNotIn("Non-2xx", result.stdout)
        self.assertNotIn("Socket errors", result.stdout)
        self.assertGreater(int(re.search(r"(\d+) requests in", result.stdout).group(1)), 100)

    @needs("ab")
    def test_ab_is_answered_as_often_as_it_asks(self):
        server = Server(self)
        result = run("ab", "-q", "-k", "-n", 20000, "-c", 100, server.url + "/")
        self.assertRegex(result.stdout, r"Complete requests:\s+20000\n")
        self.assertRegex(result.stdout, r"Failed requests:\s+0\n")
        self.assertRegex(result.stdout, r"Keep-Alive requests:\s+20000\n")

    def test_idle_connections_cost_slots_and_are_all_served(self):
        count = 9000 if support.LONG else 1000
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        server = Server(self)
        connections = []
        try:
            for _ in range(count):
                connections.append(server.connect())
            support.wait_for(lambda: server.open_connections() == count, "all to be let in")
            metrics = server.metrics()
            taken = [metrics[f'eventcore_connections_open{{worker="{i}"}}']
                     for i in range(sum("connections_open{" in name for name in metrics))]
            # In turn; those who ask for the metrics come between.
            self.assertLessEqual(max(taken) - min(taken), 2, taken)
            self.assertLessEqual(metrics["eventcore_accept_batch_largest"], 100)
            for connection in connections:
                connection.sendall(get("/healthz"))
            for connection in connections:
                self.assertEqual(first_reply(connection).body, b"ok\n")
        finally:
            for connection in connections:
                connection.close()
        support.wait_for(lambda: server.open_connections() == 0, "all to be gone")

    @unittest.skipUnless(support.LONG, "in make test-long")
    @needs("slowhttptest")
    def test_slowhttptest_does_not_make_it_unavailable(self):
        server = Server(self, "--keepalive_timeout_sec", 5)
        for kind in ("-H", "-B", "-X"):
            with self.subTest(kind=kind):
                url = "/big?mb=4" if kind == "-X" else "/echo"
                reading = ("-w", 512, "-y", 1024, "-n", 1, "-z", 32) if kind == "-X" else ()
                result = run("slowhttptest", kind, "-c", 1000, "-i", 1, "-r", 500, "-l", 20,
                             "-p", support.PATIENCE, *reading, "-u", server.url + url)
                plain = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", result.stdout)
                told = re.findall(r"service available:\s+(\w+)", plain)
                self.assertEqual(set(told), {"YES"}, plain)
                self.assertEqual(result.returncode, 0)


support.main()
