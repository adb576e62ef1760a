"""Rows, cells and plans explained, and factories checked, on the engine that SEEDBED_TEST_ENGINE names."""
import os
import unittest

from support import Project

ENGINE = os.environ.get("SEEDBED_TEST_ENGINE", "sqlite")


class Insight(unittest.TestCase):
    def setUp(self):
        self.project = Project(self, ENGINE)

    def migrated(self):
        self.project.run("migrate", "up")
        return self.project

    def edit_factories(self, old, new):
        file = self.project.directory / "factories/shop.yaml"
        text = file.read_text(encoding="utf-8")
        self.assertIn(old, text)
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def test_shows_the_row_that_a_load_makes(self):
        project = self.project
        without = project.json("row", "users", "17")["rows"][0]
        self.assertEqual(without["origins"]["name"]["where"], "factories/shop.yaml:8:7")
        self.assertEqual(without["origins"]["id"]["rule"], "database")

        project.run("load", "user=20")
        self.assertEqual(project.json("row", "users", "17")["rows"][0]["values"], without["values"])
        email = without["values"]["email"]
        self.assertEqual(project.query(f"SELECT name FROM users WHERE email = '{email}'"),
                         without["values"]["name"])
        self.assertEqual([row["row"] for row in project.json("row", "user", "17..20")["rows"]],
                         [17, 18, 19, 20])
        self.assertIn("=full_name()", project.run("row", "users", "17").out)
        ada = project.json("row", "user", "3", "dormant", "--set", "name=Ada")["rows"][0]
        self.assertEqual(ada["values"]["email"], "ada.3@example.com")
        project.fails("row", "usr", "1", code=3, message="did you mean 'user'?")
        project.fails("row", "user", "x", code=2, message="'x' is no row number")

    def test_explains_a_value_down_to_its_draws(self):
        project = self.project
        email = project.json("explain", "users.email", "17")
        self.assertEqual(email["origin"]["expression"], "{slug(name)}.{n}@example.com")
        self.assertEqual(email["origin"]["where"], "factories/shop.yaml:9:7")
        self.assertEqual([read["name"] for read in email["reads"]], ["name", "n"])

        name = project.json("explain", "users.name", "17")
        self.assertEqual(name["draws"][0]["what"], "full_name")
        self.assertEqual(name["draws"][0]["result"], name["value"])
        text = project.run("explain", "users.name", "17").out
        for shown in (name["value"], name["draws"][0]["key"], name["draws"][0]["numbers"][0]):
            self.assertIn(shown, text)
        project.fails("explain", "users.emial", "1", code=3, message="did you mean 'email'?")
        project.fails("explain", "users", "1", code=2, message="FACTORY.COLUMN")

    def test_finds_the_row_of_a_value(self):
        project = self.project
        email = project.json("explain", "users.email", "14983837")["value"]
        self.assertEqual(project.json("find", "users.email", email)["rows"],
                         [{"table": "users", "row": 14983837, "factory": "user"}])
        self.assertEqual(project.json("find", "users.email", "nobody.1@example.com", code=1)["rows"], [])
        name = project.json("explain", "users.name", "40")["value"]
        project.fails("find", "users.name", name, code=6, message="--rows")
        rows = project.json("find", "users.name", name, "--rows", "1..50")["rows"]
        self.assertIn(40, [row["row"] for row in rows])

    def test_keeps_the_schema_for_work_without_a_database(self):
        project = self.migrated()
        project.run("schema", "show", "--save")
        file = project.directory / "factories/schema.json"
        saved = file.read_text(encoding="utf-8")
        project.run("schema", "show", "--save")
        self.assertEqual(file.read_text(encoding="utf-8"), saved)
        self.assertEqual(project.json("check")["findings"], [])
        with_database = project.json("build", "order", "paid")["records"][0]["values"]

        nowhere = dict(project.environment(), SEEDBED_DATABASE=f"sqlite:{project.directory}/none.db")
        for migration in (project.directory / "migrations").rglob("*.sql"):
            migration.unlink()
        import json
        built = json.loads(project.run("build", "order", "paid", "--json", env=nowhere).out)
        self.assertEqual(built["records"][0]["values"], with_database)
        file.write_text(saved.replace('"columns"', '"colums"', 1), encoding="utf-8")
        project.fails("build", "order", code=2, message="did you mean 'columns'?", env=nowhere)
        file.unlink()
        project.fails("build", "order", code=3, message="no", env=nowhere)

    def test_shows_what_a_call_would_make_and_why(self):
        project = self.migrated()
        plan = project.json("create", "order", "paid", "--has", "items=2", "--plan")
        nodes = {node["relation"]: node for node in plan["plan"]["nodes"]}
        self.assertEqual(nodes["customer"]["use"], "above")
        self.assertIn("orders.customer_id may not be NULL", nodes["customer"]["reason"])
        self.assertEqual(nodes["payment"]["where"].split(":")[0], "factories/shop.yaml")
        self.assertEqual({table["table"]: table["rows"] for table in plan["tables"]}["order_items"], 2)
        self.assertIn("payment: 1 row of payments", project.run("create", "order", "paid", "--plan").out)
        self.assertEqual(sum(project.counts().values()), 0)

    def test_lints_without_leaving_a_row(self):
        project = self.migrated()
        project.run("load", "small")
        before = project.contents()
        own = {"sqlite": "seedbed_rows", "postgres": "seedbed.seedbed_rows", "mysql": "seedbed_rows"}[ENGINE]
        numbers = project.query(f"SELECT table_name, next_row FROM {own} ORDER BY 1")
        report = project.json("lint", "--pairs")
        self.assertEqual(report["findings"], [])
        self.assertGreater(report["combinations"], 50)
        self.assertEqual(project.contents(), before)
        self.assertEqual(project.query(f"SELECT table_name, next_row FROM {own} ORDER BY 1"), numbers)

        self.edit_factories("stock: 0 }", "stock: -1 }")
        self.edit_factories("=weighted(billing=1, shipping=3)", "=weighted(billing=1, home=3)")
        self.edit_factories("dormant: { set: {", "idle: { params: {} }\n      dormant: { set: {")
        report = project.json("lint", code=1)
        found = [(finding["kind"], finding["factory"], finding["traits"]) for finding in report["findings"]]
        self.assertIn(("failure", "product", ["sold_out"]), found)
        self.assertIn(("dead trait", "user", ["idle"]), found)
        self.assertTrue(any("not 'home'" in finding["message"] for finding in report["findings"]))
        self.assertIn("factories/shop.yaml:", project.run("lint", code=1).out)
        self.assertEqual(project.json("lint", "category")["findings"], [])

    def test_lints_only_databases_that_are_marked(self):
        project = self.migrated()
        unmark = {"sqlite": "DROP TABLE seedbed_mark", "postgres": "DROP TABLE seedbed.seedbed_mark",
                  "mysql": "DROP TABLE seedbed_mark"}[ENGINE]
        project.query(unmark)
        project.fails("lint", code=7, message="adopt")

    def test_tells_which_cells_an_edit_changes(self):
        project = self.project
        old = project.directory / "old.yaml"
        old.write_text((project.directory / "factories/shop.yaml").read_text(encoding="utf-8"),
                       encoding="utf-8")
        same = project.json("factories", "diff", "old.yaml", "factories")
        self.assertFalse(same["differs"])

        self.edit_factories("price: =price(5, 250)", "price: =price(5, 300)")
        changed = project.json("factories", "diff", "old.yaml", "factories", code=1)["columns"]
        columns = {(column["factory"], column["column"]): column for column in changed
                   if column["change"] != "unchanged"}
        self.assertEqual(columns[("product", "price")]["change"], "changed")
        self.assertEqual(columns[("product", "price")]["row"], 1)
        self.assertNotIn(("product", "stock"), columns)
        self.assertIn("changed", project.run("factories", "diff", "old.yaml", "factories", code=1).out)
        project.fails("factories", "diff", "none.yaml", "factories", code=3, message="none.yaml")

    def test_checks_everything_at_once(self):
        project = self.project
        self.edit_factories("newsletter: false", "newslettr: false")
        self.edit_factories("refs: { parent: {", "refs: { parnt: {")
        self.edit_factories("role: =weighted(customer=95, staff=4, admin=1)", "role: =weigted(a=1)")
        # Of the language, of another file, and of what that file does not spell right.
        (project.directory / "factories/more.yaml").write_text(
            "version: 1\nfactories:\n  tag: { table: tags, sett: { name: x } }\n"
            "  lot: { table: products, set: { nme: =uper('x'), price: =1 + } }\n", encoding="utf-8")
        findings = project.json("check", code=1)["findings"]
        for text in ("did you mean 'newsletter'?", "did you mean 'parent'?", "did you mean 'weighted'?",
                     "did you mean 'set'?", "did you mean 'name'?"):
            self.assertTrue(any(text in finding["message"] for finding in findings), text)
        self.assertTrue(all(":" in finding["where"] for finding in findings), findings)


if __name__ == "__main__":
    unittest.main(verbosity=2)
