# SPDX-License-Identifier: MPL-2.0
"""clients.py SERVER-MODELS: real clients, kind and unkind, at every model."""

import asyncio
import os
import re
import resource
import socket
import ssl
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../testing"))
import dlt
from serving import MODELS, Client, Served, is_instrumented, raise_descriptor_limit

IDLE_CONNECTIONS = 9000


class EveryModel(unittest.IsolatedAsyncioTestCase):
    """Each test runs at each model."""

    async def each(self, test, *options):
        for model in MODELS:
            with self.subTest(model), Served(model, "--no-log", *options) as server:
                await test(server)

    async def test_a_request_that_comes_byte_by_byte_is_one_request(self):
        async def test(server):
            client = await Client.connect(server.port)
            for byte in b"ECHO slowly\nECHO a":
                await client.send(bytes([byte]))
                await asyncio.sleep(0.002)
            self.assertRegex(await client.line(), r"OK h=\d+ slowly")
            await client.send(b"nd again\n")
            self.assertRegex(await client.line(), r"OK h=\d+ and again")
            client.close()

        await self.each(test)

    async def test_three_requests_in_one_packet_are_answered_in_order(self):
        async def test(server):
            client = await Client.connect(server.port)
            await client.send(b"SLEEP 30\nWORK 100\nECHO last\nQUIT\nECHO too late\n")
            answers = await client.rest()
            self.assertEqual([a.split()[-1] for a in answers], ["slept", "worked", "last", "BYE"])
            client.close()

        await self.each(test)

    async def test_who_stalls_holds_up_nobody(self):
        async def test(server):
            stalling = [await Client.connect(server.port) for _ in range(20)]
            for client in stalling:
                await client.send(b"ECHO never end")
            # These ask and do not read: the server stops reading from them, and goes on.
            greedy = [await Client.connect(server.port, limit=1) for _ in range(3)]
            for client in greedy:
                client.writer.write(b"ECHO " + b"x" * 4000 + b"\n" + b"ECHO y\n" * 50000)
            other = await Client.connect(server.port)
            for n in range(50):
                self.assertRegex(await other.ask(f"ECHO {n}"), rf"OK h=\d+ {n}")
            await stalling[0].send(b"ing\n")
            self.assertRegex(await stalling[0].line(), r"OK h=\d+ never ending")
            for client in [*stalling, *greedy, other]:
                client.close()

        await self.each(test)

    async def test_who_reads_late_gets_all_answers(self):
        async def test(server):
            client = await Client.connect(server.port, limit=4096)
            text = "z" * 1000
            sending = asyncio.ensure_future(client.send(f"ECHO {text}\n".encode() * 2000))
            for _ in range(2000):
                self.assertTrue((await client.line()).endswith(text))
            await sending
            client.close()

        await self.each(test, "--send-buffer", "8192")

    async def test_two_hundred_clients_get_their_own_answers(self):
        async def talk(port, name):
            client = await Client.connect(port)
            for n in range(10):
                self.assertRegex(await client.ask(f"ECHO {name}-{n}"), rf"OK h=\d+ {name}-{n}$")
            self.assertEqual(await client.ask("QUIT"), "BYE")
            client.close()

        async def test(server):
            await asyncio.gather(*(talk(server.port, name) for name in range(200)))
            counts = server.stop()
            self.assertEqual(counts["requests"], 2000)
            self.assertEqual(sum(counts["handled"]), 2000)

        await self.each(test)

    async def test_who_ends_sending_still_gets_every_answer(self):
        async def test(server):
            client = await Client.connect(server.port)
            await client.send(b"SLEEP 20\n" + b"ECHO n\n" * 300 + b"ECHO not complete")
            client.half_close()
            self.assertEqual(len(await client.rest()), 301)
            client.close()

        await self.each(test)

    async def test_what_is_no_request_is_told_so_and_costs_nobody_else(self):
        async def test(server):
            other = await Client.connect(server.port)
            client = await Client.connect(server.port)
            for line in (b"", b"GET / HTTP/1.1", b"WORK -1", b"PRIO 11 ECHO x", bytes(range(11, 256))):
                await client.send(line + b"\n")
                self.assertTrue((await client.line()).startswith("ERR "))
            await client.send(b"ECHO \x00\xff\r\n")
            self.assertTrue((await client.line()).startswith("OK h="))

            # A line too long ends the connection, and its sender, who goes on, is told why.
            await client.send(b"ECHO " + b"x" * 100000)
            self.assertEqual(await client.line(), "ERR line too long")
            self.assertEqual(await client.line(), "")
            client.close()
            self.assertTrue((await other.ask("ECHO alive")).endswith(" alive"))
            other.close()

        await self.each(test)

    async def test_the_end_answers_what_was_accepted(self):
        async def flood(port):
            client = await Client.connect(port)
            asked = answered = 0
            try:
                for _ in range(100000):
                    await client.send(b"SLEEP 2\nWORK 50\nECHO x\n")
                    asked += 3
                    for _ in range(3):
                        answer = await client.line()
                        if not answer:
                            return answered
                        self.assertTrue(answer.startswith("OK "), answer)
                        answered += 1
            except ConnectionError:
                return answered
            finally:
                client.close()
            return answered

        async def test(server):
            clients = [asyncio.ensure_future(flood(server.port)) for _ in range(8)]
            watching = await Client.connect(server.port)
            while int((await watching.ask("STATS")).split('"requests":')[1].split(",")[0]) < 200:
                pass
            counts = await asyncio.to_thread(server.stop)
            answered = sum(await asyncio.gather(*clients))
            # Each one that was accepted is answered, and each answer has arrived whole.
            self.assertEqual(answered, counts["requests"])
            self.assertEqual(sum(counts["handled"]), counts["requests"])
            watching.close()

        await self.each(test)

    async def test_connections_beyond_the_bound_are_refused(self):
        async def test(server):
            clients = [await Client.connect(server.port) for _ in range(5)]
            for client in clients:
                await client.ask("ECHO here")
            more = await Client.connect(server.port)
            self.assertEqual(await more.line(), "ERR full")
            more.close()
            clients.pop().close()

            async def is_let_in():
                again = await Client.connect(server.port)
                try:
                    answer = await again.ask("ECHO again")
                except ConnectionError:
                    return False  # refused before its request was read: a reset
                again.close()
                return answer.endswith("again")

            while not await is_let_in():
                await asyncio.sleep(0.02)
            for client in clients:
                client.close()

        await self.each(test, "--connections", "5")


    async def test_who_goes_on_sending_behind_the_end_is_let_go_after_two_seconds(self):
        with Served("inline", "--no-log") as server:
            client = await Client.connect(server.port)
            self.assertEqual(await client.ask("QUIT"), "BYE")
            self.assertEqual(await client.line(), "")
            begin = time.monotonic()
            with self.assertRaises(ConnectionError):
                while time.monotonic() < begin + dlt.PATIENCE:
                    await client.send(b"ECHO on and on\n")
                    await asyncio.sleep(0.02)
            self.assertGreater(time.monotonic() - begin, 1)
            client.close()


class Scarcity(unittest.IsolatedAsyncioTestCase):
    async def test_a_task_that_gets_no_thread_runs_where_it_is(self):
        with Served("task-per-request", "--no-log") as server:
            if is_instrumented():
                return  # a sanitizer has more address space than there is memory
            clients = [await Client.connect(server.port) for _ in range(30)]
            for client in clients:
                await client.ask("ECHO here")
            pid = server.process.pid
            with open(f"/proc/{pid}/status") as status:
                used = next(int(line.split()[1]) * 1024 for line in status if "VmSize" in line)
            # Stacks for two threads or three.
            resource.prlimit(pid, resource.RLIMIT_AS, (used + (20 << 20), resource.RLIM_INFINITY))
            for client in clients:
                await client.send(b"SLEEP 50\n")
            for client in clients:
                self.assertRegex(await client.line(), r"OK h=\d+ slept")
                client.close()
            counts = server.stop()
            self.assertGreater(counts["without_thread"], 0)
            self.assertEqual(sum(counts["handled"]), 60)


class ManyConnections(unittest.IsolatedAsyncioTestCase):
    async def test_thousands_that_are_idle_cost_no_thread_and_hold_up_nobody(self):
        raise_descriptor_limit()
        count = IDLE_CONNECTIONS if not is_instrumented() else IDLE_CONNECTIONS // 10
        for model in MODELS:
            with self.subTest(model), Served(model, "--no-log") as server:
                idle = []
                for _ in range(count):
                    idle.append(socket.create_connection(("127.0.0.1", server.port), dlt.PATIENCE))
                client = await Client.connect(server.port)
                for n in range(20):
                    self.assertRegex(await client.ask(f"ECHO {n}"), rf"OK h=\d+ {n}")
                stats = await client.ask("STATS")
                self.assertIn(f'"open":{count + 1}', stats)
                self.assertLess(int(re.search(r'"threads":(\d+)', stats).group(1)), 20)
                for connection in idle[::100]:
                    connection.sendall(b"ECHO awake\n")
                    self.assertTrue(connection.recv(100).endswith(b" awake\n"))
                for connection in idle:
                    connection.close()
                client.close()

    async def test_without_descriptors_the_others_are_served_and_newcomers_turned_away(self):
        with Served("coroutines", "--no-log", descriptors=40) as server:
            clients = [socket.create_connection(("127.0.0.1", server.port), dlt.PATIENCE)
                       for _ in range(100)]
            turned_away = 0
            for client in clients:
                try:
                    client.sendall(b"ECHO x\n")
                    turned_away += not client.recv(100)
                except ConnectionError:
                    turned_away += 1
            self.assertGreater(turned_away, 60)
            self.assertLess(turned_away, 100)
            for client in clients:
                client.close()
            counts = server.stop()
            self.assertEqual(counts["connections"]["refused"], turned_away)


class Priorities(unittest.IsolatedAsyncioTestCase):
    async def test_the_urgent_overtakes_work_that_has_begun(self):
        for policy in ("priority", "deadline"):
            with self.subTest(policy), Served("coroutines", "--no-log", "--workers", "1",
                                              "--policy", policy) as server:
                slow = await Client.connect(server.port)
                await slow.send(b"PRIO 0 WORK 2000000\n")
                quick = await Client.connect(server.port)
                waiting = asyncio.ensure_future(slow.line())
                self.assertTrue((await quick.ask("PRIO 9 ECHO now")).endswith("now"))
                self.assertFalse(waiting.done())
                self.assertTrue((await waiting).endswith("worked"))
                slow.close()
                quick.close()


class Tls(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.key, cls.certificate = "/tmp/key.pem", "/tmp/certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", cls.key, "-out", cls.certificate], check=True, capture_output=True)

    def serve(self, model="coroutines"):
        return Served(model, "--no-log", "--tls-port", "0", "--tls-certificates", self.certificate,
                      "--tls-key", self.key)

    def context(self):
        return ssl.create_default_context(cafile=self.certificate)

    async def connect(self, server):
        return await Client.connect(server.tls_port, ssl=self.context(), server_hostname="localhost")

    def s_client(self, server, *options, text):
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.tls_port}", "-CAfile",
                   self.certificate, "-verify_return_error", "-servername", "localhost", *options]
        return subprocess.run(command, input=text, capture_output=True, timeout=dlt.PATIENCE)

    async def test_every_model_answers_s_client(self):
        for model in MODELS:
            with self.subTest(model), self.serve(model) as server:
                for version in ("-tls1_2", "-tls1_3"):
                    # It takes Q at the start of a line for an order; -quiet takes it for text.
                    done = self.s_client(server, version, "-quiet",
                                         text=b"ECHO one\nSLEEP 5\nWORK 100\nQUIT\n")
                    answers = [line.split()[-1] for line in done.stdout.decode().splitlines()]
                    self.assertEqual(answers, ["one", "slept", "worked", "BYE"], done.stderr)

    async def test_bytes_one_by_one_many_at_once_and_late_readers(self):
        with self.serve() as server:
            client = await self.connect(server)
            for byte in b"ECHO slowly\n":
                await client.send(bytes([byte]))
            self.assertTrue((await client.line()).endswith("slowly"))
            text = "t" * 3000
            sending = asyncio.ensure_future(client.send(f"ECHO {text}\n".encode() * 1000))
            for _ in range(1000):
                self.assertTrue((await client.line()).endswith(text))
            await sending
            self.assertEqual(await client.ask("QUIT"), "BYE")
            self.assertEqual(await client.line(), "")
            client.close()

    async def test_what_is_not_tls_or_too_old_gets_nothing_and_harms_nobody(self):
        with self.serve() as server:
            plain = await Client.connect(server.tls_port)
            await plain.send(b"ECHO in the clear\n")
            try:
                self.assertNotIn(b"OK", await asyncio.wait_for(plain.reader.read(), dlt.PATIENCE))
            except ConnectionError:
                pass
            plain.close()
            old = self.s_client(server, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0", text=b"ECHO x\n")
            self.assertNotEqual(old.returncode, 0)
            self.assertNotIn(b"OK h=", old.stdout)
            silent = await Client.connect(server.tls_port)
            client = await self.connect(server)
            self.assertTrue((await client.ask("ECHO safe")).endswith("safe"))
            client.close()
            silent.close()

    async def test_who_shakes_no_hand_is_let_go_after_ten_seconds(self):
        with self.serve() as server:
            begin = time.monotonic()
            silent = await Client.connect(server.tls_port)
            self.assertEqual(await silent.line(), "")
            self.assertGreater(time.monotonic() - begin, 9)
            silent.close()

    async def test_both_ports_share_one_server(self):
        with self.serve("static-pool") as server:
            clear, secret = await Client.connect(server.port), await self.connect(server)
            await clear.ask("ECHO 1")
            await secret.ask("ECHO 2")
            clear.close()
            secret.close()
            self.assertEqual(sum(server.stop()["handled"]), 2)


class CommandLine(unittest.TestCase):
    def run_with(self, *arguments):
        return subprocess.run([Served.program, *arguments], capture_output=True, text=True,
                              timeout=dlt.PATIENCE)

    def test_what_cannot_be_is_told_in_a_line(self):
        for arguments in (["serve", "--no-log", "--model", "magic"],
                          ["serve", "--no-log", "--tasks", "0"],
                          ["serve", "--no-log", "--address", "nowhere"],
                          ["serve", "--no-log", "--port", "0", "--tls-certificates", "/dev/null"],
                          []):
            done = self.run_with(*arguments)
            self.assertNotEqual(done.returncode, 0, arguments)
            self.assertNotEqual(done.stderr, "")

    def test_a_port_that_is_taken_is_told(self):
        with Served("inline", "--no-log") as server:
            done = self.run_with("serve", "--no-log", "--port", str(server.port))
            self.assertEqual(done.returncode, 1)
            self.assertIn("in use", done.stderr)


if __name__ == "__main__":
    Served.program = sys.argv.pop(1)
    unittest.main(verbosity=2)
