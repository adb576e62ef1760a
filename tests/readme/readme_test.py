"""Keeps README.md true: its program is the one that is built, and its tour runs line by line."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BINARY = pathlib.Path(os.environ["SEEDBED_BINARY"])
EXAMPLE = os.environ["SEEDBED_README_EXAMPLE"]


def section(title):
    return re.search(rf"^## {title}\n(.*?)(?=^## )", README, re.MULTILINE | re.DOTALL)[1]


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


class Readme(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="seedbed-readme-"))
        self.addCleanup(shutil.rmtree, self.directory)
        for name in ("migrations", "factories"):
            shutil.copytree(ROOT / name, self.directory / name)
        shutil.copy(ROOT / "seedbed.yaml", self.directory)
        self.environment = dict(os.environ, TMPDIR=str(self.directory))
        self.environment.pop("SEEDBED_DATABASE", None)

    def run_here(self, *command):
        done = subprocess.run(command, cwd=self.directory, env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_the_tour_runs_as_it_is_written(self):
        programs = self.directory / "build/release"
        programs.mkdir(parents=True)
        (programs / "bin").symlink_to(BINARY.parent)
        tour = "".join(blocks(section("A five-minute tour"), "sh"))
        self.assertGreater(tour.count("seedbed "), 10)
        shown = self.run_here("bash", "-e", "-c", tour)
        self.assertIn("name Ada", shown)

    def test_the_program_is_the_one_that_is_built(self):
        program = (ROOT / "tests/readme/shop_test.cpp").read_text(encoding="utf-8")
        self.assertEqual(blocks(section(r"In C\+\+"), "cpp"), [program])

    def test_the_program_passes_and_leaves_no_rows(self):
        self.run_here(EXAMPLE)
        shown = self.run_here(str(BINARY), "schema", "show", "--rows", "--json")
        self.assertNotRegex(shown, r'"rows": [1-9]')


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
