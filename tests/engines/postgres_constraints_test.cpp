#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/transaction.hpp"
#include "tests/engines/postgres_fixture.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using testing::ThrowsError;

/// Tables with a constraint and an index of every kind.
class DeferredConstraints : public testing::PostgresTest {
 protected:
  void SetUp() override {
    PostgresTest::SetUp();
    if (IsSkipped()) return;
    db().execute_script(R"(
      CREATE EXTENSION IF NOT EXISTS btree_gist;
      CREATE SCHEMA "odd schema";
      CREATE TABLE parent (id int, code text, CONSTRAINT "odd ""key" PRIMARY KEY (id) WITH (fillfactor = 80),
        UNIQUE (code));
      CREATE TABLE child (id int PRIMARY KEY, parent_id int, code text REFERENCES parent (code),
        during int4range, note text, at timestamptz,
        CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent (id)
          ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
        EXCLUDE USING gist (parent_id WITH =, during WITH &&));
      CREATE UNIQUE INDEX ON child (lower(note)) WHERE id > 5;
      CREATE INDEX child_at ON child USING brin (at) WITH (pages_per_range = 16);
      CREATE INDEX child_note ON child (note COLLATE "C" DESC NULLS LAST) INCLUDE (code);
      CREATE TABLE "odd schema"."Odd Table" (id int REFERENCES child (id), me int UNIQUE NULLS NOT DISTINCT DEFERRABLE INITIALLY DEFERRED);
      ALTER TABLE "odd schema"."Odd Table" ADD FOREIGN KEY (id) REFERENCES parent NOT VALID;
      CREATE TABLE parted (id int PRIMARY KEY, at int REFERENCES parent (id)) PARTITION BY RANGE (id);
      CREATE TABLE part PARTITION OF parted FOR VALUES FROM (1) TO (1000))");
  }

  /// All that the catalog says of constraints and indexes, but for their numbers.
  std::string catalog() {
    std::string text;
    for (const auto* query :
         {"SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid), "
          "condeferrable::text, condeferred::text, convalidated::text, "
          "coalesce(obj_description(oid, 'pg_constraint'), '') FROM pg_constraint "
          "WHERE connamespace <> 'pg_catalog'::regnamespace AND connamespace <> "
          "'information_schema'::regnamespace ORDER BY 1, 2",
          "SELECT i.indrelid::regclass::text, pg_get_indexdef(c.oid), c.reloptions::text, "
          "i.indisunique::text, i.indisprimary::text, i.indimmediate::text, "
          "i.indisclustered::text, i.indisreplident::text, "
          "coalesce(obj_description(c.oid, 'pg_class'), '') FROM pg_index i "
          "JOIN pg_class c ON c.oid = i.indexrelid "
          "WHERE c.relnamespace::regnamespace::text !~ '^pg_' ORDER BY 1, 2",
          "SELECT relname::text, attname::text, attnotnull::text FROM pg_attribute a "
          "JOIN pg_class c ON c.oid = a.attrelid WHERE attnum > 0 AND relkind = 'r' AND "
          "relnamespace::regnamespace::text !~ '^pg_|^information' ORDER BY 1, 2"}) {
      for (const auto& row : db().query(query).rows) {
        for (const auto& value : row) text += value.display() + " | ";
        text += "\n";
      }
    }
    return text;
  }

  std::int64_t indexes() {
    return number(
        "SELECT count(*) FROM pg_index WHERE indrelid IN ('parent'::regclass, "
        "'child'::regclass, '\"odd schema\".\"Odd Table\"'::regclass)");
  }

  const Schema schema_{};
  const std::vector<TableName> tables_{{"", "parent"}, {"", "child"}, {"odd schema", "Odd Table"}};
};

TEST_F(DeferredConstraints, AreBuiltAgainAsTheyWere) {
  const auto before = catalog();
  ASSERT_EQ(indexes(), 8);

  Transaction transaction{db()};
  const auto guard = engine().defer_constraints(db(), schema_, {tables_});
  EXPECT_EQ(indexes(), 1) << "the key that a partitioned table refers to";
  db().execute_script(
      "INSERT INTO child SELECT n, n % 10, 'c' || n % 10, int4range(n, n + 1), n::text, now() "
      "FROM generate_series(1, 100) n;"
      "INSERT INTO parent SELECT n, 'c' || n FROM generate_series(0, 9) n");
  guard->finish();
  transaction.commit();

  EXPECT_EQ(catalog(), before);
  EXPECT_EQ(number("SELECT count(*) FROM child JOIN parent ON parent.id = parent_id"), 100);
}

TEST_F(DeferredConstraints, ComeBackWithARollback) {
  const auto before = catalog();
  {
    Transaction transaction{db()};
    const auto guard = engine().defer_constraints(db(), schema_, {tables_});
  }
  EXPECT_EQ(catalog(), before);
}

TEST_F(DeferredConstraints, RefuseRowsAtTheEnd) {
  const auto before = catalog();
  {
    Transaction transaction{db()};
    const auto guard = engine().defer_constraints(db(), schema_, {tables_});
    db().execute("INSERT INTO child (id) VALUES (1), (1)");
    EXPECT_THAT([&] { guard->finish(); },
                ThrowsError(ErrorCode::constraint_violation, "child_pkey"));
  }
  {
    Transaction transaction{db()};
    const auto guard = engine().defer_constraints(db(), schema_, {tables_});
    db().execute("INSERT INTO child (id, parent_id) VALUES (1, 7)");
    EXPECT_THAT([&] { guard->finish(); },
                ThrowsError(ErrorCode::constraint_violation, "child_parent"));
  }
  EXPECT_EQ(catalog(), before);
}

TEST_F(DeferredConstraints, StayWhereTheyCouldNotComeBack) {
  db().execute_script(R"(
    COMMENT ON INDEX child_at IS 'kept';
    COMMENT ON CONSTRAINT child_parent ON child IS 'kept';
    ALTER TABLE child CLUSTER ON child_note;
    CREATE VIEW grouped AS SELECT id, code FROM parent GROUP BY id)");
  const auto before = catalog();

  Transaction transaction{db()};
  const auto guard = engine().defer_constraints(db(), schema_, {tables_});
  EXPECT_EQ(indexes(), 3) << "two indexes, and the primary key that a view needs";
  guard->finish();
  transaction.commit();

  EXPECT_EQ(catalog(), before);
}

TEST_F(DeferredConstraints, AreTheOwnersToPutOff) {
  const auto role = "sbrole_" + url().database;
  db().execute_script("CREATE ROLE " + role + " LOGIN; GRANT ALL ON parent TO " + role +
                      "; GRANT USAGE ON SCHEMA \"odd schema\" TO " + role);
  DatabaseUrl as_role = url();
  as_role.user = role;
  {
    const auto other = engine().connect(as_role);
    Transaction transaction{*other};
    EXPECT_THAT([&] { static_cast<void>(engine().defer_constraints(*other, schema_, {tables_})); },
                ThrowsError(ErrorCode::refused, "only by the role that owns the tables"));
  }
  db().execute_script("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

}  // namespace

}  // namespace seedbed
