#include "seedbed/engines/mysql/mysql_load_guard.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/mysql/dialect.hpp"

namespace seedbed::mysql {

namespace {

struct GuardedKey {
  TableName child;
  ForeignKey key;
};

void require_no_triggers(const Schema& schema, std::span<const TableName> tables) {
  Diagnostics findings;
  for (const auto& name : tables) {
    const Table& table = schema.at(name);
    if (table.triggers.empty()) continue;
    findings.push_back(
        {ErrorCode::unsupported,
         fmt::format(
             "table '{}' has triggers ({}), which would rewrite loaded rows, and the server "
             "cannot switch them off; drop them first",
             name.to_string(), join(table.triggers, ", ")),
         {}});
  }
  throw_if_any(std::move(findings));
}

// Keys of the tables and keys that refer to them: replaced parents orphan children that were kept.
std::vector<GuardedKey> keys_around(const Schema& schema, std::span<const TableName> tables) {
  const auto listed = [&](const TableName& name) {
    return std::ranges::find(tables, name) != tables.end();
  };
  std::vector<GuardedKey> keys;
  for (const auto& table : schema.tables()) {
    for (const auto& key : table.foreign_keys) {
      if (listed(table.name) || listed(key.parent)) keys.push_back({table.name, key});
    }
  }
  return keys;
}

// Rows without a parent; a NULL in any column of the key refers to nothing.
std::string orphans_sql(const GuardedKey& guarded) {
  std::vector<std::string> matches;
  std::vector<std::string> present;
  for (std::size_t i = 0; i < guarded.key.columns.size(); ++i) {
    const auto column = "c." + backticked(guarded.key.columns[i]);
    matches.push_back(fmt::format("p.{} = {}", backticked(guarded.key.parent_columns[i]), column));
    present.push_back(column + " IS NOT NULL");
  }
  return fmt::format("SELECT COUNT(*) FROM {} c LEFT JOIN {} p ON {} WHERE {} AND p.{} IS NULL",
                     backticked(guarded.child), backticked(guarded.key.parent),
                     join(matches, " AND "), join(present, " AND "),
                     backticked(guarded.key.parent_columns.front()));
}

class MysqlLoadGuard : public LoadGuard {
 public:
  MysqlLoadGuard(Connection& connection, std::vector<GuardedKey> keys)
      : connection_{connection}, keys_{std::move(keys)} {
    checked_ = connection_.query_value("SELECT @@SESSION.foreign_key_checks").as<bool>();
    if (checked_) connection_.execute("SET SESSION foreign_key_checks = 0");
  }

  ~MysqlLoadGuard() override {
    try {
      put_back();
    } catch (const Error&) {
      // The session is lost, and its settings with it.
    }
  }
  MysqlLoadGuard(const MysqlLoadGuard&) = delete;
  MysqlLoadGuard& operator=(const MysqlLoadGuard&) = delete;

  void finish() override {
    Diagnostics findings;
    for (const auto& guarded : keys_) {
      const auto orphans = connection_.query_value(orphans_sql(guarded)).as<std::int64_t>();
      if (orphans > 0) findings.push_back(finding(guarded, orphans));
    }
    throw_if_any(std::move(findings));
    put_back();
  }

 private:
  static Diagnostic finding(const GuardedKey& guarded, std::int64_t orphans) {
    return {ErrorCode::constraint_violation,
            fmt::format("foreign key '{}' of table '{}': {} {} no parent in '{}'", guarded.key.name,
                        guarded.child.to_string(), orphans, orphans == 1 ? "row has" : "rows have",
                        guarded.key.parent.to_string()),
            {}};
  }

  void put_back() {
    if (!checked_) return;
    connection_.execute("SET SESSION foreign_key_checks = 1");
    checked_ = false;
  }

  Connection& connection_;
  std::vector<GuardedKey> keys_;
  bool checked_ = false;  // whether checks were on, and are to be put on again
};

}  // namespace

std::unique_ptr<LoadGuard> guard_load(Connection& connection, const Schema& schema,
                                      std::span<const TableName> tables) {
  require_no_triggers(schema, tables);
  return std::make_unique<MysqlLoadGuard>(connection, keys_around(schema, tables));
}

}  // namespace seedbed::mysql
