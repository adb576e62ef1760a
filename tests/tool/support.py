"""Runs the built `seedbed` in a copy of the shop project, against a database of its own."""
import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ["SEEDBED_BINARY"]
ENGINES = ("sqlite", "postgres", "mysql")
SERVER_VARIABLES = {"postgres": "SEEDBED_TEST_POSTGRES_URL", "mysql": "SEEDBED_TEST_MYSQL_URL"}
SHOP_TABLES = ("users", "addresses", "categories", "products", "carts", "cart_items", "orders",
               "order_items", "payments", "audit_log")


def server_url(engine):
    """The server's URL, or a skipped test; a failure where the server is required."""
    url = os.environ.get(SERVER_VARIABLES[engine], "")
    if not url:
        if engine in os.environ.get("SEEDBED_TEST_REQUIRE", "").split(","):
            raise AssertionError(f"{SERVER_VARIABLES[engine]} is not set, but {engine} is required")
        raise unittest.SkipTest(f"no server for {engine}: run tools/test")
    return url


def until(condition, seconds=30):
    """Waits for something that another process does."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


class Result:
    def __init__(self, process):
        self.code = process.returncode
        self.out = process.stdout
        self.err = process.stderr

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def error(self):
        return json.loads(self.err)["error"]


class Project:
    """A copy of the shop project in a temporary directory, with a database that is not there yet."""

    def __init__(self, test, engine):
        self.test = test
        self.engine = engine
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="seedbed-tool-"))
        test.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        for name in ("migrations", "factories"):
            shutil.copytree(ROOT / name, self.directory / name)
        shutil.copy(ROOT / "seedbed.yaml", self.directory)
        (self.directory / "build").mkdir()
        if engine == "sqlite":
            self.url = f"sqlite:{self.directory}/build/shop.db"
        else:
            self.url = self._on_server(server_url(engine), f"sbtool_{uuid.uuid4().hex[:12]}")
            test.addCleanup(self._drop)

    @staticmethod
    def _on_server(url, database):
        return urllib.parse.urlsplit(url)._replace(path=f"/{database}").geturl()

    def redacted_url(self):
        """As messages show it."""
        user, colon, rest = self.url.partition("@")[0].rpartition(":")
        return self.url.replace(f":{rest}@", ":***@") if "://" in user else self.url

    def _drop(self):
        name = urllib.parse.urlsplit(self.url).path[1:]
        with contextlib.suppress(subprocess.CalledProcessError):
            self._client(server_url(self.engine), f"DROP DATABASE IF EXISTS {name}")

    def is_on_server(self, database):
        column = "pg_database WHERE datname" if self.engine == "postgres" else \
            "information_schema.schemata WHERE schema_name"
        return self._client(server_url(self.engine), f"SELECT count(*) FROM {column} = '{database}'") == "1"

    def environment(self):
        environment = dict(os.environ, TZ="Asia/Kathmandu", SEEDBED_DATABASE=self.url,
                           TMPDIR=str(self.directory))
        environment.pop("NO_COLOR", None)
        return environment

    def start(self, *arguments, **options):
        """The process, for those that watch it run."""
        return subprocess.Popen([BINARY, *arguments], cwd=options.pop("cwd", self.directory),
                                env=options.pop("env", self.environment()), text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **options)

    def run(self, *arguments, code=0, **options):
        """Runs the tool and expects its exit code; None: any."""
        process = self.start(*arguments, **options)
        process.stdout, process.stderr = process.communicate(timeout=120)
        result = Result(process)
        if code is not None:
            self.test.assertEqual(result.code, code, f"seedbed {' '.join(arguments)}\n{result.out}{result.err}")
        return result

    def json(self, *arguments, code=0):
        """The one document that the tool prints with --json."""
        result = self.run(*arguments, "--json", code=code)
        self.test.assertEqual(result.err, "")
        return result.json

    def fails(self, *arguments, code, message, **options):
        """The tool fails with this code, says `message`, and never the password."""
        result = self.run(*arguments, code=code, **options)
        self.test.assertIn(message, result.err)
        password = urllib.parse.urlsplit(self.url).password
        if password and len(password) > 8:
            self.test.assertNotIn(password, result.out + result.err)
        return result

    def query(self, sql):
        """The rows of a query by the engine's own client, as text."""
        return self._client(self.url, sql)

    def _client(self, url, sql):
        if self.engine == "sqlite":
            with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:"))) as connection:
                rows = connection.execute(sql).fetchall()
                connection.commit()
            return "\n".join("\t".join(str(cell) for cell in row) for row in rows)
        command = [*self.client_command(url), "-c" if self.engine == "postgres" else "-e", sql]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        if done.returncode != 0:
            self.test.fail(f"{sql}: {done.stderr}")
        return done.stdout.rstrip("\n")

    def client_command(self, url):
        """The server's own client, which executes what it reads."""
        if self.engine == "postgres":
            return ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", url]
        parts = urllib.parse.urlsplit(url)
        return ["mariadb", "--no-defaults", f"-h{parts.hostname}", f"-P{parts.port}", f"-u{parts.username}",
                f"-p{parts.password or ''}", "-N", "-B", parts.path[1:]]

    def count(self, table):
        return int(self.query(f"SELECT count(*) FROM {table}"))

    def counts(self):
        return {table: self.count(table) for table in SHOP_TABLES}

    def contents(self):
        """Every cell of every table, as the engine's client prints it."""
        return {table: self.query(f"SELECT * FROM {table} ORDER BY 1, 2") for table in SHOP_TABLES}
