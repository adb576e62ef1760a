#pragma once

#include <exception>

namespace seedbed::postgres {

/// The scripts of a sandbox's transaction, each one round trip. The row that the first inserts has
/// a trigger that waits for the COMMIT, and makes it fail.
inline constexpr const char* kBeginSandbox =
    "BEGIN; INSERT INTO pg_temp.seedbed_sandbox DEFAULT VALUES; SAVEPOINT seedbed_sandbox";
inline constexpr const char* kBeginUnguardedSandbox = "BEGIN; SAVEPOINT seedbed_sandbox";
inline constexpr const char* kEndSandbox = "ROLLBACK TO SAVEPOINT seedbed_sandbox; ROLLBACK";

/// Made once for each session. SET CONSTRAINTS ALL IMMEDIATE fires the trigger too: inside the
/// sandbox's savepoint, whose number a row written there has, while a COMMIT has ended all
/// savepoints. A new row then waits in place of the one that was used up. (No colons: SOCI would
/// take them for parameters.)
inline constexpr const char* kPrepareSandbox = R"sql(
CREATE TEMPORARY TABLE seedbed_sandbox (id int);
CREATE FUNCTION pg_temp.seedbed_refuse_commit() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER AS $$
DECLARE
  in_savepoint boolean;
BEGIN
  SET CONSTRAINTS pg_temp.seedbed_sandbox DEFERRED;
  INSERT INTO pg_temp.seedbed_sandbox DEFAULT VALUES RETURNING CAST(xmin AS text) <>
    CAST(pg_catalog.txid_current() % 4294967296 AS text) INTO in_savepoint;
  IF in_savepoint THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION USING ERRCODE = '2D000', MESSAGE =
    'a sandbox is open, which rolls back at its end, so nothing was committed';
END $$;
CREATE CONSTRAINT TRIGGER seedbed_sandbox AFTER INSERT ON pg_temp.seedbed_sandbox
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pg_temp.seedbed_refuse_commit();
ALTER TABLE pg_temp.seedbed_sandbox ENABLE ALWAYS TRIGGER seedbed_sandbox)sql";

/// Begins by `run`, which runs a script. Without the right to make a temporary table a COMMIT is
/// not refused.
template <typename Run>
void begin_sandbox(const Run& run) {
  const auto tried = [&](const char* sql) {
    try {
      run(sql);
      return true;
    } catch (const std::exception&) {
      return false;
    }
  };
  if (tried(kBeginSandbox)) return;
  run("ROLLBACK");  // the first on this session: there is no table yet
  run(tried(kPrepareSandbox) ? kBeginSandbox : kBeginUnguardedSandbox);
}

}  // namespace seedbed::postgres
