"""`seedbed wait`: until databases, ports and health pages answer."""
import contextlib
import http.server
import json
import signal
import socket
import sqlite3
import threading
import time
import unittest
import urllib.parse

from support import ENGINES, Project, server_url, until


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # pylint: disable=invalid-name
        self.server.asked.append((self.path, self.headers["Host"]))
        time.sleep(self.server.delay)
        self.send_response(self.server.statuses.pop(0) if len(self.server.statuses) > 1 else self.server.statuses[0])
        self.end_headers()

    def log_message(self, *_):
        pass


class Wait(unittest.TestCase):
    def setUp(self):
        self.project = Project(self, "sqlite")

    def listener(self, listens=True):
        """A socket with a port of its own; the port refuses connections until it listens."""
        found = socket.socket()
        self.addCleanup(found.close)
        found.bind(("127.0.0.1", 0))
        if listens:
            found.listen()
        return found, found.getsockname()[1]

    def pages(self, *statuses):
        server = http.server.HTTPServer(("127.0.0.1", 0), Pages)
        server.statuses, server.asked, server.delay = list(statuses), [], 0
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server, f"http://127.0.0.1:{server.server_port}"

    def test_ends_when_a_port_takes_connections(self):
        listening, port = self.listener(listens=False)
        started = time.monotonic()
        process = self.project.start("wait", f"tcp://127.0.0.1:{port}", "--json")
        time.sleep(0.3)
        self.assertIsNone(process.poll())
        listening.listen()
        out, err = process.communicate(timeout=30)
        self.assertEqual((process.returncode, err), (0, ""))
        self.assertTrue(0 < json.loads(out)["answered"][0]["seconds"] < time.monotonic() - started)

    def test_gives_up_in_time_and_says_why(self):
        _, port = self.listener(listens=False)
        started = time.monotonic()
        self.project.fails("wait", f"tcp://127.0.0.1:{port}", "--timeout", "0.4", code=8,
                           message=f"tcp://127.0.0.1:{port} does not answer within 0.4 s: cannot connect to "
                                   f"127.0.0.1:{port}: Connection refused")
        self.assertLess(time.monotonic() - started, 5)

    def test_waits_until_a_page_is_well(self):
        server, url = self.pages(503, 302, 204)
        self.project.run("wait", f"{url}/health?deep=1")
        self.assertEqual(server.asked, [("/health?deep=1", f"127.0.0.1:{server.server_port}")] * 3)

    def test_names_the_status_of_a_page_that_stays_ill(self):
        _, url = self.pages(500)
        self.project.fails("wait", url, "--timeout", "0.2", code=8, message="status 500")

    def test_lets_a_slow_page_say_its_status(self):
        server, url = self.pages(500)
        server.delay = 0.2
        self.project.fails("wait", url, "--timeout", "0.1", code=8, message="status 500")

    def test_gives_up_on_what_answers_nothing(self):
        _, port = self.listener()
        started = time.monotonic()
        self.project.fails("wait", f"http://127.0.0.1:{port}/", "--timeout", "0.5", code=8, message="no answer")
        self.assertLess(time.monotonic() - started, 5)

    def test_gives_up_on_what_speaks_another_language(self):
        listening, port = self.listener()

        def answer():
            with contextlib.suppress(OSError):
                while True:
                    other, _ = listening.accept()
                    other.sendall(b"220 mail ready\r\n")
                    other.close()
        threading.Thread(target=answer, daemon=True).start()
        self.project.fails("wait", f"http://127.0.0.1:{port}", "--timeout", "0.3", code=8, message="not")

    def test_waits_for_all_of_several(self):
        _, port = self.listener()
        _, url = self.pages(200)
        self.project.run("migrate", "up")
        answered = self.project.json("wait", f"tcp://localhost:{port}", url, "default")["answered"]
        self.assertEqual([found["target"] for found in answered][:2], [f"tcp://localhost:{port}", url])
        self.assertEqual([found["note"] for found in answered], [""] * 3)

    def test_waits_for_databases_of_every_engine(self):
        for engine in ENGINES:
            with self.subTest(engine):
                project = Project(self, engine)
                project.run("migrate", "up")
                found = project.json("wait", project.url, "--timeout", "20")["answered"][0]
                self.assertEqual((found["target"], found["note"]), (project.redacted_url(), ""))

    def test_takes_a_server_without_the_database_for_an_answer(self):
        for engine in ("postgres", "mysql"):
            with self.subTest(engine):
                server_url(engine)
                project = Project(self, engine)
                self.assertIn("no such database yet", project.run("wait", project.url).out)

    def test_waits_for_a_file_to_come(self):
        process = self.project.start("wait", self.project.url, "--timeout", "30")
        time.sleep(0.2)
        self.assertIsNone(process.poll())
        sqlite3.connect(self.project.url.removeprefix("sqlite:")).execute("CREATE TABLE t (a)").connection.close()
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0)

    def test_names_a_wrong_password_without_showing_it(self):
        for engine in ("postgres", "mysql"):
            with self.subTest(engine):
                parts = urllib.parse.urlsplit(server_url(engine))
                if parts.password is None:
                    self.skipTest("the server asks for no password")
                wrong = parts._replace(netloc=f"{parts.username}:s3cret-word@{parts.hostname}:{parts.port}").geturl()
                result = self.project.fails("wait", wrong, "--timeout", "0.3", code=8, message="password")
                self.assertNotIn("s3cret-word", result.err)

    def test_ends_at_once_when_interrupted(self):
        server, url = self.pages(503)
        process = self.project.start("wait", url)
        self.assertTrue(until(lambda: server.asked))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
        self.assertEqual(process.returncode, 130)

    def test_says_what_cannot_be_waited_for(self):
        for target, code, message in (
                ("tcp://127.0.0.1", 2, "the port is missing"),
                ("tcp://:80", 2, "the host is missing"),
                ("tcp://a:b", 2, "the port is not a number"),
                ("tcp://a:70000", 2, "from 1 to 65535"),
                ("tcp://a:80/path", 2, "has no path"),
                ("http://[::1", 2, "'[' is not closed"),
                ("http://user:s3cret-word@a/", 2, "no user"),
                ("http://a/b c", 2, "percent-encoded"),
                ("localhost:80", 2, "tcp://HOST:PORT"),
                ("https://a/", 6, "plain HTTP"),
                ("postgresq://a/b", 2, "did you mean 'postgresql'?"),
                ("defualt", 3, "did you mean 'default'?")):
            with self.subTest(target):
                result = self.project.fails("wait", target, code=code, message=message)
                self.assertNotIn("s3cret", result.err)
        for timeout in ("-1", "x", "1e9", "nan"):
            self.project.fails("wait", "default", f"--timeout={timeout}", code=2, message="--timeout")
        self.project.fails("wait", code=2, message="TARGET is missing")


if __name__ == "__main__":
    unittest.main(verbosity=2)
