"""Headers of `seedbed schema cpp` compile, on the engine that SEEDBED_TEST_ENGINE names."""
import os
import pathlib
import shutil
import subprocess
import unittest

from support import ROOT, Project

ENGINE = os.environ.get("SEEDBED_TEST_ENGINE", "sqlite")
COMPILER = os.environ["SEEDBED_CXX"]

SHOP = """
const std::vector<seedbed::Setting> settings{{shop::orders::number, "ORD-1"},
                                             {shop::orders::customer / shop::users::name, "Ada"}};
static_assert(std::is_same_v<decltype(shop::users::Row::id), std::int64_t>);
static_assert(std::is_same_v<decltype(shop::users::Row::last_seen_at), std::optional<std::string>>);
static_assert(std::is_same_v<decltype(shop::products::Row::price), std::string>);
shop::users::Row read(const seedbed::Record& record) { return record.as<shop::users::Row>(); }
"""
ODD = """
const std::vector<seedbed::Setting> settings{{odd::n2fa_codes::a_b_2, 1}, {odd::n2fa_codes::n1st, "x"},
    {odd::n2fa_codes::class_ / odd::class_::operator_, "y"}, {odd::std_::template_, 2}};
odd::n2fa_codes::Row read(const seedbed::Record& record) { return record.as<odd::n2fa_codes::Row>(); }
"""


class SchemaCpp(unittest.TestCase):
    def compiles(self, header, body, code=0):
        program = header.with_suffix(".cpp")
        program.write_text(f'#include "{header.name}"\n#include <vector>\n'
                           '#include "seedbed/factories/session.hpp"\n'
                           f"using namespace std;\nusing namespace seedbed;\n{body}", encoding="utf-8")
        done = subprocess.run([COMPILER, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wshadow",
                               "-Wpedantic", "-Werror", f"-I{ROOT}/src", str(program)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode != 0, code != 0, done.stderr)
        return done.stderr

    def test_the_shop(self):
        project = Project(self, ENGINE)
        project.run("migrate", "up")
        header = project.directory / "shop.hpp"
        written = project.json("schema", "cpp", "--namespace", "shop", "--out", str(header))
        self.assertEqual(written, {"written": str(header), "changed": True})
        self.compiles(header, SHOP)
        error = self.compiles(header, "auto gone = shop::users::nickname;", code=1)
        self.assertIn("nickname", error)

        text = header.read_text(encoding="utf-8")
        again = project.run("schema", "cpp", "--namespace", "shop", "--out", str(header))
        self.assertIn("is up to date", again.out)
        self.assertEqual(project.run("schema", "cpp", "--namespace", "shop").out, text)
        self.assertEqual(project.json("schema", "cpp", "--namespace", "shop")["header"], text)

    def test_odd_names(self):
        project = Project(self, ENGINE)
        odd = pathlib.Path(__file__).parent / "data/odd_names"
        shutil.rmtree(project.directory / "migrations")
        shutil.copytree(odd / "migrations", project.directory / "migrations")
        project.run("migrate", "up")
        header = project.directory / "odd.hpp"
        project.run("schema", "cpp", "--namespace", "odd", "--out", str(header))
        self.compiles(header, ODD)

    def test_refuses_what_is_no_namespace(self):
        project = Project(self, ENGINE)
        project.run("migrate", "up")
        project.fails("schema", "cpp", "--namespace", "my shop", code=2,
                      message="'my shop' is no namespace of C++")


if __name__ == "__main__":
    unittest.main(verbosity=2)
