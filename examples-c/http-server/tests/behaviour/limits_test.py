"""What the configuration bounds: connections, batches, threads, descriptors, the queue before them."""

import collections
import select
import subprocess
import unittest

import support
from support import SERVER, Server, get, receive_all, replies, run


class Limits(unittest.TestCase):
    def test_each_worker_has_a_loop_and_its_pool(self):
        server = Server(self, "--num_workers", 3, "--num_threads_per_worker", 2)

        def threads():
            tasks = support.pathlib.Path(f"/proc/{server.process.pid}/task")
            return collections.Counter((task / "comm").read_text().strip()
                                       for task in tasks.iterdir())

        expected = {"accept": 1}
        for number in range(3):
            expected |= {f"worker-{number}": 1, f"pool-{number}": 2}
        support.wait_for(lambda: expected.items() <= threads().items(), "the threads")

    def test_the_queue_is_as_long_as_configured(self):
        server = Server(self, "--backlog", 77)
        line = run("ss", "-ltnH", f"sport = :{server.port}").stdout.split()
        self.assertEqual(line[2], "77")

    def test_connections_are_accepted_in_batches_and_dealt_out_in_turn(self):
        server = Server(self, "--accept_batch_size", 7, "--num_workers", 4)
        before = server.metrics()
        connections = [server.connect() for _ in range(200)]
        support.wait_for(lambda: server.open_connections() == 200, "all to be let in")
        metrics = server.metrics()
        name = "eventcore_connections_total{{worker=\"{}\"}}"
        taken = [metrics[name.format(i)] - before[name.format(i)] for i in range(4)]
        # Those that asked for the metrics were dealt out as well.
        self.assertLessEqual(max(taken) - min(taken), 1, taken)
        self.assertLessEqual(metrics["eventcore_accept_batch_largest"], 7)
        for connection in connections:
            connection.close()

    def test_there_are_no_more_connections_than_slots(self):
        server = Server(self, "--connection_pool_size", 3)
        held = [server.connect() for _ in range(3)]
        for connection in held:
            connection.sendall(get())
            self.assertEqual(connection.recv(12), b"HTTP/1.1 200")
        for _ in range(20):
            self.assertEqual([r.status for r in replies(server.send(get()))], [503])
        for connection in held:
            connection.close()
        support.wait_for(lambda: replies(server.send(get(close=True)))[0].status == 200, "a slot")
        self.assertGreaterEqual(server.metrics()["eventcore_connections_refused_total"], 20)

    def test_without_descriptors_it_refuses_and_goes_on(self):
        server = Server(self, wrapper=("prlimit", "--nofile=64:64", "--"))
        held = [server.connect() for _ in range(100)]
        # Nobody has asked for anything: what can be read is a refusal.
        support.wait_for(lambda: select.select(held, [], [], 0)[0], "a refusal")
        outcomes = collections.Counter()
        for connection in held:
            connection.sendall(get(close=True))
            # Refused without a descriptor, it cannot be waited for until the client has read.
            outcomes[receive_all(connection)[:12]] += 1
            connection.close()
        # How many are refused depends on how soon others give their descriptors back.
        served, refused = outcomes[b"HTTP/1.1 200"], outcomes[b"HTTP/1.1 503"] + outcomes[b"<reset>"]
        self.assertGreater(served, 10, outcomes)
        self.assertGreater(refused, 0, outcomes)
        self.assertEqual(served + refused, len(held), outcomes)
        support.wait_for(lambda: replies(server.send(get(close=True)))[0].status == 200, "room")

    def test_a_port_is_shared_only_when_it_may_be(self):
        server = Server(self, "--tcp_reuseport", "false")
        second = subprocess.run([SERVER, "--host", "127.0.0.1", "--port", str(server.port)],
                                capture_output=True, text=True, timeout=support.PATIENCE,
                                env={**support.os.environ, "DLT_LOG_MODE": "4"})
        self.assertEqual(second.returncode, 1)
        self.assertIn("Address already in use", second.stderr)
        shared = Server(self)
        Server(self, "--port", shared.port)

    def test_what_is_dumped_starts_the_same_server(self):
        dumped = run(SERVER, "--num_workers", 1, "--backlog", 33, "--dump-config")
        server = Server(self)
        path = server.directory / "config"
        path.write_text(dumped.stdout)
        again = Server(self, "--config", path)
        self.assertEqual(run("ss", "-ltnH", f"sport = :{again.port}").stdout.split()[2], "33")


support.main()
