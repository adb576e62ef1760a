#include <string_view>

#include <fmt/format.h>

#include "seedbed/engines/postgres/row_changes.hpp"
#include "seedbed/engines/postgres/undo_log_sql.hpp"

namespace seedbed::postgres {

namespace {

// Notes: op is I (appeared), D (vanished), U (changed), X (a statement that changes the schema,
// with rel 0). The key is that of the row the note is about; old is the row before, as text, and of
// a table without a key also the row that appeared. Unlogged, since what it costs is paid for each
// row; a crash of the server empties it together with seedbed_undo_state.
constexpr std::string_view kTables = R"sql(
CREATE UNLOGGED TABLE seedbed.seedbed_undo (
  n int8 GENERATED ALWAYS AS IDENTITY, rel oid NOT NULL, op "char" NOT NULL, key text[], old text);
CREATE TABLE seedbed.seedbed_undo_tables (
  rel oid PRIMARY KEY, space text NOT NULL, name text NOT NULL, loud bool NOT NULL,
  place int8 NOT NULL, key_columns text[] NOT NULL, undo text NOT NULL);
CREATE TABLE seedbed.seedbed_undo_counters (
  seq oid PRIMARY KEY, space text NOT NULL, name text NOT NULL, value int8 NOT NULL,
  called bool NOT NULL);
CREATE TABLE seedbed.seedbed_undo_large_objects (number oid PRIMARY KEY);
INSERT INTO seedbed.seedbed_undo_large_objects SELECT oid FROM pg_largeobject_metadata;
DO $do$
DECLARE s record; value int8; called bool;
BEGIN
  FOR s IN SELECT c.oid, n.nspname, c.relname FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'seedbed%' LOOP
    EXECUTE format('SELECT last_value, is_called FROM %I.%I', s.nspname, s.relname)
      INTO value, called;
    INSERT INTO seedbed.seedbed_undo_counters VALUES (s.oid, s.nspname, s.relname, value, called);
  END LOOP;
END $do$;
)sql";

// What the schema is, for roles that cannot have event triggers. Without the numbers of what a load
// drops and builds again, and without what TRUNCATE changes.
constexpr std::string_view kCatalog = R"sql(
CREATE VIEW seedbed.seedbed_undo_catalog AS
WITH shown AS (SELECT n.oid FROM pg_namespace n WHERE n.nspname NOT LIKE 'pg\_%'
               AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'seedbed%'),
relation AS (SELECT c.* FROM pg_class c JOIN shown s ON s.oid = c.relnamespace)
SELECT md5(string_agg(line, E'\n' ORDER BY line)) AS digest FROM (
  SELECT concat_ws('|', 'relation', CASE WHEN relkind NOT IN ('i', 'I') THEN oid END, relname,
                   relnamespace, relkind, relpersistence, relrowsecurity, reloptions,
                   relacl) AS line
  FROM relation
  UNION ALL SELECT concat_ws('|', 'column', attrelid, attnum, attname, atttypid, atttypmod,
                             attnotnull, atthasdef, attidentity, attgenerated, attisdropped)
  FROM pg_attribute JOIN relation r ON r.oid = attrelid WHERE r.relkind NOT IN ('i', 'I')
  UNION ALL SELECT concat_ws('|', 'default', adrelid, adnum, pg_get_expr(adbin, adrelid))
  FROM pg_attrdef JOIN relation r ON r.oid = adrelid
  UNION ALL SELECT concat_ws('|', 'constraint', conrelid, conname, contype, condeferrable,
                             condeferred, convalidated, confrelid, conkey, confkey, confdeltype,
                             confupdtype)
  FROM pg_constraint JOIN shown s ON s.oid = connamespace
  UNION ALL SELECT concat_ws('|', 'trigger', tgrelid, tgname, tgenabled, tgtype, tgfoid, tgqual)
  FROM pg_trigger JOIN relation r ON r.oid = tgrelid WHERE NOT tgisinternal
  UNION ALL SELECT concat_ws('|', 'rule', ev_class, rulename, ev_enabled, md5(ev_action::text))
  FROM pg_rewrite JOIN relation r ON r.oid = ev_class
  UNION ALL SELECT concat_ws('|', 'function', p.oid, proname, md5(prosrc), prosecdef)
  FROM pg_proc p JOIN shown s ON s.oid = pronamespace
  UNION ALL SELECT concat_ws('|', 'type', t.oid, typname, typtype)
  FROM pg_type t JOIN shown s ON s.oid = typnamespace WHERE typtype IN ('d', 'e', 'r')
  UNION ALL SELECT concat_ws('|', 'label', enumtypid, enumsortorder, enumlabel) FROM pg_enum
  UNION ALL SELECT concat_ws('|', 'policy', polrelid, polname, polcmd, polqual) FROM pg_policy
  UNION ALL SELECT concat_ws('|', 'schema', n.oid, nspname, nspacl)
  FROM pg_namespace n JOIN shown s ON s.oid = n.oid
  UNION ALL SELECT concat_ws('|', 'extension', extname, extversion) FROM pg_extension) AS lines;
)sql";

// All that a statement of its own would make, each with the one that drops it. By names, since a
// load drops and builds indexes and constraints again.
constexpr std::string_view kObjects = R"sql(
CREATE VIEW seedbed.seedbed_undo_present AS
WITH shown AS (SELECT n.oid FROM pg_namespace n WHERE n.nspname NOT LIKE 'pg\_%'
               AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'seedbed%'),
relation AS (SELECT c.oid FROM pg_class c JOIN shown s ON s.oid = c.relnamespace
             WHERE c.relpersistence <> 't'),
object AS (
  SELECT 1 AS place, 'pg_extension'::regclass AS class, oid, NULL::oid AS rel, NULL AS name
  FROM pg_extension
  UNION ALL SELECT 2, 'pg_namespace'::regclass, oid, NULL, NULL FROM shown
  UNION ALL SELECT CASE c.relkind WHEN 'v' THEN 3 WHEN 'm' THEN 3 ELSE 4 END, 'pg_class'::regclass,
                   c.oid, NULL, NULL
  FROM pg_class c JOIN relation r USING (oid) WHERE NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
    AND d.refobjid <> c.oid AND d.deptype IN ('i', 'P'))
  UNION ALL SELECT 5, 'pg_proc'::regclass, p.oid, NULL, NULL
  FROM pg_proc p JOIN shown s ON s.oid = p.pronamespace
  UNION ALL SELECT 6, 'pg_type'::regclass, t.oid, NULL, NULL
  FROM pg_type t JOIN shown s ON s.oid = t.typnamespace WHERE typtype IN ('d', 'e', 'r')
  UNION ALL SELECT 7, 'pg_constraint'::regclass, k.oid, conrelid, conname
  FROM pg_constraint k JOIN relation r ON r.oid = conrelid WHERE conislocal
  UNION ALL SELECT 7, 'pg_trigger'::regclass, t.oid, NULL, NULL
  FROM pg_trigger t JOIN relation r ON r.oid = tgrelid WHERE NOT tgisinternal AND tgparentid = 0
  UNION ALL SELECT 7, 'pg_policy'::regclass, p.oid, NULL, NULL
  FROM pg_policy p JOIN relation r ON r.oid = polrelid
  UNION ALL SELECT 7, 'pg_rewrite'::regclass, w.oid, NULL, NULL
  FROM pg_rewrite w JOIN relation r ON r.oid = ev_class WHERE rulename <> '_RETURN')
SELECT o.place, i.type, i.identity,
       CASE WHEN o.rel IS NULL THEN format('DROP %s %s CASCADE', i.type, i.identity)
            ELSE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', o.rel::regclass, o.name)
       END AS statement
FROM object o, pg_identify_object(o.class, o.oid, 0) i;
)sql";

// What the beginning was: how the catalog and the database's settings read, and whether event
// triggers tell of changes.
// The digest is a function, since a view of it would be planned with all that might ask for it, and
// a change of session_replication_role throws plans away. Defaults read by the search path.
constexpr std::string_view kState = R"sql(
CREATE TABLE seedbed.seedbed_undo_objects (type text, identity text, PRIMARY KEY (type, identity));
CREATE UNLOGGED TABLE seedbed.seedbed_undo_now (watched bool, catalog text, settings text);
CREATE FUNCTION seedbed.seedbed_undo_digest() RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog AS $digest$
BEGIN RETURN (SELECT digest FROM seedbed.seedbed_undo_catalog); END $digest$;
CREATE VIEW seedbed.seedbed_undo_settings AS
SELECT coalesce(string_agg(concat_ws(' ', setrole, setconfig), ',' ORDER BY setrole), '') AS settings
FROM pg_db_role_setting
WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database());
)sql";

// A row that was there at the beginning is first noted as vanished or changed.
constexpr std::string_view kViews = R"sql(
CREATE VIEW seedbed.seedbed_undo_rows AS
SELECT rel, key, CASE WHEN first = 'I' THEN 'I' WHEN last = 'D' THEN 'D' ELSE 'U' END AS change,
       old
FROM (SELECT rel, key, (array_agg(op ORDER BY n))[1] AS first,
             (array_agg(op ORDER BY n DESC))[1] AS last, (array_agg(old ORDER BY n))[1] AS old
      FROM seedbed.seedbed_undo WHERE key IS NOT NULL GROUP BY rel, key) AS noted
WHERE NOT (first = 'I' AND last = 'D');
CREATE VIEW seedbed.seedbed_undo_images AS
SELECT rel, old, sum(CASE op WHEN 'I' THEN 1 ELSE -1 END) AS surplus
FROM seedbed.seedbed_undo WHERE key IS NULL AND rel <> 0 GROUP BY rel, old
HAVING sum(CASE op WHEN 'I' THEN 1 ELSE -1 END) <> 0;
CREATE VIEW seedbed.seedbed_undo_changes AS
SELECT t.space, t.name, c.inserted, c.updated, c.deleted, t.key_columns, t.undo, t.rel,
       t.loud
FROM (
  SELECT rel, count(*) FILTER (WHERE change = 'I') AS inserted,
         count(*) FILTER (WHERE change = 'U') AS updated,
         count(*) FILTER (WHERE change = 'D') AS deleted
  FROM seedbed.seedbed_undo_rows GROUP BY rel
  UNION ALL
  SELECT rel, sum(greatest(surplus, 0))::int8, 0::int8,
         sum(greatest(-surplus, 0))::int8
  FROM seedbed.seedbed_undo_images GROUP BY rel) AS c
JOIN seedbed.seedbed_undo_tables t USING (rel)
UNION ALL
SELECT 'pg_catalog', 'pg_largeobject', count(*), 0::int8, 0::int8, '{}'::text[], NULL, 0::oid,
       false
FROM pg_largeobject_metadata
WHERE oid NOT IN (SELECT number FROM seedbed.seedbed_undo_large_objects) HAVING count(*) > 0;
CREATE VIEW seedbed.seedbed_undo_moved AS
SELECT s.* FROM seedbed.seedbed_undo_counters s
WHERE pg_sequence_last_value(s.seq) IS DISTINCT FROM CASE WHEN s.called THEN s.value END;
CREATE VIEW seedbed.seedbed_undo_obstacles AS
SELECT 'obstacle' AS kind,
       'a crash of the server, which lost the notes of what was changed' AS obstacle
WHERE NOT EXISTS (SELECT FROM seedbed.seedbed_undo_now)
UNION ALL SELECT DISTINCT 'schema', old FROM seedbed.seedbed_undo, seedbed.seedbed_undo_now
WHERE op = 'X'
  AND CASE WHEN op = 'X' THEN catalog IS DISTINCT FROM seedbed.seedbed_undo_digest() END
UNION ALL SELECT 'schema', 'a change of the schema' FROM seedbed.seedbed_undo_now
WHERE CASE WHEN NOT watched THEN catalog IS DISTINCT FROM seedbed.seedbed_undo_digest() END
UNION ALL SELECT 'schema', 'the settings of the database' FROM seedbed.seedbed_undo_now
WHERE settings IS DISTINCT FROM (SELECT s.settings FROM seedbed.seedbed_undo_settings s)
UNION ALL SELECT 'schema', 'a large object that is gone' FROM seedbed.seedbed_undo_large_objects
WHERE number NOT IN (SELECT oid FROM pg_largeobject_metadata);
)sql";

}  // namespace

std::string shared_objects_sql() {
  std::string sql{kTables};
  sql += kCatalog;
  sql += kObjects;
  sql += kState;
  sql += kViews;
  sql += fmt::format("CREATE VIEW seedbed.seedbed_undo_left AS {};", left_by_others_sql());
  return sql;
}

}  // namespace seedbed::postgres
