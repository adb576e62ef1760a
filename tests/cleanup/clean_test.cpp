#include "tests/cleanup/clean_test.hpp"

#include "seedbed/engines/transaction.hpp"

namespace seedbed::testing {

void CleanTest::SetUp() {
  if (!engine_available(engine_name())) GTEST_SKIP() << "no server for " << engine_name();
  database_ = std::make_unique<TestDatabase>(engine_name());
  connection_ = database_->connect();
}

std::string CleanTest::pick(const std::string& sqlite, const std::string& postgres,
                            const std::string& mysql) const {
  return engine_name() == "sqlite" ? sqlite : engine_name() == "postgres" ? postgres : mysql;
}

std::vector<std::pair<std::string, int>> CleanTest::clean(const std::vector<std::string>& keep) {
  const CleanOptions options{.strategy = strategy(), .keep = keep};
  std::vector<std::pair<std::string, int>> result;
  for (const auto& cleaned :
       seedbed::clean(connection(), engine().introspect(connection()), options, progress_)) {
    result.emplace_back(cleaned.table.to_string(), static_cast<int>(cleaned.rows));
  }
  return result;
}

CleanPlan CleanTest::plan() {
  return plan_clean(engine(), engine().introspect(connection()), {.strategy = strategy()},
                    engine().capabilities(connection()));
}

int CleanTest::count(const std::string& table) {
  return connection().query_value("SELECT COUNT(*) FROM " + engine().quote(table)).as<int>();
}

int CleanTest::rows_left() {
  int rows = 0;
  for (const auto& table : engine().introspect(connection()).table_names()) rows += count(table);
  return rows;
}

void CleanTest::make_cycle(const std::string& a_key, const std::string& action) {
  const std::string b =
      "CREATE TABLE b (id INT PRIMARY KEY, a_id INT NOT NULL, FOREIGN KEY (a_id) REFERENCES a "
      "(id)" +
      pick(" DEFERRABLE INITIALLY DEFERRED", "", "") + ")";
  const std::string a_columns = "CREATE TABLE a (id INT PRIMARY KEY, b_id " + a_key;
  if (engine_name() == "sqlite") {
    run(a_columns + ", FOREIGN KEY (b_id) REFERENCES b (id)" + action + ")");
    run(b);
    return;
  }
  run(a_columns + ")");
  run(b);
  run("ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b (id)" + action +
      pick("", " DEFERRABLE", ""));
}

void CleanTest::fill_not_null_cycle() {
  if (engine_name() == "mysql") run("SET SESSION foreign_key_checks = 0");
  {
    Transaction transaction{connection()};
    if (engine_name() == "sqlite") run("PRAGMA defer_foreign_keys = ON");
    if (engine_name() == "postgres") run("SET CONSTRAINTS ALL DEFERRED");
    run("INSERT INTO a VALUES (1, 1)");
    run("INSERT INTO b VALUES (1, 1)");
    transaction.commit();
  }
  if (engine_name() == "mysql") run("SET SESSION foreign_key_checks = 1");
}

void CleanTest::make_audited_table() {
  run("CREATE TABLE t (id INT PRIMARY KEY)");
  run("CREATE TABLE audit (what INT)");
  run("INSERT INTO t VALUES (1), (2)");
  if (engine_name() == "postgres") {
    connection().execute_script(
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit "
        "VALUES (1); "
        "RETURN NULL; END $$; CREATE TRIGGER t_deleted AFTER DELETE ON t FOR EACH ROW EXECUTE "
        "FUNCTION note(); "
        "CREATE TRIGGER t_emptied AFTER TRUNCATE ON t EXECUTE FUNCTION note()");
    return;
  }
  run("CREATE TRIGGER t_deleted AFTER DELETE ON t FOR EACH ROW BEGIN INSERT INTO audit VALUES "
      "(old.id); END");
}

}  // namespace seedbed::testing
