"""The demonstration: users, files, metrics, administration."""

import http.client
import json
import os
import threading
import unittest

import support
from support import TOKEN, Server, get, replies


class Application(unittest.TestCase):
    def setUp(self):
        self.server = Server(self)
        self.client = http.client.HTTPConnection("127.0.0.1", self.server.port, support.PATIENCE)
        self.addCleanup(self.client.close)

    def ask(self, method, path, body=None, **fields):
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
            fields.setdefault("Content-Type", "application/json")
        self.client.request(method, path, body, fields)
        reply = self.client.getresponse()
        return reply.status, reply.headers, reply.read()

    def test_a_user_is_made_read_changed_and_removed(self):
        ada = {"name": "Ada \u2713", "email": "ada@example.org"}
        status, fields, body = self.ask("POST", "/api/users", ada)
        self.assertEqual(status, 201)
        where, first = fields["Location"], fields["ETag"]
        made = json.loads(body)
        self.assertEqual({**made}, {**ada, "id": made["id"]})
        self.assertEqual(json.loads(self.ask("GET", where)[2]), made)
        self.assertEqual(json.loads(self.ask("GET", "/api/users")[2]), [made])
        status, fields, body = self.ask("GET", where, If_None_Match=first)
        self.assertEqual((status, body, fields["ETag"]), (304, b"", first))

        eve = {"name": "Eve", "email": ""}
        status, fields, _ = self.ask("PUT", where, eve, If_Match=first)
        self.assertEqual(status, 200)
        self.assertNotEqual(fields["ETag"], first)
        # Who has not seen the change does not undo it.
        self.assertEqual(self.ask("PUT", where, ada, If_Match=first)[0], 412)
        self.assertEqual(self.ask("DELETE", where, If_Match=first)[0], 412)
        self.assertEqual(json.loads(self.ask("GET", where)[2])["name"], "Eve")
        self.assertEqual(self.ask("DELETE", where, If_Match=fields["ETag"])[0], 204)
        self.assertEqual(self.ask("GET", where)[0], 404)

    def test_only_a_user_is_taken_for_one(self):
        user = {"name": "a", "email": "b"}
        for body in (b"", b"{", b"[" * 500000, b'"text"', b"\xff\xfe", b'{"name": "\xff"}'):
            with self.subTest(body=body[:20]):
                status, _, _ = self.ask("POST", "/api/users", body,
                                        Content_Type="application/json")
                self.assertIn(status, (400, 422))
        for body in ({}, [], {"name": "a"}, {**user, "admin": True}, {"name": 1, "email": "b"},
                     {"name": "", "email": "b"}, {"name": "x" * 201, "email": "b"},
                     {"name": {"name": "a"}, "email": "b"}):
            with self.subTest(body=body):
                self.assertEqual(self.ask("POST", "/api/users", body)[0], 422)
        self.assertEqual(self.ask("GET", "/api/users")[2], b"[]\n")

    def test_of_many_who_change_the_same_version_one_succeeds(self):
        _, fields, _ = self.ask("POST", "/api/users", {"name": "a", "email": ""})
        outcomes = []

        def change(name):
            client = http.client.HTTPConnection("127.0.0.1", self.server.port, support.PATIENCE)
            client.request("PUT", fields["Location"], json.dumps({"name": name, "email": ""}),
                           {"Content-Type": "application/json", "If-Match": fields["ETag"]})
            outcomes.append(client.getresponse().status)
            client.close()

        threads = [threading.Thread(target=change, args=(f"n{i}",)) for i in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(outcomes), [200] + [412] * 15)

    def test_files_are_sent_with_type_and_etag(self):
        status, fields, body = self.ask("GET", "/static/page.html")
        self.assertEqual((status, body), (200, b"<p>page</p>\n"))
        self.assertEqual(fields["Content-Type"], "text/html; charset=utf-8")
        self.assertEqual(self.ask("GET", "/static/page.html", If_None_Match=fields["ETag"])[0], 304)
        status, fields, body = self.ask("HEAD", "/static/large.bin")
        self.assertEqual((status, body, fields["Content-Length"]), (200, b"", str(3 << 20)))
        large = (self.server.directory / "static/large.bin").read_bytes()
        self.assertEqual(self.ask("GET", "/static/large.bin")[2], large)
        # What follows a file in the same packet comes behind it.
        found = replies(self.server.send(get("/static/large.bin") + get("/healthz", close=True)))
        self.assertEqual([r.body for r in found], [large, b"ok\n"])

    def test_no_name_leads_out_of_the_directory(self):
        before = self.server.descriptors()
        for name in ("..", "../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt",
                     "%2e%2e%2fsecret.txt", "./page.html", "/etc/passwd", "//etc/passwd",
                     "x/../../secret.txt", "..\\secret.txt", "..%5csecret.txt", "link.txt",
                     "page.html/", "page.html%00", "fifo", ".", "", "nothing"):
            with self.subTest(name=name):
                found = replies(self.server.send(get("/static/" + name, close=True)))
                self.assertIn(found[0].status, (400, 404))
                self.assertNotIn(b"secret", found[0].body)
                self.assertNotIn(b"root:", found[0].body)
        support.wait_for(lambda: self.server.descriptors() <= before, "files to be closed")

    def test_metrics_count_what_happened(self):
        self.ask("GET", "/healthz")
        self.ask("GET", "/nothing")
        self.ask("GET", "/throw")
        self.ask("POST", "/echo", b"x" * 5000)
        metrics = self.server.metrics()
        self.assertEqual(metrics['eventcore_requests_total{code="200"}'], 2)
        self.assertEqual(metrics['eventcore_requests_total{code="404"}'], 1)
        self.assertEqual(metrics['eventcore_requests_total{code="500"}'], 1)
        self.assertEqual(metrics["eventcore_request_duration_seconds_count"], 4)
        self.assertEqual(metrics['eventcore_request_duration_seconds_bucket{le="+Inf"}'], 4)
        self.assertGreater(metrics["eventcore_received_bytes_total"], 5000)
        self.assertGreater(metrics["eventcore_sent_bytes_total"], 5000)
        # Our library counts; the original one has nothing to ask.
        if "dlt_messages_submitted_total" in metrics:
            self.assertGreaterEqual(metrics["dlt_messages_submitted_total"], 4)
        else:
            self.assertNotIn("EVENTCORE_OURS", os.environ)

    def test_levels_are_only_changed_with_the_token(self):
        wanted = {"level": "debug"}
        for token in ("", TOKEN[:-1], TOKEN + "x", "x" * len(TOKEN)):
            status, fields, _ = self.ask("POST", "/admin/loglevel", wanted,
                                         Authorization=f"Bearer {token}")
            self.assertEqual((status, fields["WWW-Authenticate"]), (401, "Bearer"))
        admin = {"Authorization": f"Bearer {TOKEN}"}

        def levels():
            return json.loads(self.ask("GET", "/admin/loglevel", **admin)[2])

        self.assertEqual(set(levels().values()), {"info"})
        self.assertEqual(self.ask("POST", "/admin/loglevel", wanted, **admin)[0], 204)
        support.wait_for(lambda: set(levels().values()) == {"debug"}, "the level")
        for body in ({"level": "loud"}, {}, {"level": "info", "context": "NONE"},
                     {"level": "info", "trace": 1}):
            self.assertEqual(self.ask("POST", "/admin/loglevel", body, **admin)[0], 422)
        self.assertEqual(self.ask("POST", "/admin/loglevel", b"[", **admin)[0], 400)
        # One context's level is the daemon's, and here is none.
        one = {"level": "warn", "context": "HTTP"}
        self.assertEqual(self.ask("POST", "/admin/loglevel", one, **admin)[0], 503)


support.main()
