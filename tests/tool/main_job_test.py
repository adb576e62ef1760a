"""The whole main job by the tool, on the engine that SEEDBED_TEST_ENGINE names."""
import os
import shutil
import unittest

from support import Project

ENGINE = os.environ.get("SEEDBED_TEST_ENGINE", "sqlite")
EMPTY = 0


class MainJob(unittest.TestCase):
    def setUp(self):
        self.project = Project(self, ENGINE)

    def migrated(self):
        self.project.run("migrate", "up")
        return self.project

    def loaded(self):
        self.project.run("load", "small")
        return self.project

    def test_migrates_a_missing_database_up_and_down(self):
        project = self.project
        project.fails("migrate", "status", code=3, message="seedbed migrate up")

        dry = project.json("migrate", "up", "--dry-run")
        self.assertEqual(dry, {"created": True, "dry_run": True,
                               "applied": ["0001_shop", "0002_newsletter"]})
        project.fails("migrate", "status", code=3, message="seedbed migrate up")

        first = project.json("migrate", "up", "--to", "1")
        self.assertEqual((first["created"], first["applied"]), (True, ["0001_shop"]))
        self.assertFalse(project.json("migrate", "status", code=1)["up_to_date"])

        self.assertEqual(project.json("migrate", "up")["applied"], ["0002_newsletter"])
        self.assertTrue(project.json("migrate", "status")["up_to_date"])
        self.assertEqual(project.json("migrate", "up")["applied"], [])

        self.assertEqual(project.json("migrate", "down", "--steps", "2")["undone"],
                         ["0002_newsletter", "0001_shop"])
        self.assertEqual(project.json("schema", "show")["tables"], [])

    def test_shows_the_schema(self):
        project = self.migrated()

        tables = {table["name"]: table for table in project.json("schema", "show", "--rows")["tables"]}
        self.assertEqual(len(tables), 10)
        self.assertEqual(tables["orders"]["foreign_keys"][0]["parent"], "users")
        self.assertEqual(tables["users"]["rows"], EMPTY)
        order = [table["name"] for table in project.json("schema", "graph")["tables"]]
        self.assertLess(order.index("products"), order.index("order_items"))
        self.assertIn("customer_id", project.run("schema", "show", "orders").out)

    def test_creates_records_with_overrides(self):
        project = self.migrated()

        sent = project.json("load", "order=2", "--constraints", "defer", "--dry-run")["statements"]
        self.assertIn("orders", [statement.get("table") for statement in sent])
        if ENGINE != "sqlite":  # where the shop has no indexes but those of its keys
            put_off, built = {"postgres": ("DROP", "ADD CONSTRAINT"), "mysql": ("_checks = 0", "_checks = 1")}[ENGINE]
            self.assertIn(put_off, sent[0]["sql"])
            self.assertIn(built, sent[-1]["sql"])
        self.assertEqual(project.count("orders"), 0)

        order = project.json("create", "order", "paid", "--set", "number=ORD-1",
                             "--set", "customer.name=Ada", "--has", "items=2")["records"][0]
        self.assertEqual(order["values"]["number"], "ORD-1")
        self.assertEqual(order["values"]["status"], "confirmed")
        self.assertEqual(len(order["children"]["items"]), 2)
        self.assertEqual(project.query("SELECT u.name FROM orders o JOIN users u ON u.id = o.customer_id"),
                         "Ada")
        self.assertEqual(project.count("order_items"), 2)
        self.assertEqual(project.query(
            "SELECT count(*) FROM orders o WHERE total <> (SELECT sum(quantity * unit_price)"
            " FROM order_items i WHERE i.order_id = o.id)"), "0")

        before = project.counts()
        plan = project.json("create", "order", "--dry-run")
        self.assertIn("orders", [statement["table"] for statement in plan["statements"]])
        project.json("build", "order", "paid", "--count", "3")
        self.assertEqual(project.counts(), before)

    def test_writes_parts_of_a_data_set_anywhere(self):
        project = self.project
        planned = project.json("load", "small", "--out", "whole", "--plan")
        self.assertEqual((planned["method"], "free" in planned), ("csv", True))
        self.assertFalse((project.directory / "whole").exists())
        whole = project.json("load", "small", "--out", "whole", "--certify", "whole.json")
        self.assertEqual([table["rows"] for table in planned["tables"]], [table["rows"] for table in whole["tables"]])
        self.assertEqual(len(list((project.directory / "whole").iterdir())), len(whole["tables"]))
        project.fails("load", "small", "--out", "whole", code=4, message="exists; remove it")
        orders = ("load", "small", "--tables", "orders", "--out", "-", "--format", "copy")
        halves = [project.run(*orders, "--shard", shard).out for shard in ("1/2", "2/2")]
        self.assertEqual(sorted("".join(halves).splitlines()),
                         sorted(project.run(*orders).out.splitlines()))
        project.fails("load", "small", "--out", "-", code=2, message="has room for one table")
        project.fails("load", "small", "--format", "sql", code=2, message="--out DIR")
        project.fails("load", "small", "--out", "whole", "--dry-run", code=2, message="--plan shows")
        project.fails("load", "small", "--shard", "3/2", code=2, message="write NUMBER/COUNT")
        project.fails("load", "small", "--shard", "2/3", code=5, message="in the order")

        certificates = []
        for table in [table["table"] for table in whole["tables"]]:
            certificates.append(f"{table}.json")
            project.run("load", "small", "--tables", table, "--certify", certificates[-1])
        self.assertTrue(project.json("check", "certificate", "whole.json")["equal"])
        self.assertTrue(project.json("check", "certificate", *certificates)["equal"])
        project.run("create", "order")
        self.assertFalse(project.json("check", "certificate", "whole.json", code=1)["equal"])

    def test_keeps_overrides_as_literals(self):
        project = self.migrated()

        for literal in ("=1+1", "{name}", "007", "NO", "' OR 1=1 --"):
            project.run("create", "user", "--set", f"name={literal}")
        self.assertEqual(project.query("SELECT name FROM users ORDER BY id").split("\n"),
                         ["=1+1", "{name}", "007", "NO", "' OR 1=1 --"])
        project.run("create", "user", "--set-expr", "name=upper('ada')")
        self.assertEqual(project.query("SELECT count(*) FROM users WHERE name = 'ADA'"), "1")

    def test_loads_a_scenario_into_a_missing_database(self):
        project = self.project
        run = project.json("load", "small")

        self.assertTrue(run["created"])
        rows = {table["table"]: table["rows"] for table in run["tables"]}
        self.assertEqual(rows["users"], 21)
        self.assertEqual(rows, {table: count for table, count in project.counts().items() if count})
        orphans = "SELECT count(*) FROM order_items i LEFT JOIN orders o ON o.id = i.order_id WHERE o.id IS NULL"
        self.assertEqual(project.query(orphans), "0")

        before = project.counts()
        preview = project.json("load", "user=5", "--plan")
        self.assertEqual(preview["method"], {"sqlite": "INSERT", "postgres": "COPY", "mysql": "LOAD DATA LOCAL"}[ENGINE])
        self.assertEqual([(table["table"], table["rows"]) for table in preview["tables"]], [("users", 5), ("addresses", 5)])
        self.assertGreater(preview["tables"][0]["bytes"], 5 * 8)
        self.assertGreater(preview["tables"][0]["index_bytes"], 5 * 8)
        self.assertEqual(preview["bytes"], sum(table["bytes"] + table["index_bytes"] for table in preview["tables"]))
        self.assertGreater(preview["memory"], 0)
        self.assertEqual("free" in preview, ENGINE == "sqlite")
        sent = project.json("load", "user=5", "--dry-run")["statements"]
        self.assertEqual([(statement["table"], statement["rows"]) for statement in sent], [("users", 5), ("addresses", 5)])
        self.assertTrue(sent[0]["sql"].startswith(
            {"sqlite": 'INSERT INTO "users" (', "postgres": 'COPY "public"."users" (', "mysql": "LOAD DATA LOCAL"}[ENGINE]))
        self.assertEqual(project.counts(), before)
        project.run("load", "user=5")
        self.assertEqual(project.count("users"), before["users"] + 5)

    def test_saves_and_restores_every_cell(self):
        project = self.loaded()
        before = project.contents()

        saved = project.json("snapshot", "save", "demo", "--label", "by=test")
        project.query("UPDATE orders SET total = 0")
        project.query("DELETE FROM payments")
        project.query("UPDATE users SET name = 'nobody'")
        self.assertNotEqual(project.contents(), before)
        project.run("snapshot", "restore", "demo", "--dry-run")
        self.assertNotEqual(project.contents(), before)

        project.run("snapshot", "restore", "demo")
        self.assertEqual(project.contents(), before)
        self.assertEqual(project.json("snapshot", "save", "again")["digest"], saved["digest"])
        listed = [snapshot["name"] for snapshot in project.json("snapshot", "list")["snapshots"]]
        self.assertEqual(listed, ["again", "demo"])
        self.assertEqual(project.json("snapshot", "show", "demo")["labels"], {"by": "test"})
        project.run("create", "order", "paid")

    def test_restores_into_another_database_and_goes_on_there(self):
        self.loaded().run("snapshot", "save", "demo")
        before = self.project.contents()
        other = Project(self, ENGINE)
        shutil.copytree(self.project.directory / "snapshots", other.directory / "snapshots")
        other.run("migrate", "up")

        other.run("snapshot", "restore", "demo")
        self.assertEqual(other.contents(), before)
        user = other.json("create", "user")["records"][0]
        self.assertEqual(user, self.project.json("create", "user")["records"][0])
        other.run("create", "order", "--set", "customer=@john")
        self.assertEqual(other.query("SELECT count(*) FROM users WHERE name = 'John Doe'"), "1")

    def test_cleans_by_every_strategy(self):
        project = self.loaded()
        before = project.contents()
        project.run("snapshot", "save", "demo")

        for strategy in ("auto", "delete", "truncate"):
            dry = project.json("clean", "--strategy", strategy, "--dry-run")
            self.assertTrue(dry["statements"])
            self.assertEqual(project.contents(), before)
            project.run("clean", "--strategy", strategy)
            self.assertEqual(set(project.counts().values()), {EMPTY})
            project.run("snapshot", "restore", "demo")
            self.assertEqual(project.contents(), before)
        project.fails("clean", "--keep", "order_items", code=4, message="order_items")

    def test_starts_from_the_first_row_after_cleaning(self):
        project = self.migrated()
        first = project.json("create", "user")["records"][0]
        project.run("clean")
        again = project.json("create", "user")["records"][0]
        self.assertEqual(again["values"], first["values"])

    def test_seals_and_brings_back_the_baseline(self):
        project = self.migrated()
        project.fails("reset", code=3, message="baseline mark")
        self.assertEqual(project.json("baseline", "status", code=1), {"baseline": None})

        self.assertEqual(project.json("baseline", "mark")["filled_from"], "scenario 'small'")
        before = project.contents()
        self.assertTrue(project.json("baseline", "status")["unchanged"])

        first = project.json("create", "order", "paid")["records"][0]
        self.assertFalse(project.json("baseline", "status", code=1)["unchanged"])
        project.run("reset", "--dry-run")
        self.assertNotEqual(project.contents(), before)
        project.run("reset")
        self.assertEqual(project.contents(), before)
        again = project.json("create", "order", "paid")["records"][0]
        self.assertEqual(again["row"], first["row"], "a reset rewinds the row numbers")

        project.run("baseline", "remove")
        project.fails("reset", code=3, message="baseline mark")

    def test_brings_back_a_baseline_without_rows(self):
        project = self.migrated()
        project.fails("baseline", "mark", "--keep", "users", code=2, message="'truncate' and 'delete' only")
        project.fails("baseline", "mark", "--strategy", "delet", code=2, message="did you mean 'delete'?")
        project.run("create", "user")
        project.fails("baseline", "mark", "--strategy", "delete", code=4, message="tables hold rows")
        self.assertTrue(project.json("baseline", "mark", "--strategy", "delete", "--dry-run")["refused"])
        project.run("clean")
        self.assertIn("Not filled from scenario 'small'", project.run("baseline", "mark", "--strategy", "delete").out)

        for strategy in ("delete", "truncate"):
            marked = project.json("baseline", "mark", "--strategy", strategy)
            self.assertEqual((marked["strategy"], marked["noted"]), (strategy, False))
            self.assertTrue(project.json("baseline", "status")["unchanged"])
            first = project.json("create", "order", "paid")["records"][0]
            self.assertFalse(project.json("baseline", "status", code=1)["unchanged"])
            self.assertIn("Would remove", project.run("reset", "--dry-run").out)
            self.assertGreater(project.count("orders"), EMPTY)

            report = project.json("reset", "--verify", "always")

            self.assertEqual((report["strategy"], report["reason"]), (strategy, ""))
            self.assertIn("orders", [table["table"] for table in report["changes"]["tables"]])
            self.assertEqual(set(project.counts().values()), {EMPTY})
            self.assertTrue(project.json("baseline", "status")["unchanged"])
            again = project.json("create", "order", "paid")["records"][0]
            self.assertEqual(again, first, "counters and row numbers are those of the baseline")
            self.assertIn("removed", project.run("reset", "--strategy", "truncate", "--verify", "sample").out)
        project.fails("reset", "--strategy", "rewind", code=4, message="notes")
        self.assertEqual(project.json("reset", "--strategy", "restore")["strategy"], "restore")

        project.run("baseline", "remove")
        project.fails("reset", code=3, message="baseline mark")

    def test_keeps_tables_of_a_baseline_without_rows(self):
        project = self.migrated()
        project.run("create", "category")
        project.run("baseline", "mark", "--strategy", "truncate", "--keep", "categories")
        project.run("create", "order", "paid")
        kept = project.count("categories")
        project.run("reset")
        self.assertEqual(project.count("categories"), kept)
        self.assertEqual(project.count("orders"), EMPTY)
        project.fails("baseline", "mark", "--strategy", "truncate", "--keep", "products", code=4,
                      message="table 'products' is kept, but refers to")

    def test_applies_each_migration_once_for_many_processes(self):
        processes = [self.project.start("migrate", "up", "--json") for _ in range(8)]
        outcomes = [process.communicate(timeout=120) for process in processes]

        self.assertEqual([process.returncode for process in processes], [0] * 8, outcomes)
        self.assertTrue(self.project.json("migrate", "status")["up_to_date"])
        self.project.run("load", "small")


if __name__ == "__main__":
    unittest.main(verbosity=2)
