"""The server of SEEDBED_TEST_ENGINE killed in the middle of a reset, and started again: run it by tools/with-servers,
whose servers are nobody else's. SEEDBED_TEST_SEED repeats a run.
"""
import contextlib
import os
import pathlib
import signal
import subprocess
import threading
import time
import unittest

from killed_stage import ENGINE, SEED, Killed
from run_test import is_running
from support import server_url, until

# with-servers does without durability, of which a killed process needs some.
DURABLE = {"--innodb-flush-log-at-trx-commit=0": "--innodb-flush-log-at-trx-commit=1",
           "--innodb-doublewrite=0": "--innodb-doublewrite=1",
           "full_page_writes=off": "full_page_writes=on", "synchronous_commit=off": "synchronous_commit=on"}


class Server:
    """A running server, which is started again as it was."""

    def __init__(self, pid):
        self.pid = pid
        process = pathlib.Path(f"/proc/{pid}")
        command = process.joinpath("cmdline").read_bytes().decode().split("\0")[:-1]
        self.command = ["setpriv", "--pdeathsig", "KILL"]
        if os.geteuid() == 0:
            owner = process.stat()
            self.command += ["--reuid", str(owner.st_uid), "--regid", str(owner.st_gid), "--clear-groups"]
        self.command += [os.readlink(process / "exe"), *(DURABLE.get(word, word) for word in command[1:])]
        self.environment = dict(entry.split("=", 1)
                                for entry in process.joinpath("environ").read_bytes().decode().split("\0") if entry)
        self.process = None

    def _children(self):
        for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if path.read_text(encoding="utf-8").rpartition(") ")[2].split()[1] == str(self.pid):
                    yield int(path.parent.name)

    def kill(self):
        """With all its processes, so that none writes on."""
        os.kill(self.pid, signal.SIGSTOP)
        pids = [*self._children(), self.pid]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        if self.process:
            self.process.wait()
        # The first one is to be reaped by its parent: PostgreSQL looks for its number.
        assert until(lambda: not any(map(is_running, pids)) and not pathlib.Path(f"/proc/{self.pid}").exists())

    def start(self):
        self.process = subprocess.Popen(self.command, env=self.environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.pid = self.process.pid


class Servers(Killed):
    server = None  # of all tests

    def setUp(self):
        super().setUp()
        if Servers.server is None:
            file = (self.project._client(server_url(ENGINE), "SHOW data_directory") + "/postmaster.pid"
                    if ENGINE == "postgres" else self.project._client(server_url(ENGINE), "SELECT @@pid_file"))
            Servers.server = Server(int(pathlib.Path(file).read_text(encoding="utf-8").split()[0]))
        self.start_again()

    def start_again(self):
        self.server.kill()
        self.server.start()
        self.project.run("wait", server_url(ENGINE))

    def run_and_kill(self, point, *command):
        """Kills the server, and not the command, at a message of it, or after the last."""
        killed = threading.Event()
        delay = self.random.choice((0, self.random.uniform(0, 0.01)))

        def strike():
            time.sleep(delay)
            self.server.kill()
            killed.set()

        self.door.open(*point, strike=strike)
        result = self.project.run(*command, code=None)
        # A command that succeeded may have ended while the server is being killed.
        if self.door.open():
            self.assertTrue(killed.wait(30))
            self.server.start()
            self.project.run("wait", server_url(ENGINE))
        else:
            self.start_again()
        self.assertIn(result.code, (0, 8), result.err)
        return result.code != 0

    def test_in_a_rewind(self):
        self.kill_often("reset")

    def test_in_a_restore(self):
        self.kill_often("reset", "--strategy", "restore")

    def test_when_nothing_runs(self):
        self.make_baseline()
        for number in range(3):
            with self.subTest(number=number, seed=SEED):
                self.execute(self.damage())
                self.start_again()
                self.expect_honest()
                self.execute(self.damage())
                self.expect_honest()
                self.expect_reset()


if __name__ == "__main__":
    unittest.main(verbosity=2)
