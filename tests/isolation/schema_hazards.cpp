#include "tests/isolation/hazards.hpp"

namespace seedbed::testing {

namespace {

Hazard on_schema(std::string name, const std::string& script) {
  return {std::move(name), script, script, script};
}

}  // namespace

std::vector<Hazard> schema_hazards() {
  return {
      on_schema("a table created", "CREATE TABLE extra_table (id INT)"),
      on_schema("a table dropped", "DROP TABLE loose"),
      on_schema("a table renamed", "ALTER TABLE loose RENAME TO looser"),
      on_schema("a column added", "ALTER TABLE author ADD COLUMN extra TEXT"),
      on_schema("a column renamed", "ALTER TABLE loose RENAME COLUMN b TO c"),
      {"a default changed", "", "ALTER TABLE loose ALTER COLUMN b SET DEFAULT 'x'",
       "ALTER TABLE loose ALTER COLUMN a SET DEFAULT 7"},
      {"an index created", "CREATE INDEX extra_index ON book (title)",
       "CREATE INDEX extra_index ON book (title)",
       "CREATE INDEX extra_index ON book (author_id, id)"},
      {"an index dropped", "DROP INDEX title_index", "DROP INDEX title_index",
       "DROP INDEX title_index ON book"},
      on_schema("a view created", "CREATE VIEW extra_view AS SELECT id FROM author"),
      {"a trigger switched off", "DROP TRIGGER watch", "ALTER TABLE watched DISABLE TRIGGER watch",
       ""},
      {"a function replaced", "",
       "CREATE OR REPLACE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN "
       "new; END $$",
       "CREATE OR REPLACE PROCEDURE write_and_commit() SELECT 1"},
      {"a schema created", "", "CREATE SCHEMA extra CREATE TABLE t (id INT)", ""},
      {"privileges granted", "", "GRANT SELECT ON loose TO PUBLIC", ""},
      {"a partition attached", "", "CREATE TABLE part_c PARTITION OF part FOR VALUES IN ('c')", ""},
      {"a materialized view refreshed", "",
       "INSERT INTO author (name) VALUES ('Dan'); REFRESH MATERIALIZED VIEW totals", ""},
  };
}

}  // namespace seedbed::testing
