"""What goes wrong: a clear message, the right exit code, the rows as they were."""
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import unittest
import urllib.parse

from support import ENGINES, ROOT, Project, server_url


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.project = Project(self, "sqlite")

    def test_offers_the_nearest_name(self):
        for arguments, message in (
                (["migrat", "up"], "did you mean 'migrate up'?"),
                (["migrate", "upp"], "did you mean 'migrate up'?"),
                (["migrate", "up", "--dryrun"], "did you mean 'dry-run'?"),
                (["clean", "--strategy", "trunkate"], "truncate"),
                (["load", "small", "--progress", "jsn"], "did you mean 'json'?")):
            self.project.fails(*arguments, code=2, message=message)

    def test_refuses_what_it_does_not_understand(self):
        for arguments, message in (
                (["create"], "FACTORY is missing"),
                (["migrate", "new"], "NAME is missing"),
                (["snapshot", "save", "a", "b"], "'b' is one word too many"),
                (["create", "user", "--count", "many"], "--count 'many' is not a whole number"),
                (["create", "user", "--database"], "--database"),
                (["migrate", "up", "--dry-run=yes"], "--dry-run"),
                (["--json", "migrate", "up"], "options follow the command"),
                (["migrate", "new", "../evil"], "../evil")):
            self.project.fails(*arguments, code=2, message=message)

    def test_reports_errors_as_json_when_asked(self):
        error = self.project.run("snapshot", "restore", "demo", "--json", code=3).error
        self.assertEqual((error["code"], error["exit_code"]), ("not_found", 3))

    def test_needs_a_project_or_a_url(self):
        outside = tempfile.mkdtemp(prefix="seedbed-outside-")
        self.addCleanup(shutil.rmtree, outside)
        environment = self.project.environment()
        del environment["SEEDBED_DATABASE"]
        self.project.fails("schema", "show", code=3, message="there is no 'seedbed.yaml'", cwd=outside, env=environment)
        self.project.run("migrate", "up")
        self.project.run("schema", "show", "--database", self.project.url, cwd=outside)
        self.project.run("schema", "show", "--project", str(self.project.directory), cwd=outside)

    def test_says_when_standard_output_is_full(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([os.environ["SEEDBED_BINARY"], "--help"], stdout=full,
                                  stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 8)
        self.assertIn("standard output", done.stderr)

    def test_shows_no_control_characters_of_the_data(self):
        self.project.run("migrate", "up")
        shown = self.project.run("create", "user", "--set", "name=\x1b[31mred")
        self.assertNotIn("\x1b", shown.out)


class Files(unittest.TestCase):
    def setUp(self):
        self.project = Project(self, "sqlite")

    def write(self, path, text):
        (self.project.directory / path).write_text(text, encoding="utf-8")

    def test_names_the_place_of_a_mistake_in_yaml(self):
        self.write("factories/shop.yaml", "version: 1\nfactories:\n  user:\n    sets:\n      name: x\n")
        self.project.run("migrate", "up")
        self.project.fails("create", "user", code=2, message="shop.yaml:4:5")
        self.assertIn("did you mean 'set'?", self.project.run("check", code=1).out)

        self.write("factories/shop.yaml", 'version: 1\nfactories:\n  user: { set: { name: "x }\n')
        self.project.fails("create", "user", code=2, message="shop.yaml:3:")
        self.write("seedbed.yaml", "version: 1\nfactries: x\n")
        self.project.fails("migrate", "status", code=2, message="seedbed.yaml:2:1: a project file has no "
                           "key 'factries'; did you mean 'factories'?")

    def test_refuses_an_answer_it_does_not_know(self):
        self.project.fails("migrate", "up", "--unknown", "maybe", code=2, message="'skip' or 'run-again'")

    def test_offers_the_nearest_factory_trait_and_column(self):
        self.project.run("migrate", "up")
        self.project.fails("create", "usr", code=3, message="'user'")
        self.project.fails("create", "order", "payed", code=3, message="'paid'")
        self.project.fails("create", "user", "--set", "nmae=x", code=2, message="'name'")
        self.project.fails("load", "smal", code=3, message="'small'")
        self.project.fails("schema", "show", "user", code=3, message="'users'")
        self.assertEqual(set(self.project.counts().values()), {0})

    def test_finds_what_does_not_fit_the_schema(self):
        self.assertEqual(self.project.json("check")["findings"], [])
        text = (self.project.directory / "factories/shop.yaml").read_text(encoding="utf-8")
        self.write("factories/shop.yaml", text.replace("sku:", "skuu:").replace("stock: =5", "stok: =5"))
        findings = self.project.json("check", code=1)["findings"]
        self.assertTrue(any("skuu" in finding["message"] for finding in findings), findings)
        self.assertTrue(any("stok" in finding["message"] for finding in findings), findings)

    def test_reports_a_directory_that_it_may_not_write(self):
        self.project.run("load", "small")
        self.write("seedbed.yaml", "version: 1\nsnapshots: /proc/snapshots\n")  # not even by root
        self.project.fails("snapshot", "save", "demo", code=8, message="/proc/snapshots")
        self.project.fails("migrate", "up", "--database", "sqlite:/proc/shop.db", code=8,
                           message="/proc/shop.db")

    def test_reports_a_store_that_is_no_directory(self):
        self.project.run("load", "small")
        shutil.rmtree(self.project.directory / "snapshots", ignore_errors=True)
        self.write("snapshots", "a file")
        self.project.fails("snapshot", "save", "demo", code=8, message="snapshots")

    def test_notices_altered_and_missing_blobs(self):
        self.project.run("load", "small")
        self.project.run("snapshot", "save", "demo")
        before = self.project.contents()
        blobs = sorted((self.project.directory / "snapshots/blobs/sha256").iterdir())
        self.assertGreater(len(blobs), 1)
        for blob in blobs:
            content = blob.read_bytes()
            blob.chmod(0o600)
            blob.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
            self.project.fails("snapshot", "restore", "demo", code=9, message="seedbed: ")
            blob.unlink()
            self.project.fails("snapshot", "restore", "demo", code=9, message="seedbed: ")
            blob.write_bytes(content)
            self.assertEqual(self.project.contents(), before)
        self.project.run("snapshot", "restore", "demo")

    def test_reports_an_edited_migration(self):
        self.project.run("migrate", "up")
        self.write("migrations/0002_newsletter.up.sql", "ALTER TABLE users ADD COLUMN other integer;\n")
        status = self.project.json("migrate", "status", code=1)
        self.assertEqual(status["migrations"][1]["state"], "edited")
        self.project.fails("migrate", "up", code=4, message="0002_newsletter")


class Databases(unittest.TestCase):
    def test_refuses_a_database_without_the_mark(self):
        for engine in ENGINES:
            with self.subTest(engine):
                project = Project(self, engine)
                project.run("load", "small")
                project.run("snapshot", "save", "demo")
                project.run("baseline", "mark")
                self.unmark(project)
                before = project.contents()
                for arguments in (["clean"], ["snapshot", "restore", "demo"], ["create", "user"],
                                  ["load", "small"], ["migrate", "down"], ["reset"], ["baseline", "mark"]):
                    project.fails(*arguments, code=7, message="seedbed adopt --database " + project.redacted_url())
                self.assertEqual(project.contents(), before)
                project.run("migrate", "status")
                project.run("snapshot", "save", "free")

                name = project.json("adopt", "--dry-run")["database"]
                project.fails("clean", code=7, message="seedbed adopt")
                project.fails("adopt", code=7, message="--yes-destroy")
                project.fails("adopt", "--yes-destroy", "other", code=7, message=name)
                project.run("adopt", "--yes-destroy", name)
                project.run("clean")

    @staticmethod
    def unmark(project):
        if project.engine == "postgres":
            project.query("DROP TABLE seedbed.seedbed_mark")
        else:
            project.query("DROP TABLE seedbed_mark")

    def test_leaves_everything_when_a_migration_fails_in_the_middle(self):
        for engine in ENGINES:
            with self.subTest(engine):
                project = Project(self, engine)
                project.run("load", "small")
                before = project.contents()
                (project.directory / "migrations/0003_broken.up.sql").write_text(
                    "CREATE TABLE extra (id integer);\nCREATE TABLE extra (id integer);\n", encoding="utf-8")
                result = project.fails("migrate", "up", code=2, message="0003_broken.up.sql")
                tables = [table["name"] for table in project.json("schema", "show")["tables"]]
                if engine == "mysql":
                    self.assertIn("goes on at this statement", result.err + project.run("migrate", "status", code=1).out)
                else:
                    self.assertNotIn("extra", tables)
                    self.assertEqual(project.json("migrate", "status", code=1)["migrations"][2]["state"],
                                     "pending")
                self.assertEqual(project.contents(), before)

    def test_reports_a_server_that_is_not_there(self):
        project = Project(self, "sqlite")
        for url in ("postgresql://ada:s3cret-word@127.0.0.1:1/shop", "mysql://ada:s3cret-word@127.0.0.1:1/shop"):
            result = project.fails("schema", "show", "--database", url, code=8, message="127.0.0.1")
            self.assertNotIn("s3cret-word", result.err)

    def test_reports_a_wrong_password_without_showing_it(self):
        for engine in ("postgres", "mysql"):
            with self.subTest(engine):
                project = Project(self, engine)
                parts = urllib.parse.urlsplit(server_url(engine))
                if parts.password is None:
                    self.skipTest("the server asks for no password")
                login = f"{parts.username}:s3cret-word@{parts.hostname}:{parts.port}"
                wrong = parts._replace(netloc=login).geturl()
                result = project.fails("schema", "show", "--database", wrong, code=2, message="password")
                self.assertNotIn("s3cret-word", result.err)

    def test_keeps_rows_when_the_database_refuses_one(self):
        for engine in ENGINES:
            with self.subTest(engine):
                project = Project(self, engine)
                project.run("migrate", "up")
                project.run("create", "user", "--set", "email=ada@example.com")
                before = project.contents()
                project.fails("create", "user", "--set", "email=ada@example.com", code=5, message="email")
                project.fails("create", "order", "--set", "status=lost", code=5, message="status")
                self.assertEqual(project.contents(), before)


class Interrupts(unittest.TestCase):
    ROWS = "user=400000"

    def test_leaves_rows_as_they_were(self):
        for engine in ENGINES:
            with self.subTest(engine):
                project = Project(self, engine)
                project.run("load", "small")
                before = project.contents()
                process = project.start("load", self.ROWS, "--progress", "json")
                line = json.loads(process.stderr.readline())
                self.assertGreater(line["rows"], 0)
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 130, out + err)
                self.assertIn("interrupted", err)
                self.assertEqual(project.contents(), before)
                project.run("load", "user=5")

    def test_leaves_no_files_after_the_next_run_when_killed(self):
        project = Project(self, "sqlite")
        rows = project.directory / "rows"
        rows.mkdir()
        (rows / "notes.txt").write_text("mine")
        process = project.start("load", self.ROWS, "--out", "rows", "--progress", "json")
        while json.loads(process.stderr.readline())["phase"] != "load":
            pass  # the schema is made first
        process.kill()
        process.communicate(timeout=60)
        self.assertEqual([path.name.startswith(".seedbed-part-") for path in rows.iterdir() if path.is_dir()], [True])
        self.assertEqual([path.name for path in rows.iterdir() if path.is_file()], ["notes.txt"])

        tables = project.json("load", "small", "--out", "rows")["tables"]
        names = [table["table"] + ".csv" for table in tables] + ["notes.txt"]
        self.assertEqual(sorted(path.name for path in rows.iterdir()), sorted(names))


if __name__ == "__main__":
    unittest.main(verbosity=2)
