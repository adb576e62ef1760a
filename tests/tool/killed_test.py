"""Processes killed at any moment, on the engine that SEEDBED_TEST_ENGINE names: the next one finds things whole.

SEEDBED_TEST_SEED repeats a run, and SEEDBED_TEST_KILLS says how often each test kills.
"""
import json
import os
import time
import unittest

from killed_stage import ENGINE, SEED, TICKETS, Killed, kills
from run_test import Runs
from support import BINARY


class Resets(Killed):
    def test_that_rewind(self):
        self.kill_often("reset")

    def test_that_restore(self):
        self.kill_often("reset", "--strategy", "restore")

    def test_that_replace_the_database(self):
        """Whichever of the two is there, the next reset makes it the baseline."""
        self.make_baseline("--strategy", "clone")
        killed = 0
        for point in self.kill_points("reset", "--strategy", "clone"):
            with self.subTest(point=point, seed=SEED):
                self.execute(self.damage() + "\nALTER TABLE tickets ADD extra INT;")
                killed += self.run_and_kill(point, "reset", "--strategy", "clone")
                self.expect_reset()
        self.assertGreater(killed, 0)
        self.project.run("baseline", "remove")
        self.assertEqual(self.own_databases(), [])


class Marks(Killed):
    def test_never_mix_two_baselines(self):
        """The old one or the new one comes back, or a word says that there is none."""
        self.make_baseline()
        killed = 0
        for point in self.kill_points("baseline", "mark"):
            with self.subTest(point=point, seed=SEED):
                self.project.run("baseline", "mark")
                old = self.contents()
                self.execute(self.damage())
                new = self.contents()
                killed += self.run_and_kill(point, "baseline", "mark")
                self.execute(self.damage())
                result = self.project.run("reset", "--verify", "always", code=None)
                self.assertIn(result.code, (0, 4), result.err)
                if result.code == 0:
                    self.assertIn(self.contents(), (old, new))
                else:
                    self.assertIn("run 'seedbed baseline mark' again", result.err)
        self.assertGreater(killed, 0)


class Writers(Killed):
    def script(self):
        """Transactions, some of which are committed."""
        return "\n".join(f"BEGIN;\n{self.damage()}\n{self.random.choice(('COMMIT', 'ROLLBACK'))};" for _ in range(20))

    def test_leave_nothing(self):
        self.make_baseline()
        start = time.monotonic()
        self.execute(self.script())
        whole = time.monotonic() - start
        for _ in range(kills()):
            with self.subTest(seed=SEED), self.client() as writer:
                writer.stdin.write(self.script())
                writer.stdin.close()
                time.sleep(self.random.uniform(0, whole))
                writer.kill()
                writer.wait()
                self.expect_reset()


class Loads(Killed):
    # Enough for several sessions, where an engine has them.
    ROWS = 200_000 if ENGINE == "postgres" else 20_000

    def points(self, *command):
        """Each with a command that comes next; on PostgreSQL also between the commits of several sessions."""
        rows = self.expect_all_or_none
        points = [(point, rows) for point in self.kill_points(*command)]
        if ENGINE == "postgres" and os.cpu_count() > 1:
            note, forget = b"INSERT INTO seedbed.seedbed_streams", b"DELETE FROM seedbed.seedbed_streams"
            points += [((note, False), rows), ((note, True), rows), ((forget, True), rows)]
            points += [((forget, False), follow) for follow in (rows, self.expect_none_saved, self.expect_none_marked)]
        return points

    def rows(self):
        return int(self.project.query("SELECT count(*) FROM tickets"))

    def expect_all_or_none(self):
        self.project.run("create", "ticket")
        self.assertIn(self.rows(), (1, self.ROWS + 1))

    def expect_none_saved(self):
        self.assertGreater(self.rows(), 0)
        self.project.run("snapshot", "save", "after")
        self.assertEqual(self.rows(), 0)

    def expect_none_marked(self):
        self.assertGreater(self.rows(), 0)
        self.project.run("baseline", "mark")
        self.assertEqual(self.rows(), 0)
        self.project.run("baseline", "remove")

    def test_leave_all_rows_or_none(self):
        (self.project.directory / "migrations/0003_tickets.up.sql").write_text(TICKETS[ENGINE], encoding="utf-8")
        (self.project.directory / "factories/ticket.yaml").write_text(
            "version: 1\nfactories:\n  ticket:\n    table: tickets\n    set: { words: '{n} {digits(20)}' }\n",
            encoding="utf-8")
        self.project.run("migrate", "up")
        command = ("load", f"ticket={self.ROWS}")
        killed = 0
        for point, follow in self.points(*command):
            with self.subTest(point=point, seed=SEED):
                self.execute("DELETE FROM tickets;")
                killed += self.run_and_kill(point, *command)
                follow()
        self.assertGreater(killed, 0)


class Templates(Killed, Runs):
    def setUp(self):
        Runs.setUp(self)
        Killed.setUp(self)

    def change_template(self, number):
        file = self.project.directory / "migrations/0003_comment.up.sql"
        file.write_text(f"-- {SEED} {number}\nCREATE TABLE extra (a INT);\n", encoding="utf-8")
        plan = self.project.run("run", "--scenario", "small", "--dry-run", "--json", "--", "true").json
        self.templates.add(plan["template"])

    def counted(self):
        program = ["sh", "-c", '"$0" schema show --rows --json', BINARY]
        result = self.project.run("run", "--scenario", "small", "--", *program)
        return {table["name"]: table["rows"] for table in json.loads(result.out)["tables"]}

    def test_are_whole(self):
        command = ("run", "--scenario", "small", "--", "true")
        self.change_template("first")
        points = self.kill_points(*command)
        wanted = self.counted()
        self.assertEqual(wanted["users"], 21)
        killed = 0
        for number, point in enumerate(points):
            with self.subTest(point=point, seed=SEED):
                self.change_template(number)
                killed += self.run_and_kill(point, *command)
                self.assertEqual(self.counted(), wanted)
        self.assertGreater(killed, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
