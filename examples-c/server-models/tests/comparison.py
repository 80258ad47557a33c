# SPDX-License-Identifier: MPL-2.0
"""comparison.py SERVER-MODELS DLT-COLLECT: the harness has a figure for every model, load and way to log,
and loses no message without telling it. With DLT_TEST_LONG set the loads last long enough for a sanitizer
to see what they do to the server."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../testing"))
import dlt
from serving import MODELS, Served

LOADS = ["cpu", "io", "burst", "echo"]
LOGGING = ["no logging", "Debian's", "ours"]


class Comparison(unittest.TestCase):
    def test_one_table_has_them_all(self):
        milliseconds = "2000" if os.environ.get("DLT_TEST_LONG") else "50"
        done = subprocess.run(
            [Served.program, "compare", "--milliseconds", milliseconds, "--collector", collector,
             "--library", "ours", "", "--library", "Debian's", dlt.LIBRARIES["Debian's"]],
            capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [[cell.strip() for cell in line.split("|")[1:-1]]
                for line in done.stdout.splitlines() if line.startswith("| ")]
        head, rows = rows[0], rows[1:]
        self.assertEqual([row[:3] for row in rows],
                         [[way, load, model] for way in LOGGING for load in LOADS for model in MODELS])
        for row in rows:
            cells = dict(zip(head, row))
            self.assertGreater(float(cells["/s"]), 0, row)
            self.assertLessEqual(float(cells["p50 us"]), float(cells["p99.9 us"]), row)
            self.assertGreater(int(cells["threads"]), 0, row)
            self.assertEqual(cells["lost"] == "", cells["logging"] == "no logging", row)
            self.assertEqual(cells["document says"] == "", cells["model"] == "coroutines", row)
            # A burst of ours has room; Debian's library may lose some, and then says so.
            if cells["logging"] == "ours" and cells["load"] in ("cpu", "io"):
                self.assertEqual(cells["lost"], "0", row)
        self.assertIn("Where this differs from the document", done.stdout)


if __name__ == "__main__":
    Served.program, collector = sys.argv.pop(1), sys.argv.pop(1)
    unittest.main(verbosity=2)
