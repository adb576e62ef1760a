#include "seedbed/engines/postgres/empty_baseline_sql.hpp"

#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/engines/postgres/cells.hpp"
#include "seedbed/engines/postgres/row_changes.hpp"

namespace seedbed::postgres {

namespace {

// What can be seen of the schema at the price of one look at pg_class: sums that tell whether it is
// another one, and what they were made of, to say how.
constexpr std::string_view kEmptyRelations = R"sql(
CREATE VIEW seedbed.seedbed_empty_relations AS
SELECT c.oid AS rel, c.relkind AS kind, n.nspname AS space, c.relname AS name,
       c.relnatts AS columns, c.relchecks AS checks
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.relpersistence <> 't'
  AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
  AND n.nspname NOT LIKE 'seedbed%';
CREATE VIEW seedbed.seedbed_empty_sums AS
SELECT (SELECT concat(count(*), ' ', sum(hash_record_extended(
          ROW(rel, kind, space, name, columns, checks), 0)))
        FROM seedbed.seedbed_empty_relations) AS relations,
       (SELECT concat(count(*), ' ', sum(hash_record_extended(
          ROW(conrelid, confrelid, conkey, confkey, confdeltype), 0)))
        FROM pg_constraint WHERE contype = 'f') AS keys;
CREATE TABLE seedbed.seedbed_empty_schema AS SELECT * FROM seedbed.seedbed_empty_relations;
CREATE TABLE seedbed.seedbed_empty_known AS SELECT * FROM seedbed.seedbed_empty_sums;
CREATE VIEW seedbed.seedbed_empty_drift AS
SELECT format('%s %I.%I %s',
              CASE coalesce(n.kind, o.kind) WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence'
                WHEN 'm' THEN 'materialized view' ELSE 'table' END,
              coalesce(n.space, o.space), coalesce(n.name, o.name),
              CASE WHEN o.rel IS NULL THEN 'is new' WHEN n.rel IS NULL THEN 'is gone'
                ELSE 'was altered' END) AS what
FROM seedbed.seedbed_empty_schema o FULL JOIN seedbed.seedbed_empty_relations n USING (rel)
WHERE (o.kind, o.space, o.name, o.columns, o.checks)
      IS DISTINCT FROM (n.kind, n.space, n.name, n.columns, n.checks)
UNION ALL SELECT 'a foreign key was added or dropped'
FROM seedbed.seedbed_empty_known o, seedbed.seedbed_empty_sums n WHERE o.keys <> n.keys;
)sql";

// {}: lines (schema, name, place, statements that set keys to NULL, whether its keys must wait).
// Rows lie in the leaves of a partitioned table, which are looked at one by one and emptied
// together, since they may refer to each other.
constexpr std::string_view kEmptyTables = R"sql(
CREATE TABLE seedbed.seedbed_empty_tables (
  rel oid PRIMARY KEY, root oid NOT NULL, space text NOT NULL, name text NOT NULL,
  place int8 NOT NULL, unlink text NOT NULL, waits bool NOT NULL);
INSERT INTO seedbed.seedbed_empty_tables
SELECT c.oid, r.oid, t.space, t.name, t.place, t.unlink, t.waits
FROM (VALUES {}) AS t (space, name, place, unlink, waits)
JOIN pg_namespace n ON n.nspname = t.space
JOIN pg_class r ON r.relnamespace = n.oid AND r.relname = t.name
JOIN LATERAL (SELECT r.oid WHERE r.relkind = 'r'
              UNION ALL SELECT relid FROM pg_partition_tree(r.oid) WHERE r.relkind = 'p') p (oid)
  ON true
JOIN pg_class c ON c.oid = p.oid AND c.relkind = 'r';
CREATE TABLE seedbed.seedbed_empty_views AS
SELECT rel FROM seedbed.seedbed_empty_schema WHERE kind = 'm' AND pg_relation_size(rel) = 0;
CREATE TABLE seedbed.seedbed_empty_large_objects AS
SELECT oid AS number FROM pg_largeobject_metadata;
)sql";

// Those of tables that are left as they are, are left too. A restart, also by TRUNCATE, gives a
// sequence another file; that its last value is not drawn yet cannot be told otherwise without
// reading each.
constexpr std::string_view kEmptyCounters = R"sql(
CREATE TABLE seedbed.seedbed_empty_counters (
  seq oid PRIMARY KEY, space text NOT NULL, name text NOT NULL, value int8 NOT NULL,
  called bool NOT NULL, file oid NOT NULL);
DO $do$
DECLARE s record; value int8; called bool;
BEGIN
  FOR s IN SELECT e.rel, e.space, e.name, c.relfilenode FROM seedbed.seedbed_empty_schema e
           JOIN pg_class c ON c.oid = e.rel
           WHERE e.kind = 'S' AND NOT EXISTS (
             SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = e.rel
             AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
             AND d.refobjid NOT IN (
               SELECT t.rel FROM seedbed.seedbed_empty_tables t
               UNION ALL SELECT t.root FROM seedbed.seedbed_empty_tables t)) LOOP
    EXECUTE format('SELECT last_value, is_called FROM %I.%I', s.space, s.name) INTO value, called;
    INSERT INTO seedbed.seedbed_empty_counters
    VALUES (s.rel, s.space, s.name, value, called, s.relfilenode);
  END LOOP;
END $do$;
CREATE VIEW seedbed.seedbed_empty_moved AS
SELECT s.*, pg_relation_filenode(s.seq) AS present FROM seedbed.seedbed_empty_counters s
WHERE pg_relation_filenode(s.seq) <> s.file
   OR pg_sequence_last_value(s.seq) IS DISTINCT FROM CASE WHEN s.called THEN s.value END;
)sql";

// The tables that hold rows, children first. A file stays as long as nobody vacuums it.
constexpr std::string_view kEmptyTouched = R"sql(
CREATE FUNCTION seedbed.seedbed_empty_touched() RETURNS oid[] LANGUAGE plpgsql AS $touched$
DECLARE t record; holds bool; touched oid[] = '{}';
BEGIN
  FOR t IN SELECT rel, rel::regclass AS name FROM seedbed.seedbed_empty_tables
           WHERE pg_relation_size(rel) > 0 ORDER BY place, rel LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM ONLY %s)', t.name) INTO holds;
    IF holds THEN touched := touched || t.rel; END IF;
  END LOOP;
  RETURN touched;
END $touched$;
)sql";

// What must not act while tables are emptied: (off, on), of the tables themselves and, of
// partitions, those above them. Triggers one by one, so that one that was off stays off.
constexpr std::string_view kEmptyPutOff = R"sql(
CREATE FUNCTION seedbed.seedbed_empty_put_off(tables oid[], keys bool)
RETURNS TABLE (off text, back text) LANGUAGE sql AS $put_off$
  WITH changed AS (SELECT unnest(tables) AS rel
                   UNION SELECT a.relid FROM unnest(tables) t, pg_partition_ancestors(t) a (relid)),
  waiting AS (SELECT rel FROM seedbed.seedbed_empty_tables WHERE keys AND waits
              AND rel = ANY (tables)
              UNION SELECT root FROM seedbed.seedbed_empty_tables WHERE keys AND waits
              AND rel = ANY (tables))
  SELECT format('ALTER TABLE ONLY %s DISABLE TRIGGER %I', tgrelid::regclass, tgname),
         format('ALTER TABLE ONLY %s ENABLE %s TRIGGER %I', tgrelid::regclass,
                CASE tgenabled WHEN 'A' THEN 'ALWAYS' ELSE '' END, tgname)
  FROM pg_trigger WHERE tgrelid IN (SELECT rel FROM changed) AND NOT tgisinternal
    AND tgenabled IN ('O', 'A')
  UNION ALL
  SELECT format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE', conrelid::regclass, conname),
         format('ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE', conrelid::regclass, conname)
  FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND NOT condeferrable
    AND conrelid IN (SELECT rel FROM waiting)
$put_off$;
)sql";

// What refers to a table that is truncated must be truncated with it.
constexpr std::string_view kEmptyRows = R"sql(
CREATE FUNCTION seedbed.seedbed_empty_closed(touched oid[]) RETURNS oid[] LANGUAGE sql AS $closed$
  WITH RECURSIVE closed AS (
    SELECT unnest(touched) AS rel
    UNION SELECT k.conrelid FROM closed c JOIN pg_constraint k ON k.confrelid = c.rel
    WHERE k.contype = 'f')
  SELECT array_agg(rel) FROM closed
$closed$;
CREATE FUNCTION seedbed.seedbed_empty_rows(touched oid[], how text)
RETURNS TABLE (space text, name text, number int8) LANGUAGE plpgsql AS $rows$
#variable_conflict use_column
DECLARE emptied oid[] = touched; off text; back text; put_back text[] = '{}'; holds bool; t record;
        waits bool = how = 'delete' AND EXISTS (SELECT FROM seedbed.seedbed_empty_tables
                                                WHERE rel = ANY (touched) AND waits);
BEGIN
  IF how = 'truncate' THEN emptied := seedbed.seedbed_empty_closed(touched); END IF;
  IF how <> 'look' THEN
    FOR off, back IN SELECT * FROM seedbed.seedbed_empty_put_off(emptied, waits) LOOP
      EXECUTE off;
      put_back := put_back || back;
    END LOOP;
  END IF;
  IF waits THEN SET CONSTRAINTS ALL DEFERRED; END IF;
  IF how = 'delete' THEN
    FOR off IN SELECT DISTINCT unlink FROM seedbed.seedbed_empty_tables
               WHERE rel = ANY (touched) AND unlink <> '' LOOP
      EXECUTE off;
    END LOOP;
  END IF;
  FOR t IN SELECT DISTINCT ON (place) space, name,
                  CASE WHEN rel = root THEN 'ONLY ' ELSE '' END || root::regclass AS rows
           FROM seedbed.seedbed_empty_tables WHERE rel = ANY (touched) ORDER BY place LOOP
    IF how = 'delete' THEN
      EXECUTE 'DELETE FROM ' || t.rows;
      GET DIAGNOSTICS number = ROW_COUNT;
      IF number = 0 THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', t.rows) INTO holds;
        IF holds THEN
          RAISE integrity_constraint_violation USING MESSAGE = format(
            'rows of table %I.%I stay when they are deleted: a rule prevents it', t.space, t.name);
        END IF;
      END IF;
    ELSE
      EXECUTE 'SELECT count(*) FROM ' || t.rows INTO number;
    END IF;
    space := t.space; name := t.name;
    RETURN NEXT;
  END LOOP;
  IF how = 'truncate' THEN
    EXECUTE (SELECT 'TRUNCATE ' || string_agg(
                CASE c.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END || c.oid::regclass, ', ')
             FROM pg_class c WHERE c.oid = ANY (emptied));
  END IF;
  IF how = 'delete' THEN SET CONSTRAINTS ALL IMMEDIATE; END IF;
  FOREACH back IN ARRAY put_back LOOP EXECUTE back; END LOOP;
END $rows$;
)sql";

// {0}: what others are still at. {1}: Seedbed's own tables.
constexpr std::string_view kEmpty = R"sql(
CREATE FUNCTION seedbed.seedbed_empty(how text)
RETURNS TABLE (kind text, space text, name text, inserted int8, updated int8, deleted int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
SET row_security = off SET jit = off SET lock_timeout = '3s' SET client_min_messages = warning
AS $empty$
#variable_conflict use_column
DECLARE touched oid[]; m record; statement text;
BEGIN
  inserted := 0; updated := 0; deleted := 0;
  IF how <> 'look' THEN
    RETURN QUERY SELECT 'prepared', '', gid, 0::int8, 0::int8, 0::int8 FROM pg_prepared_xact()
                 WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database());
    IF FOUND THEN RETURN; END IF;
  END IF;
  IF EXISTS (TABLE seedbed.seedbed_empty_known EXCEPT TABLE seedbed.seedbed_empty_sums) THEN
    RETURN QUERY SELECT 'schema', '', what, 0::int8, 0::int8, 0::int8
                 FROM seedbed.seedbed_empty_drift ORDER BY what;
    RETURN;
  END IF;
  touched := seedbed.seedbed_empty_touched();
  IF touched <> '{{}}' THEN
    RETURN QUERY SELECT 'table', r.space, r.name, r.number, 0::int8, 0::int8
                 FROM seedbed.seedbed_empty_rows(touched, how) r;
  END IF;
  kind := 'counter';
  FOR m IN SELECT * FROM seedbed.seedbed_empty_moved ORDER BY space, name LOOP
    IF how <> 'look' THEN
      PERFORM setval(m.seq, m.value, m.called);
      UPDATE seedbed.seedbed_empty_counters SET file = m.present
      WHERE seq = m.seq AND file <> m.present;
    END IF;
    space := m.space; name := m.name;
    RETURN NEXT;
  END LOOP;
  IF how = 'look' THEN RETURN; END IF;
  FOR statement IN SELECT 'REFRESH MATERIALIZED VIEW ' || rel::regclass
                   FROM seedbed.seedbed_empty_views WHERE pg_relation_size(rel) > 0 LOOP
    EXECUTE statement;
  END LOOP;
  PERFORM lo_unlink(oid) FROM pg_largeobject_metadata
  WHERE oid NOT IN (SELECT number FROM seedbed.seedbed_empty_large_objects);
  {1}
  RETURN QUERY SELECT 'left', '', l.what, 0::int8, 0::int8, 0::int8 FROM ({0}) l;
  RETURN QUERY SELECT 'vacuum', '', t.rel::regclass::text, 0::int8, 0::int8, 0::int8
               FROM unnest(touched) t (rel) WHERE pg_relation_size(t.rel) > 524288;
END $empty$;
)sql";

constexpr std::string_view kOwnTableCopied =
    "CREATE TABLE seedbed.seedbed_empty_own_{1} AS TABLE {0};\n";
constexpr std::string_view kOwnTablePutRight = R"sql(
  IF EXISTS (SELECT FROM {0}) OR EXISTS (SELECT FROM seedbed.seedbed_empty_own_{1}) THEN
    DELETE FROM {0};
    INSERT INTO {0} TABLE seedbed.seedbed_empty_own_{1};
  END IF;)sql";

/// `pattern` for each table: {0} is its name, {1} its number.
std::string for_own_tables(std::string_view pattern, std::span<const std::string> own_tables) {
  std::string sql;
  for (std::size_t i = 0; i < own_tables.size(); ++i) {
    sql += fmt::format(fmt::runtime(pattern), own_tables[i], i);
  }
  return sql;
}

std::string table_lines(std::span<const EmptyTable> tables) {
  // Without tables there is a line that no table has.
  if (tables.empty()) return "(NULL::text, NULL::text, 0, '', false)";
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const EmptyTable& table = tables[i];
    std::string line = "(";
    append_quoted(line, table.name.schema.empty() ? "public" : table.name.schema);
    line += ", ";
    append_quoted(line, table.name.name);
    line += fmt::format(", {}, ", i);
    append_quoted(line, join(table.unlink, "; "));
    lines.push_back(line + (table.waits ? ", true)" : ", false)"));
  }
  return join(lines, ",\n");
}

}  // namespace

std::string empty_state_sql(std::span<const EmptyTable> tables,
                            std::span<const std::string> own_tables) {
  std::string sql{kEmptyRelations};
  sql += fmt::format(fmt::runtime(kEmptyTables), table_lines(tables));
  sql += kEmptyCounters;
  return sql + for_own_tables(kOwnTableCopied, own_tables);
}

std::string empty_function_sql(std::span<const std::string> own_tables) {
  std::string sql{kEmptyTouched};
  sql += kEmptyPutOff;
  sql += kEmptyRows;
  return sql + fmt::format(fmt::runtime(kEmpty), left_by_others_sql(),
                           for_own_tables(kOwnTablePutRight, own_tables));
}

}  // namespace seedbed::postgres
