# SPDX-License-Identifier: MPL-2.0
"""daemon.py SERVER-MODELS: what the server tells the daemon, and the daemon the server, on our library
and on Debian's."""

import os
import re
import socket
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../testing"))
import dlt
from serving import MODELS, Served

APPLICATION = "SRVM"


def ask(port, *lines):
    """The answers to lines that are sent at once."""
    with socket.create_connection(("127.0.0.1", port), dlt.PATIENCE) as connection:
        connection.sendall("".join(line + "\n" for line in lines).encode())
        with connection.makefile() as answers:
            return [answers.readline().rstrip("\n") for _ in lines]


class WithDaemon(unittest.TestCase):
    """Each test runs on each library, with a daemon of its own."""

    def each(self, test, *options, model="coroutines"):
        for library in dlt.LIBRARIES:
            with self.subTest(library):
                self.daemon = dlt.Daemon()
                try:
                    with Served(model, *options, library=library) as server:
                        self.assertEqual("/usr/lib" in dlt.loaded_libdlt(server.process.pid),
                                         library != "ours")
                        # From here on the daemon knows the contexts, and the server its levels.
                        self.wait_for(r"listening port \d+", "LIST")
                        test(server)
                finally:
                    self.daemon.stop()

    def lines(self, pattern, context):
        found = re.compile(pattern)
        return [line for line in self.daemon.lines(APPLICATION, context) if found.search(line)]

    def wait_for(self, pattern, context, count=1):
        return dlt.wait_until(
            lambda: len(self.lines(pattern, context)) >= count and self.lines(pattern, context),
            f"{count} of {pattern} in {context}")

    def test_every_request_has_its_line_in_every_model(self):
        for model in MODELS:
            with self.subTest(model):
                def test(server):
                    for _ in range(10):
                        ask(server.port, *["ECHO x", "WORK 100", "SLEEP 1"] * 5)
                    server.stop()
                    for verb in ("ECHO", "WORK", "SLEEP"):
                        self.wait_for(rf"{verb} connection \d+ request \d+ waited_us \d+", "HNDL", 50)
                    self.assertEqual(len(self.daemon.lines(APPLICATION, "HNDL")), 150)
                    self.assertEqual(len(self.lines("accepted", "LIST")), 10)
                    self.wait_for(r"closed connection \d+ requests 15", "LIST", 10)

                self.each(test, model=model)

    def test_the_level_of_one_component_is_changed_while_it_runs(self):
        def test(server):
            ask(server.port, "ECHO x")
            self.wait_for("ECHO", "HNDL")
            self.assertEqual(self.lines("accepted ECHO", "DISP"), [])

            self.daemon.set_level(5, APPLICATION, "DISP")  # debug

            def is_told():
                ask(server.port, "ECHO y")
                return self.lines("accepted ECHO", "DISP")

            dlt.wait_until(is_told, "debug lines")

            self.daemon.set_level(0, APPLICATION, "HNDL")  # off

            def is_quiet():
                before = len(self.daemon.lines(APPLICATION, "HNDL"))
                told = len(self.lines("accepted ECHO", "DISP"))
                ask(server.port, "ECHO z")
                self.wait_for("accepted ECHO", "DISP", told + 1)
                return len(self.daemon.lines(APPLICATION, "HNDL")) == before

            dlt.wait_until(is_quiet, "no more lines of the handlers")

        self.each(test)

    def test_an_injection_changes_the_policy(self):
        def policy(server):
            return ask(server.port, "STATS")[0].split('"policy":"')[1].split('"')[0]

        def test(server):
            self.assertEqual(policy(server), "fifo")
            self.daemon.inject(4096, "deadline", APPLICATION, "ADMN")
            dlt.wait_until(lambda: policy(server) == "deadline", "another policy")
            self.daemon.inject(4096, "nonsense", APPLICATION, "ADMN")
            self.wait_for("no such policy here nonsense", "ADMN")
            self.assertEqual(policy(server), "deadline")

        self.each(test)

    def test_an_injection_shows_the_counts(self):
        def test(server):
            ask(server.port, "ECHO x", "ECHO y")
            self.daemon.inject(4097, "now", APPLICATION, "ADMN")
            self.wait_for(r'"requests":2\b', "ADMN")

        self.each(test)

    def test_an_injection_ends_the_server_after_its_answers(self):
        def test(server):
            with socket.create_connection(("127.0.0.1", server.port), dlt.PATIENCE) as connection:
                connection.sendall(b"SLEEP 300\nECHO last\n")
                dlt.wait_until(lambda: '"requests":2' in ask(server.port, "STATS")[0], "requests")
                self.daemon.inject(4098, "now", APPLICATION, "ADMN")
                with connection.makefile() as answers:
                    self.assertEqual([line.split()[-1] for line in answers], ["slept", "last"])
            server.end()
            self.wait_for("stopped by injection", "ADMN")

        self.each(test)

    def test_a_server_that_nobody_listens_to_serves_all_the_same(self):
        for library in dlt.LIBRARIES:
            with self.subTest(library), Served("shared-queue", library=library) as server:
                answers = ask(server.port, *["ECHO x"] * 60)
                self.assertTrue(all(answer.endswith(" x") for answer in answers))


if __name__ == "__main__":
    Served.program = sys.argv.pop(1)
    unittest.main(verbosity=2)
