#include <string_view>

#include <fmt/format.h>

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
                   relnamespace, relkind, relpersistence, relrowsecurity, reloptions) AS line
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
  UNION ALL SELECT concat_ws('|', 'schema', n.oid, nspname)
  FROM pg_namespace n JOIN shown s ON s.oid = n.oid
  UNION ALL SELECT concat_ws('|', 'extension', extname, extversion) FROM pg_extension) AS lines;
)sql";

// What the beginning was: how the catalog and the database's settings read, and whether event
// triggers tell of changes.
// The digest is a function, since a view of it would be planned with all that might ask for it, and
// a change of session_replication_role throws plans away.
constexpr std::string_view kState = R"sql(
CREATE UNLOGGED TABLE seedbed.seedbed_undo_now (watched bool, catalog text, settings text);
CREATE FUNCTION seedbed.seedbed_undo_digest() RETURNS text LANGUAGE plpgsql AS $digest$
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
CREATE VIEW seedbed.seedbed_undo_left AS
SELECT format('an advisory lock, held by session %s (%s)', l.pid, a.application_name) AS what
FROM pg_lock_status() l JOIN pg_stat_get_activity(NULL) a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND l.pid <> pg_backend_pid()
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL
SELECT format('what the open transaction of session %s (%s) has written', pid, application_name)
FROM pg_stat_get_activity(NULL)
WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND backend_xid IS NOT NULL AND pid <> pg_backend_pid();
)sql";

// Rows come back in the order of the foreign keys, which stay on: to switch them off for the
// session would throw all its plans away. What vanished comes first, then what was changed, so that
// nothing refers any more to what goes last. Of rows without a key the images are counted; many
// notes are too much for arrays.
constexpr std::string_view kUndo = R"sql(
CREATE VIEW seedbed.seedbed_undo_steps AS
SELECT rel, change, keys, images,
       CASE change WHEN 'D' THEN 1 WHEN 'U' THEN 2 ELSE 3 END AS phase,
       CASE change WHEN 'I' THEN -place ELSE place END AS place
FROM (SELECT rel, change, array_agg(key) AS keys, array_agg(old) AS images
      FROM seedbed.seedbed_undo_rows GROUP BY rel, change
      UNION ALL
      SELECT rel, CASE WHEN surplus > 0 THEN 'I' ELSE 'D' END AS change,
             array_agg(ARRAY[abs(surplus)::text]) AS keys, array_agg(old) AS images
      FROM seedbed.seedbed_undo_images GROUP BY rel, change) AS notes
JOIN seedbed.seedbed_undo_tables USING (rel);
CREATE FUNCTION seedbed.seedbed_undo_orderly() RETURNS bool LANGUAGE plpgsql
SET search_path = pg_catalog SET enable_hashjoin = off SET enable_mergejoin = off
AS $undo$
DECLARE step record;
BEGIN
  FOR step IN SELECT * FROM seedbed.seedbed_undo_steps ORDER BY phase, place LOOP
    PERFORM set_config('seedbed.undoing', step.rel::text, true);
    EXECUTE format('SELECT seedbed.seedbed_undo_back_%s($1, $2, $3)', step.rel)
    USING step.change, step.keys, step.images;
  END LOOP;
  SET CONSTRAINTS ALL IMMEDIATE;
  RETURN true;
EXCEPTION WHEN integrity_constraint_violation OR generated_always THEN
  RETURN false;
END $undo$;
CREATE FUNCTION seedbed.seedbed_undo_all()
RETURNS TABLE (kind text, space text, name text, inserted int8, updated int8, deleted int8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
SET row_security = off SET "DateStyle" = 'ISO, MDY' SET "IntervalStyle" = postgres
SET xmloption = content SET lc_monetary = 'C' SET jit = off SET lock_timeout = '3s'
SET enable_hashjoin = off SET enable_mergejoin = off
AS $undo$
DECLARE touched seedbed.seedbed_undo_changes%ROWTYPE; rows bool = false; loud bool = false;
        statement text;
BEGIN
  RETURN QUERY SELECT 'prepared', '', gid, 0::int8, 0::int8, 0::int8 FROM pg_prepared_xact()
               WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database());
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT o.kind, '', o.obstacle, 0::int8, 0::int8, 0::int8
               FROM seedbed.seedbed_undo_obstacles o;
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT 'left', '', l.what, 0::int8, 0::int8, 0::int8
               FROM seedbed.seedbed_undo_left l;
  PERFORM set_config('seedbed.undoing', 'on', true);
  kind := 'table';
  FOR touched IN SELECT * FROM seedbed.seedbed_undo_changes ORDER BY 1, 2 LOOP
    space := touched.space; name := touched.name;
    inserted := touched.inserted; updated := touched.updated; deleted := touched.deleted;
    RETURN NEXT;
    loud := loud OR touched.loud; rows := rows OR touched.rel <> 0;
    IF touched.rel = 0 THEN
      PERFORM lo_unlink(oid) FROM pg_largeobject_metadata
      WHERE oid NOT IN (SELECT number FROM seedbed.seedbed_undo_large_objects);
    END IF;
  END LOOP;
  IF rows AND (loud OR pg_relation_size('seedbed.seedbed_undo') > 16777216
               OR NOT seedbed.seedbed_undo_orderly()) THEN
    PERFORM seedbed.seedbed_undo_quietly();
  END IF;
  inserted := 0; updated := 0; deleted := 0; kind := 'counter';
  FOR space, name IN SELECT s.space, s.name FROM
      (SELECT m.space, m.name, setval(m.seq, m.value, m.called)
       FROM seedbed.seedbed_undo_moved m) s ORDER BY 1, 2 LOOP
    RETURN NEXT;
  END LOOP;
  FOR statement IN SELECT DISTINCT old FROM seedbed.seedbed_undo WHERE op = 'M' LOOP
    EXECUTE 'REFRESH MATERIALIZED VIEW ' || statement;
  END LOOP;
  DELETE FROM seedbed.seedbed_undo;
  PERFORM set_config('seedbed.undoing', '', true);
  RETURN QUERY SELECT 'size', '', '', pg_relation_size('seedbed.seedbed_undo'), 0::int8, 0::int8;
END $undo$;
)sql";

// For what the order of foreign keys does not let through: cycles, unique values that changed
// hands, tables with triggers. All rows go before any comes back, and nothing fires.
// {0}: more settings. {1}: states of triggers that would fire. {2} to {5}: what a role that may not
// switch foreign keys off for itself does about them. Tables are reached by their keys only, as
// above.
constexpr std::string_view kUndoQuietly = R"sql(
CREATE FUNCTION seedbed.seedbed_undo_quietly() RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off {0}
AS $undo$
DECLARE put_back text[] = '{{}}'; statement text; back text; number oid;
BEGIN
  {2}
  FOR statement, back IN
      WITH changed AS (
        SELECT c.rel::oid FROM seedbed.seedbed_undo_changes c WHERE c.rel <> 0
        UNION SELECT a.relid::oid FROM seedbed.seedbed_undo_changes c,
                     pg_partition_ancestors(c.rel) a)
      SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname),
             format('ALTER TABLE %s ENABLE %s TRIGGER %I', tgrelid::regclass,
                    CASE tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END,
                    tgname)
      FROM pg_trigger WHERE tgrelid IN (SELECT rel FROM changed) AND NOT tgisinternal
        AND tgenabled IN ({1}) AND strpos(tgname, 'seedbed ') <> 2
      {3}
  LOOP
    EXECUTE statement;
    put_back := put_back || back;
  END LOOP;
  {4}
  FOR statement, number IN SELECT undo, rel FROM seedbed.seedbed_undo_changes WHERE rel <> 0
                           ORDER BY space, name LOOP
    PERFORM set_config('seedbed.undoing', number::text, true);
    EXECUTE statement;
  END LOOP;
  {5}
  FOREACH statement IN ARRAY put_back LOOP EXECUTE statement; END LOOP;
END $undo$;
)sql";

// What such keys do to rows of their own table cannot be told from what is put back.
constexpr std::string_view kOwnKeys = R"sql(
  IF EXISTS (SELECT FROM seedbed.seedbed_undo_changes c
             JOIN pg_constraint k ON k.conrelid = c.rel AND k.confrelid = c.rel
             WHERE k.contype = 'f' AND k.confdeltype IN ('c', 'n', 'd') AND c.updated > 0) THEN
    RAISE restrict_violation USING MESSAGE = 'putting rows back would change others';
  END IF;
)sql";

constexpr std::string_view kKeysPutOff = R"sql(
      UNION ALL
      SELECT format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE', conrelid::regclass, conname),
             format('ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE', conrelid::regclass,
                    conname)
      FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND NOT condeferrable
        AND (conrelid IN (SELECT rel FROM changed) OR confrelid IN (SELECT rel FROM changed))
)sql";

// What changes no row and no schema is left out, and so is what load guards put back themselves.
constexpr std::string_view kWatch = R"sql(
CREATE FUNCTION seedbed.seedbed_undo_watch() RETURNS event_trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog AS $watch$
DECLARE what text;
BEGIN
  IF current_setting('seedbed.undoing', true) <> ''
     OR current_setting('seedbed.guarding', true) = 'on'
     OR tg_tag IN ('COMMENT', 'REINDEX', 'SECURITY LABEL') THEN RETURN; END IF;
  IF tg_event = 'sql_drop' THEN
    SELECT min(object_identity) INTO what FROM pg_event_trigger_dropped_objects()
    WHERE original AND NOT is_temporary AND schema_name IS DISTINCT FROM 'seedbed';
  ELSE
    SELECT min(object_identity) INTO what FROM pg_event_trigger_ddl_commands()
    WHERE coalesce(schema_name, '') NOT IN ('pg_temp', 'seedbed')
      AND object_identity NOT LIKE 'pg\_temp%';
  END IF;
  IF tg_tag = 'REFRESH MATERIALIZED VIEW' THEN
    INSERT INTO seedbed.seedbed_undo (rel, op, old) VALUES (0, 'M', what);
  ELSIF what IS NOT NULL THEN
    INSERT INTO seedbed.seedbed_undo (rel, op, old) VALUES (0, 'X', tg_tag || ' ' || what);
  END IF;
END $watch$;
CREATE EVENT TRIGGER seedbed_undo_end ON ddl_command_end
  EXECUTE FUNCTION seedbed.seedbed_undo_watch();
CREATE EVENT TRIGGER seedbed_undo_drop ON sql_drop EXECUTE FUNCTION seedbed.seedbed_undo_watch();
ALTER EVENT TRIGGER seedbed_undo_end ENABLE ALWAYS;
ALTER EVENT TRIGGER seedbed_undo_drop ENABLE ALWAYS;
)sql";

}  // namespace

std::string shared_objects_sql(bool replica) {
  std::string sql{kTables};
  sql += kCatalog;
  sql += kState;
  sql += kViews;
  sql += kUndo;
  sql += replica ? fmt::format(fmt::runtime(kUndoQuietly), "SET session_replication_role = replica",
                               "'A', 'R'", "", "", "", "")
                 : fmt::format(fmt::runtime(kUndoQuietly), "", "'O', 'A'", kOwnKeys, kKeysPutOff,
                               "SET CONSTRAINTS ALL DEFERRED;", "SET CONSTRAINTS ALL IMMEDIATE;");
  return sql;
}

std::string schema_watch_sql() {
  return std::string{kWatch};
}

}  // namespace seedbed::postgres
