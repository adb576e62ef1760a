"""A baseline to damage, and damage that a seed decides."""
import hashlib
import os
import queue
import random
import signal
import subprocess
import sys
import time
import unittest
import urllib.parse

from door import Door
from support import SHOP_TABLES, Project

ENGINE = os.environ.get("SEEDBED_TEST_ENGINE", "sqlite")
SEED = int(os.environ.get("SEEDBED_TEST_SEED") or random.randrange(10**9))
# How often each test kills; "all" stands for every message that is sent to a server.
KILLS = os.environ.get("SEEDBED_TEST_KILLS", "10")


def kills():
    return 50 if KILLS == "all" else int(KILLS)



TICKETS = {
    "sqlite": "CREATE TABLE tickets (id INTEGER PRIMARY KEY AUTOINCREMENT, words TEXT NOT NULL);\n",
    "postgres": "CREATE TABLE tickets (id SERIAL PRIMARY KEY, words TEXT NOT NULL);\n",
    "mysql": "CREATE TABLE tickets (id INT AUTO_INCREMENT PRIMARY KEY, words TEXT NOT NULL);\n"}
TO_2000 = {
    "sqlite": "(WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 2000) SELECT n FROM r)",
    "postgres": "(SELECT generate_series(1, 2000) AS n)",
    "mysql": "(SELECT seq AS n FROM seq_1_to_2000)"}
COUNTERS = {
    "sqlite": "SELECT name, seq FROM sqlite_sequence ORDER BY name",
    "postgres": "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
    "mysql": "SELECT table_name, auto_increment FROM information_schema.tables WHERE table_schema = DATABASE() "
             "AND table_name NOT LIKE 'seedbed%' ORDER BY 1"}
SQLITE_CLIENT = ("import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
                 "c.executescript('PRAGMA foreign_keys = ON; PRAGMA cache_size = 5; ' + sys.stdin.read())")

DAMAGE = (
    "UPDATE tickets SET words = 'changed' WHERE id % {a} = 0;",
    "DELETE FROM tickets WHERE id % {a} = 1;",
    "INSERT INTO tickets (words) SELECT name FROM products;",
    "DELETE FROM tickets;",
    "DELETE FROM users WHERE id NOT IN (SELECT customer_id FROM orders) AND id % {a} <> 0;",
    "DELETE FROM order_items WHERE id % {a} = 0;",
    "UPDATE products SET stock = stock + {a};",
    "INSERT INTO carts (user_id, updated_at) SELECT id, '2026-02-02' FROM users WHERE id NOT IN "
    "(SELECT user_id FROM carts);",
    "UPDATE audit_log SET action = 'x{a}';",
)


class Killed(unittest.TestCase):
    def setUp(self):
        self.project = Project(self, ENGINE)
        self.random = random.Random(f"{SEED} {self.id()}")
        if ENGINE != "sqlite":
            self.door = Door(self, self.project.url)
            self.project.url = self.door.url

    def make_baseline(self, *options):
        (self.project.directory / "migrations/0003_tickets.up.sql").write_text(TICKETS[ENGINE], encoding="utf-8")
        self.project.run("load", "small")
        self.execute(f"INSERT INTO tickets (words) SELECT 'ticket' FROM {TO_2000[ENGINE]} numbers;")
        self.execute("DELETE FROM tickets WHERE id > 1990;")
        self.project.run("baseline", "mark", *options)
        self.baseline = self.contents()

    def own_databases(self):
        """What replacing the database by a copy of its baseline has made beside it."""
        name = (os.path.abspath(self.project.url.removeprefix("sqlite:")) if ENGINE == "sqlite"
                else urllib.parse.urlsplit(self.project.url).path[1:])
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        names = [f"seedbed_{kind}_{digest}" for kind in ("baseline", "incoming", "outgoing")]
        if ENGINE == "sqlite":
            return [name for name in names if (self.project.directory / f"build/{name}.db").exists()]
        return [name for name in names if self.project.is_on_server(name)]

    def client(self):
        """The engine's own program, which executes what it reads."""
        command = ([sys.executable, "-c", SQLITE_CLIENT, self.project.url.removeprefix("sqlite:")]
                   if ENGINE == "sqlite" else self.project.client_command(self.project.url))
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                text=True)

    def execute(self, script):
        with self.client() as client:
            _, err = client.communicate(script, timeout=60)
        self.assertEqual(client.returncode, 0, err)

    def damage(self):
        """Between one and four statements, one after the other."""
        return "\n".join(self.random.choice(DAMAGE).format(a=self.random.randint(2, 9))
                         for _ in range(self.random.randint(1, 4)))

    def contents(self):
        """Every cell, and every counter."""
        return {**self.project.contents(), "tickets": self.project.query("SELECT * FROM tickets ORDER BY id"),
                "counters": self.project.query(COUNTERS[ENGINE])}

    def kill_points(self, *command):
        """Runs the command once as a whole, and gives arguments for `run_and_kill`."""
        if ENGINE == "sqlite":
            start = time.monotonic()
            self.project.run(*command)
            whole = time.monotonic() - start
            return [self.random.uniform(0, whole) for _ in range(kills())]
        self.door.open()
        self.project.run(*command)
        numbers = range(1, self.door.passed + 1)
        if KILLS != "all":
            numbers = sorted(self.random.choices(numbers, k=kills()))
        return [(number, self.random.random() < 0.5) for number in numbers]

    def run_and_kill(self, point, *command):
        """Whether the command was killed before its end."""
        if ENGINE == "sqlite":
            process = self.project.start(*command)
            time.sleep(point)
            process.kill()
        else:
            started = queue.Queue()
            self.door.open(*point, strike=lambda: started.get().kill())
            process = self.project.start(*command)
            started.put(process)
        out, err = process.communicate(timeout=120)
        if ENGINE != "sqlite":
            self.door.open()
        self.assertIn(process.returncode, (0, -signal.SIGKILL), out + err)
        return process.returncode != 0

    def kill_often(self, *command):
        """Damage, a command that is killed, and now and then more damage: the next reset brings the baseline back."""
        self.make_baseline()
        self.execute(self.damage())
        killed = 0
        for point in self.kill_points(*command):
            with self.subTest(point=point, seed=SEED):
                self.execute(self.damage())
                killed += self.run_and_kill(point, *command)
                self.expect_honest()
                if self.random.random() < 0.5:
                    self.execute(self.damage())
                    self.expect_honest()
                self.expect_reset()
        self.assertGreater(killed, 0)

    def expect_honest(self):
        """What says that nothing was changed is right."""
        status = self.project.run("baseline", "status", "--json", code=None)
        self.assertIn(status.code, (0, 1), status.err)
        if status.json["unchanged"]:
            self.assertEqual(self.contents(), self.baseline)

    def expect_reset(self):
        self.project.run("reset")
        self.assertEqual(self.contents(), self.baseline)
        self.assertTrue(self.project.json("baseline", "status")["unchanged"])
