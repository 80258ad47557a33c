# SPDX-License-Identifier: MPL-2.0
"""A dlt-daemon and its tools, for tests that examples-c/testing/private-namespace runs."""

import ctypes
import os
import re
import signal
import subprocess
import tempfile
import time

# The libraries that a server runs on: the one it was built with, and Debian's.
LIBRARIES = {"ours": None, "Debian's": "/usr/lib/x86_64-linux-gnu"}

# A loaded machine, and a sanitizer, are slow; a test that waits so long has failed.
PATIENCE = 30


def wait_until(condition, what):
    """Its value, as soon as it is true."""
    end = time.monotonic() + PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.02)


def end_with_parent():
    """What a test starts ends with it, however that ends."""
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def environment(library):
    """The environment of a program that is to run on a library of LIBRARIES."""
    variables = dict(os.environ)
    if LIBRARIES[library]:
        variables["LD_LIBRARY_PATH"] = LIBRARIES[library]
    return variables


def loaded_libdlt(pid):
    """Where the libdlt of a process comes from."""
    with open(f"/proc/{pid}/maps") as maps:
        return re.search(r"\S*/libdlt\.so\S*", maps.read()).group()


class Daemon:
    """The one daemon of the namespace, and a viewer that writes what arrives as text."""

    def __init__(self):
        self.directory = tempfile.mkdtemp()
        self.daemon = self._start("daemon", ["dlt-daemon"])
        wait_until(self._listens, "dlt-daemon")
        self.viewer = self._start("arrived", ["stdbuf", "-oL", "dlt-receive", "-a", "127.0.0.1"])
        wait_until(self._is_viewed, "dlt-receive")

    def _start(self, name, command):
        with open(f"{self.directory}/{name}", "w") as out:
            return subprocess.Popen(command, stdout=out, stderr=out, preexec_fn=end_with_parent)

    def _sockets(self, state):
        with open("/proc/net/tcp") as four, open("/proc/net/tcp6") as six:
            lines = (four.read() + six.read()).splitlines()
        words = [line.split() for line in lines]
        return [w for w in words if w[1].endswith(":0DA2") and w[3] == state]  # 3490

    def _listens(self):
        return self._sockets("0A")

    def _is_viewed(self):
        return self._sockets("01")

    def lines(self, application, context=None):
        """What has arrived of an application, or of one of its contexts."""
        with open(f"{self.directory}/arrived", errors="replace") as arrived:
            text = arrived.read()
        head = f" {application:-<4} " + (f"{context:-<4} " if context else "")
        return [line for line in text.splitlines() if head in line]

    def control(self, *arguments):
        """Runs dlt-control, which is to succeed."""
        command = ["dlt-control", *arguments, "127.0.0.1"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def set_level(self, level, application, context):
        self.control("-l", str(level), "-a", application, "-c", context)

    def inject(self, service, text, application, context):
        self.control("-s", str(service), "-m", text, "-a", application, "-c", context)

    def stop(self):
        """Nobody needs what they would do at their end."""
        for process in (self.viewer, self.daemon):
            process.kill()
            process.wait(PATIENCE)
        for left in ("/tmp/dlt", "/tmp/dlt-ctrl.sock"):
            if os.path.exists(left):
                os.unlink(left)
