"""`seedbed run` on the engine that SEEDBED_TEST_ENGINE names: databases for a program, whatever becomes of it."""
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import unittest
import urllib.parse
import uuid

from support import BINARY, Project, server_url, until

ENGINE = os.environ.get("SEEDBED_TEST_ENGINE", "sqlite")
OWN = uuid.uuid4()
# Writes its environment to a file, so that the test knows where the databases are.
TELL = ("import json, os, sys; "
        "open(sys.argv[1] + '.new', 'w').write(json.dumps(dict(os.environ, PID=str(os.getpid())))); "
        "os.rename(sys.argv[1] + '.new', sys.argv[1]); ")


def is_running(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


class Runs(unittest.TestCase):
    def setUp(self):
        self.project = Project(self, ENGINE)
        # Others on the server, who take the shop's templates, are not to lose theirs.
        with open(self.project.directory / "migrations/0002_newsletter.up.sql", "a", encoding="utf-8") as migration:
            migration.write(f"-- {OWN}\n")
        # Root's servers run as another user, who must be able to enter.
        self.temporary = pathlib.Path(tempfile.mkdtemp(prefix="sbrun-", dir="/tmp"))
        self.temporary.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.temporary, ignore_errors=True)
        self.told = self.project.directory / "told.json"
        self.templates = set()
        self.addCleanup(self.drop_templates)

    def environment(self, **changes):
        environment = dict(self.project.environment(), TMPDIR=str(self.temporary))
        environment.update(changes)
        return environment

    def run_tool(self, *arguments, code=0, **changes):
        return self.project.run(*arguments, code=code, env=self.environment(**changes))

    def run_program(self, program, *options, code=0, **changes):
        """Runs a Python program with databases."""
        self.remember_template(*options)
        return self.run_tool("run", *options, "--", sys.executable, "-c", TELL + program, str(self.told),
                             code=code, **changes)

    def start_program(self, program, *options):
        self.remember_template(*options)
        self.told.unlink(missing_ok=True)
        process = self.project.start("run", *options, "--", sys.executable, "-c", TELL + program,
                                     str(self.told), env=self.environment())
        self.addCleanup(process.kill)
        self.assertTrue(until(self.told.exists) or process.kill(), process.stderr)
        return process

    def environment_told(self):
        return json.loads(self.told.read_text(encoding="utf-8"))

    def plan(self, *options):
        options = [option for option in options if option != "--keep"]
        return json.loads(self.run_tool("run", *options, "--dry-run", "--json", "--", "true").out)

    def remember_template(self, *options):
        if "--engine" not in options:
            self.templates.add(self.plan(*options)["template"])

    def drop_templates(self):
        if ENGINE == "sqlite":
            return
        for name in self.templates:
            if ENGINE == "postgres" and self.exists(name):
                self.on_server(f"ALTER DATABASE {name} IS_TEMPLATE false")
            self.on_server(f"DROP DATABASE IF EXISTS {name}")
            if ENGINE == "mysql":
                self.on_server(f"DELETE FROM seedbed_server.seedbed_databases WHERE schema_name = '{name}'")

    def on_server(self, sql):
        return self.project._client(server_url(ENGINE), sql)

    def exists(self, name):
        if ENGINE == "sqlite":
            return pathlib.Path(name).exists()
        return self.project.is_on_server(name)

    @staticmethod
    def database_of(url):
        path = urllib.parse.unquote(urllib.parse.urlsplit(url).path)
        return path[1:] if ENGINE != "sqlite" else path

    def names_told(self):
        told = self.environment_told()
        return [self.database_of(told[name]) for name in sorted(told)
                if name.removeprefix("DATABASE_URL_").isdigit()]

    def rows(self, url, table, code=0):
        if ENGINE == "sqlite":
            url = url.replace("sqlite:////", "sqlite:/")
        tables = self.project.json("schema", "show", "--rows", "--database", url, code=code)["tables"]
        return {found["name"]: found["rows"] for found in tables}.get(table)


class Databases(Runs):
    def test_are_filled_and_gone_afterwards(self):
        program = (f"import subprocess; seen = subprocess.run([{BINARY!r}, 'schema', 'show', '--rows', '--json', "
                   "'--database', os.environ['DATABASE_URL_2']], check=True); print('own output')")
        result = self.run_program(program, "--workers", "3", "--scenario", "small")

        self.assertTrue(result.out.endswith("own output\n"))
        tables = {table["name"]: table["rows"] for table in json.loads(result.out[:-len("own output\n")])["tables"]}
        self.assertEqual((tables["users"], tables["orders"]), (21, 45))
        told = self.environment_told()
        self.assertEqual(told["DATABASE_URL"], told["DATABASE_URL_0"])
        self.assertNotIn("DATABASE_URL_3", told)
        names = self.names_told()
        self.assertEqual(len(set(names)), 3)
        self.assertEqual([self.exists(name) for name in names], [False] * 3)

    def test_are_found_by_the_usual_clients(self):
        clients = {
            "sqlite": "import sqlite3; db = sqlite3.connect(os.environ['DATABASE_PATH']); "
                      "print(db.execute('SELECT count(*) FROM users').fetchone()[0])",
            "postgres": "os.execvp('psql', ['psql', '-XAtc', 'SELECT count(*) FROM users'])",
            "mysql": "os.execvp('mariadb', ['mariadb', '--no-defaults', '-u' + os.environ['MYSQL_USER'], "
                     "os.environ['MYSQL_DATABASE'], '-NBe', 'SELECT count(*) FROM users'])"}
        result = self.run_program("sys.stdout.flush(); " + clients[ENGINE], PGDATABASE="elsewhere",
                                  MYSQL_HOST="elsewhere.invalid", DATABASE_URL_7="stale")
        self.assertEqual(result.out, "21\n")
        self.assertNotIn("DATABASE_URL_7", self.environment_told())

    def test_are_seedbeds_own_database_for_the_program(self):
        program = (f"import subprocess; subprocess.run([{BINARY!r}, 'clean', '--quiet'], check=True); "
                   f"subprocess.run([{BINARY!r}, 'create', 'user', '--quiet'], check=True)")
        self.run_program(program)
        self.project.fails("schema", "show", code=3, message="")  # the project's own was never made

    def test_belong_to_one_worker_each(self):
        program = f"""
import subprocess
work = '{BINARY} create user --count $((N + 1)) --quiet --database $U && ' \\
       '{BINARY} schema show --rows --json --database $U'
url = lambda n: os.environ[f'DATABASE_URL_{{n}}']
workers = [subprocess.Popen(['sh', '-c', work], text=True, stdout=subprocess.PIPE,
                            env=dict(os.environ, N=str(n), U=url(n))) for n in range(8)]
shown = [json.loads(worker.communicate()[0])['tables'] for worker in workers]
print(json.dumps([table['rows'] for tables in shown for table in tables if table['name'] == 'users']))
"""
        result = self.run_program(program, "--workers", "8", "--empty")
        self.assertEqual(json.loads(result.out), [1, 2, 3, 4, 5, 6, 7, 8])

    def test_stay_when_they_are_kept(self):
        result = self.run_program("", "--keep")
        url = self.environment_told()["DATABASE_URL"]
        self.assertIn("kept: seedbed schema show --database", result.err)
        password = urllib.parse.urlsplit(self.project.url).password
        if password:
            self.assertNotIn(password, result.err)

        self.run_program("")

        self.assertEqual(self.rows(url, "users"), 21)
        if ENGINE != "sqlite":
            self.on_server(f"DROP DATABASE {self.database_of(url)}")

    def test_come_from_another_template_when_a_file_changes(self):
        templates = [self.plan("--scenario", "small")["template"]]
        factories = self.project.directory / "factories/shop.yaml"
        factories.write_text(factories.read_text(encoding="utf-8").replace("stock: =5", "stock: =6"), encoding="utf-8")
        templates.append(self.plan("--scenario", "small")["template"])
        templates.append(self.plan("--scenario", "demo")["template"])
        empty = self.plan("--empty")["template"]
        templates.append(empty)
        migration = self.project.directory / "migrations/0003_more.up.sql"
        migration.write_text("CREATE TABLE more (a INT);\n", encoding="utf-8")
        templates.append(self.plan("--empty")["template"])
        self.assertEqual(len(set(templates)), 5)
        migration.unlink()
        self.assertEqual(self.plan("--empty")["template"], empty)

    def test_come_from_a_snapshot(self):
        self.project.run("load", "user=3")
        self.project.run("snapshot", "save", "three")
        self.run_program(f"import subprocess; subprocess.run([{BINARY!r}, 'schema', 'show', '--rows'], check=True)",
                         "--snapshot", "three", "--keep")
        url = self.environment_told()["DATABASE_URL"]
        self.assertEqual(self.rows(url, "users"), 3)
        if ENGINE != "sqlite":
            self.on_server(f"DROP DATABASE {self.database_of(url)}")

    def test_share_one_template_that_racing_runs_build(self):
        self.remember_template()
        self.assertFalse(self.plan()["template_ready"])
        racers = [self.project.start("run", "--", "true", env=self.environment()) for _ in range(4)]
        for racer in racers:
            _, err = racer.communicate(timeout=120)
            self.assertEqual((racer.returncode, err), (0, ""))
        self.assertTrue(self.plan()["template_ready"])

    def test_need_no_project(self):
        outside = tempfile.mkdtemp(prefix="seedbed-outside-")
        self.addCleanup(shutil.rmtree, outside)
        program = (f"import subprocess; "
                   f"subprocess.run([{BINARY!r}, 'clean', '--database', os.environ['DATABASE_URL']], check=True)")
        result = self.project.run("run", "--", sys.executable, "-c", TELL + program, str(self.told), cwd=outside,
                                  env=self.environment())
        self.assertEqual(result.err, "")


class Programs(Runs):
    def test_pass_their_exit_status_on(self):
        self.run_program("sys.exit(7)", code=7)
        self.run_program("os.kill(os.getpid(), 9)", code=137)
        self.assertEqual([self.exists(name) for name in self.names_told()], [False])
        self.assertIn("no program 'no-such-program'",
                      self.run_tool("run", "--empty", "--", "no-such-program", code=127).err)
        self.assertIn("/etc/passwd", self.run_tool("run", "--empty", "--", "/etc/passwd", code=126).err)
        self.templates.add(self.plan("--empty")["template"])

    def test_get_the_signals_that_seedbed_gets(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            process = self.start_program(
                "import signal, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(5)); "
                "signal.signal(signal.SIGINT, lambda *_: sys.exit(6)); "
                "open(sys.argv[1] + '.ready', 'w'); time.sleep(60)")
            self.assertTrue(until(pathlib.Path(f"{self.told}.ready").exists))
            process.send_signal(number)
            process.communicate(timeout=30)
            self.assertEqual(process.returncode, 5 if number == signal.SIGTERM else 6)
            self.assertEqual([self.exists(name) for name in self.names_told()], [False])
            pathlib.Path(f"{self.told}.ready").unlink()

    def test_end_with_a_killed_seedbed_whose_databases_the_next_run_removes(self):
        process = self.start_program("import time; time.sleep(60)", "--workers", "2")
        names = self.names_told()
        other = self.start_program("import time; time.sleep(60)")
        living = self.names_told()
        process.kill()
        process.communicate()
        self.assertEqual([self.exists(name) for name in names + living], [True] * 3)

        self.assertTrue(until(lambda: self.run_tool("run", "--", "true") and not any(map(self.exists, names))))

        self.assertEqual([self.exists(name) for name in living], [True])
        other.terminate()
        other.communicate(timeout=30)
        self.assertEqual([self.exists(name) for name in living], [False])

    def test_are_ended_when_seedbed_is_killed(self):
        process = self.start_program("import time; time.sleep(60)")
        pid = int(self.environment_told()["PID"])
        process.kill()
        process.communicate()
        self.assertTrue(until(lambda: not is_running(pid)))


class Failures(Runs):
    def test_leave_nothing_behind(self):
        (self.project.directory / "migrations/0003_broken.up.sql").write_text(
            "CREATE TABLE extra (id integer);\nCREATE TABLE extra (id integer);\n", encoding="utf-8")
        name = self.plan("--empty")["template"]
        self.assertIn("0003_broken.up.sql", self.run_tool("run", "--empty", "--", "true", code=2).err)
        self.assertFalse(self.plan("--empty")["template_ready"])
        if ENGINE == "sqlite":
            self.assertEqual(list(self.temporary.glob("seedbed-*/*")), [])
        else:
            self.assertFalse(self.exists(name))

    def test_in_the_middle_of_a_template_are_cleaned_up(self):
        slow = {"sqlite": "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) "
                          "SELECT count(*) FROM r WHERE n < 1;\n",
                "postgres": "SELECT pg_sleep(600);\n", "mysql": "DO SLEEP(20);\n"}
        migration = self.project.directory / "migrations/0003_slow.up.sql"
        migration.write_text(slow[ENGINE], encoding="utf-8")
        name = self.plan("--empty")["template"]
        if ENGINE == "sqlite":
            name = str(self.temporary / f"seedbed-{os.geteuid()}" / f"{name}.db")
        process = self.project.start("run", "--empty", "--", "true", env=self.environment())
        self.assertTrue(until(lambda: self.exists(name)))
        process.kill()
        process.communicate()
        self.assertTrue(self.exists(name))
        migration.unlink()

        self.assertTrue(until(lambda: self.run_program("", "--empty") and not self.exists(name)))

        if ENGINE == "sqlite":
            self.assertEqual([file for file in self.temporary.glob("seedbed-*/*.lock")], [])

    def test_are_told_before_anything_is_made(self):
        for arguments, code, message in (
                (["--", "true", "--workers", "x"], 0, ""),
                (["--workers", "0", "--", "true"], 2, "--workers"),
                (["--workers", "5000", "--", "true"], 2, "1000"),
                (["--engine", "postgre", "--", "true"], 2, "did you mean 'postgres'?"),
                (["--scenario", "smal", "--", "true"], 3, "did you mean 'small'?"),
                (["--snapshot", "nothing", "--", "true"], 3, "nothing"),
                (["--scenario", "small", "--empty", "--", "true"], 2, "--empty"),
                (["--empty"], 2, "COMMAND is missing"),
                (["true", "--", "true"], 2, "in front of '--'")):
            self.assertIn(message, self.run_tool("run", *arguments, code=code).err)
        self.templates.add(self.plan()["template"])

    def test_name_a_directory_that_cannot_be_written(self):
        if ENGINE != "sqlite":
            self.skipTest("files are SQLite's")
        for directory in ("/proc", "/no/such/place"):
            self.assertIn("TMPDIR", self.run_tool("run", "--", "true", code=8, TMPDIR=directory).err)
        (self.temporary / f"seedbed-{os.geteuid()}").symlink_to("/etc")
        self.assertIn("only this user may enter", self.run_tool("run", "--", "true", code=7).err)


class PrivateServers(Runs):
    def setUp(self):
        super().setUp()
        if ENGINE == "sqlite":
            self.skipTest("SQLite needs no server")

    def servers(self):
        return list(self.temporary.glob("seedbed-server-*"))

    def server_processes(self):
        mine = str(self.temporary).encode()
        found = []
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                command = path.read_bytes()
            except OSError:
                continue
            if mine in command and (b"postgres" in command or b"mariadbd" in command) and b"run\0" not in command:
                found.append(int(path.parent.name))
        return found

    def test_serve_one_run_and_are_gone(self):
        clients = {"postgres": "os.execvp('psql', ['psql', '-XAtc', 'SELECT count(*) FROM users'])",
                   "mysql": "os.execvp('mariadb', ['mariadb', '--no-defaults', '-u' + os.environ['MYSQL_USER'], "
                            "os.environ['MYSQL_DATABASE'], '-NBe', 'SELECT count(*) FROM users'])"}
        result = self.run_program("sys.stdout.flush(); " + clients[ENGINE], "--engine", ENGINE, "--workers", "2")
        self.assertEqual(result.out, "21\n")
        told = self.environment_told()
        self.assertTrue(told["DATABASE_URL_1"].startswith(f"{'postgresql' if ENGINE == 'postgres' else 'mysql'}://seedbed:"))
        self.assertEqual(self.servers(), [])
        self.assertEqual(self.server_processes(), [])
        self.assertEqual(list(self.temporary.glob("seedbed-*/*")), [])

    def test_end_with_a_killed_seedbed(self):
        process = self.start_program("import time; time.sleep(60)", "--engine", ENGINE, "--empty")
        self.assertGreater(len(self.server_processes()), 0)
        process.kill()
        process.communicate()
        self.assertTrue(until(lambda: not self.server_processes()))
        self.assertEqual(len(self.servers()), 1)

        self.run_program("", "--engine", ENGINE, "--empty")

        self.assertEqual(self.servers(), [])
        self.assertEqual(list(self.temporary.glob("seedbed-*/*")), [])

    def test_cannot_be_kept_or_be_another_engines(self):
        self.assertIn("--keep", self.run_tool("run", "--engine", ENGINE, "--keep", "--", "true", code=2).err)
        other = "mysql" if ENGINE == "postgres" else "postgres"
        result = self.run_tool("run", "--engine", other, "--database", self.project.url, "--", "true", code=2)
        self.assertIn("different engines", result.err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
