"""The help pages: every command has an example, and the example works in the shop project."""
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

from support import BINARY, Project

# What the examples of some commands need to find; the other commands come in the order of the overview.
BEFORE = {
    "check certificate": [["load", "small", "--certify", "build/small.json"]],
    "adopt": [["migrate", "up"]],
    "snapshot restore": [["snapshot", "save", "demo", "--replace"]],
    "snapshot show": [["snapshot", "save", "demo", "--replace"]],
    "baseline status": [["baseline", "mark"]],
    "baseline remove": [["baseline", "mark"]],
    "reset": [["baseline", "mark"]],
}


def output_of(*arguments):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, check=True).stdout


def commands():
    return re.findall(r"^  ((?:[a-z]+ )?[a-z]+)  +\S", output_of("--help"), re.MULTILINE)


class Help(unittest.TestCase):
    def test_lists_the_commands(self):
        self.assertIn("snapshot save", commands())
        self.assertGreaterEqual(len(commands()), 20)
        self.assertEqual(output_of("--help"), output_of("help"))
        self.assertIn("migrate status", output_of("migrate"))

    def test_shows_the_version(self):
        self.assertRegex(output_of("--version"), r"^seedbed \d+\.\d+\.\d+\n$")

    def test_every_example_works(self):
        for command in commands():
            with self.subTest(command):
                project = Project(self, "sqlite")
                example = re.search(r"^Example, in the shop project:\n  seedbed (.+)$",
                                    output_of(*command.split(), "--help"), re.MULTILINE)
                self.assertIsNotNone(example)
                words = shlex.split(example[1])
                self.assertEqual(" ".join(words[:len(command.split())]), command)
                if not command.startswith(("migrate", "load", "check")):
                    project.run("migrate", "up")
                for earlier in BEFORE.get(command, []):
                    project.run(*earlier)
                if command in ("migrate down", "migrate status"):
                    project.run("migrate", "up")
                project.run(*words)

    def test_reads_no_project(self):
        with tempfile.TemporaryDirectory() as directory:
            pathlib.Path(directory, "seedbed.yaml").write_text("[broken")
            for words in (["--version"], ["--help"], ["create", "--help"]):
                subprocess.run([BINARY, *words], cwd=directory, capture_output=True, check=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
