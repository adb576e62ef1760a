#include <string_view>

#include <fmt/format.h>

#include "seedbed/engines/postgres/undo_log_sql.hpp"

namespace seedbed::postgres {

namespace {

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
CREATE FUNCTION seedbed.seedbed_undo_drop_new() RETURNS text[] LANGUAGE plpgsql
SET search_path = pg_catalog AS $undo$
DECLARE object record; dropped text[] = '{}';
BEGIN
  PERFORM set_config('client_min_messages', 'warning', true);
  LOOP
    SELECT p.* INTO object FROM seedbed.seedbed_undo_present p
    LEFT JOIN seedbed.seedbed_undo_objects o USING (type, identity)
    WHERE o.type IS NULL ORDER BY p.place, p.identity LIMIT 1;
    EXIT WHEN NOT FOUND;
    EXECUTE object.statement;
    dropped := dropped || (object.type || ' ' || object.identity);
  END LOOP;
  IF EXISTS (SELECT FROM seedbed.seedbed_undo_obstacles) THEN
    RAISE object_not_in_prerequisite_state;
  END IF;
  RETURN dropped;
EXCEPTION WHEN object_not_in_prerequisite_state OR insufficient_privilege
            OR dependent_objects_still_exist OR wrong_object_type OR invalid_table_definition
            OR feature_not_supported THEN
  RETURN '{}';
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
  PERFORM set_config('seedbed.undoing', 'on', true);
  IF EXISTS (SELECT FROM seedbed.seedbed_undo_obstacles) THEN
    RETURN QUERY SELECT 'dropped', '', d.what, 0::int8, 0::int8, 0::int8
                 FROM unnest(seedbed.seedbed_undo_drop_new()) d (what);
    RETURN QUERY SELECT o.kind, '', o.obstacle, 0::int8, 0::int8, 0::int8
                 FROM seedbed.seedbed_undo_obstacles o;
    IF FOUND THEN
      PERFORM set_config('seedbed.undoing', '', true);
      RETURN;
    END IF;
  END IF;
  RETURN QUERY SELECT 'left', '', l.what, 0::int8, 0::int8, 0::int8
               FROM seedbed.seedbed_undo_left l;
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
  ELSIF what IS NOT NULL OR tg_tag IN ('GRANT', 'REVOKE') THEN
    INSERT INTO seedbed.seedbed_undo (rel, op, old) VALUES (0, 'X', concat_ws(' ', tg_tag, what));
  END IF;
END $watch$;
CREATE EVENT TRIGGER seedbed_undo_end ON ddl_command_end
  EXECUTE FUNCTION seedbed.seedbed_undo_watch();
CREATE EVENT TRIGGER seedbed_undo_drop ON sql_drop EXECUTE FUNCTION seedbed.seedbed_undo_watch();
ALTER EVENT TRIGGER seedbed_undo_end ENABLE ALWAYS;
ALTER EVENT TRIGGER seedbed_undo_drop ENABLE ALWAYS;
)sql";

}  // namespace

std::string functions_sql(bool replica) {
  std::string sql{kUndo};
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
