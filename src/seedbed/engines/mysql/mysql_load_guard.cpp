#include "seedbed/engines/mysql/mysql_load_guard.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/mysql/dialect.hpp"
#include "seedbed/engines/mysql/products.hpp"

namespace seedbed::mysql {

namespace {

constexpr const char* kKeyChecks = "foreign_key_checks";
constexpr std::array kAllChecks{kKeyChecks, "unique_checks"};

std::string set_sql(const std::string& setting, bool on) {
  return fmt::format("SET SESSION {} = {:d}", setting, on);
}
bool is_on(Connection& connection, const std::string& setting) {
  return connection.query_value("SELECT @@SESSION." + setting).as<bool>();
}

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

// Without unique_checks, a change buffer takes equal values.
void require_sorted_fill(Connection& connection) {
  const char* buffered =
      "SELECT 1 FROM information_schema.global_variables "
      "WHERE variable_name = 'innodb_change_buffering' AND variable_value <> 'none'";
  if (has_sorted_fill(version_of(connection)) && connection.query(buffered).rows.empty()) return;
  throw Error{ErrorCode::unsupported,
              "foreign keys and indexes can be put off by MariaDB from 10.7, with "
              "innodb_change_buffering = none, its default: load with them in place",
              {.engine = "mysql"}};
}

std::vector<GuardedKey> keys_of(const Schema& schema, std::span<const TableName> tables) {
  std::vector<GuardedKey> keys;
  for (const auto& table : tables) {
    for (const auto& key : schema.at(table).foreign_keys) keys.push_back({table, key});
  }
  return keys;
}

// Also keys that refer to the tables: replaced parents orphan children that were kept.
std::vector<GuardedKey> keys_around(const Schema& schema, std::span<const TableName> tables) {
  const auto listed = [&](const TableName& name) {
    return std::ranges::find(tables, name) != tables.end();
  };
  auto keys = keys_of(schema, tables);
  for (const auto& table : schema.tables()) {
    if (listed(table.name)) continue;
    for (const auto& key : table.foreign_keys) {
      if (listed(key.parent)) keys.push_back({table.name, key});
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

/// Switches checks off until it is finished or destroyed, and looks at the keys itself.
class MysqlLoadGuard : public LoadGuard {
 public:
  MysqlLoadGuard(Connection& connection, std::vector<GuardedKey> keys,
                 std::span<const char* const> settings)
      : connection_{connection}, keys_{std::move(keys)} {
    for (const auto* setting : settings) {
      if (!is_on(connection_, setting)) continue;
      connection_.execute(set_sql(setting, false));
      off_.emplace_back(setting);
    }
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
    for (; !off_.empty(); off_.pop_back()) {
      connection_.execute(set_sql(off_.back(), true));
    }
  }

  Connection& connection_;
  std::vector<GuardedKey> keys_;
  std::vector<std::string> off_;  // settings that were on
};

}  // namespace

std::unique_ptr<LoadGuard> guard_load(Connection& connection, const Schema& schema,
                                      std::span<const TableName> tables) {
  require_no_triggers(schema, tables);
  return std::make_unique<MysqlLoadGuard>(connection, keys_around(schema, tables),
                                          std::span{&kKeyChecks, 1});
}

std::unique_ptr<LoadGuard> defer_constraints(Connection& connection, const Schema& schema,
                                             const DeferredTables& deferred) {
  require_sorted_fill(connection);
  if (!deferred.alone) return nullptr;
  // Rows of other tables have no parents among rows that are only coming.
  return std::make_unique<MysqlLoadGuard>(connection, keys_of(schema, deferred.empty), kAllChecks);
}

SurroundingSql deferred_sql(Connection& connection, const Schema& schema,
                            const DeferredTables& deferred) {
  require_sorted_fill(connection);
  SurroundingSql sql;
  if (!deferred.alone) return sql;
  for (const auto& guarded : keys_of(schema, deferred.empty)) {
    sql.after.push_back(orphans_sql(guarded));
  }
  for (const auto* setting : kAllChecks) {
    if (!is_on(connection, setting)) continue;
    sql.before.push_back(set_sql(setting, false));
    sql.after.push_back(set_sql(setting, true));
  }
  return sql;
}

}  // namespace seedbed::mysql
