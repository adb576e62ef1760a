#include "seedbed/engines/mysql/schema_copy.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/database_server.hpp"
#include "seedbed/engines/mysql/dialect.hpp"
#include "seedbed/engines/mysql/products.hpp"
#include "seedbed/engines/mysql/session_settings.hpp"

namespace seedbed::mysql {

namespace {

/// A statement of SHOW CREATE, and the session settings that it was written under.
struct Definition {
  std::string sql{};
  std::string settings{};  ///< of SET SESSION
};

/// Rows go as they are, also those that today's checks would refuse.
constexpr const char* kCopySettings =
    "SET SESSION foreign_key_checks = 0, unique_checks = 0, "
    "sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,"
    "NO_ENGINE_SUBSTITUTION'";

/// Own tables and triggers that hold for the source only, by the beginnings of their names.
constexpr std::array<std::string_view, 2> kLeftBehind{"seedbed_undo", "seedbed_empty_"};

class SchemaCopy {
 public:
  SchemaCopy(Connection& connection, std::string source, std::string target)
      : connection_{connection},
        source_{std::move(source)},
        target_{std::move(target)},
        mariadb_{version_of(connection).product == Product::mariadb} {}

  void create_database() { connection_.execute("CREATE DATABASE " + described_target()); }

  /// Tables that `run` is not to copy.
  void leave(std::vector<std::string> tables) { left_ = std::move(tables); }

  /// Drops all that is in the target, but for what `run` leaves.
  void empty_target() {
    connection_.execute("ALTER DATABASE " + described_target());
    std::swap(source_, target_);
    const auto tables = without_left(
        names("tables", "table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')", "table_name"));
    std::vector<std::pair<std::string_view, std::vector<std::string>>> found{
        {"VIEW", names("tables", "table_type = 'VIEW'", "table_name")},
        {"SEQUENCE", names("tables", "table_type = 'SEQUENCE'", "table_name")},
        {"EVENT", names("events", "TRUE", "event_name")},
        {"FUNCTION", names("routines", "routine_type = 'FUNCTION'", "routine_name")},
        {"PROCEDURE", names("routines", "routine_type = 'PROCEDURE'", "routine_name")},
        {"PACKAGE", names("routines", "routine_type = 'PACKAGE'", "routine_name")}};
    std::swap(source_, target_);
    use(target_);
    connection_.execute("SET SESSION foreign_key_checks = 0");
    for (const auto& table : tables) drop("TABLE", table);
    for (const auto& [kind, objects] : found) {
      for (const auto& object : objects) drop(kind, object);
    }
  }

  void run() {
    const auto sequences = names("tables", "table_type = 'SEQUENCE'", "table_name");
    const auto tables = copied(names("tables", "table_type = 'BASE TABLE'", "table_name"));
    const auto versioned = names("tables", "table_type = 'SYSTEM VERSIONED'", "table_name");
    use(source_);
    read_tables(sequences, tables, versioned);
    const auto routines = read_routines();
    const auto views = read_views();
    const auto triggers =
        read_all("TRIGGER", "triggers", "trigger_name", "action_order, trigger_name");
    const auto events = read_all("EVENT", "events", "event_name", "event_name");
    use(target_);
    connection_.execute(kCopySettings);
    if (mariadb_) connection_.execute("SET SESSION check_constraint_checks = 0");
    for (const auto& sql : creations_) connection_.execute(sql);
    for (const auto& table : tables) copy_rows(table, false);
    copy_history(versioned);
    create_in_any_order(routines);
    create_in_any_order(views);
    create(triggers);
    create(events);
  }

 private:
  void use(const std::string& schema) { connection_.execute("USE " + backticked(schema)); }

  void drop(std::string_view kind, const std::string& name) {
    connection_.execute(fmt::format("DROP {} IF EXISTS {}", kind, backticked(name)));
  }

  std::string described_target() {
    const std::array<Value, 1> name{source_};
    const Row row = connection_
                        .query(
                            "SELECT default_character_set_name, default_collation_name "
                            "FROM information_schema.schemata WHERE schema_name = ?",
                            name)
                        .rows.at(0);
    return fmt::format("{} CHARACTER SET {} COLLATE {}", backticked(target_), row[0].text(),
                       row[1].text());
  }

  [[nodiscard]] std::vector<std::string> without_left(std::vector<std::string> found) const {
    std::erase_if(found, [&](const std::string& name) {
      return std::ranges::find(left_, name) != left_.end();
    });
    return found;
  }

  [[nodiscard]] std::vector<std::string> copied(std::vector<std::string> found) const {
    std::erase_if(found, [](const std::string& name) {
      return std::ranges::any_of(kLeftBehind,
                                 [&](std::string_view start) { return name.starts_with(start); });
    });
    return without_left(std::move(found));
  }

  /// Names of what the source has, by the catalog's table for them.
  std::vector<std::string> names(std::string_view catalog, std::string_view condition,
                                 std::string_view column, std::string_view order = {}) {
    const std::string_view schema_column = catalog == "triggers"   ? "trigger_schema"
                                           : catalog == "routines" ? "routine_schema"
                                           : catalog == "events"   ? "event_schema"
                                                                   : "table_schema";
    const std::array<Value, 1> arguments{source_};
    const auto found = connection_.query(
        fmt::format("SELECT {} FROM information_schema.{} WHERE {} = ? AND {} ORDER BY {}", column,
                    catalog, schema_column, condition, order.empty() ? column : order),
        arguments);
    std::vector<std::string> result;
    for (const auto& row : found.rows) result.push_back(row[0].text());
    return result;
  }

  RowSet show(std::string_view kind, const std::string& name) {
    return connection_.query(fmt::format("SHOW CREATE {} {}", kind, backticked(name)));
  }

  void read_tables(const std::vector<std::string>& sequences,
                   const std::vector<std::string>& tables,
                   const std::vector<std::string>& versioned) {
    for (const auto& name : sequences) {
      creations_.push_back(show("SEQUENCE", name).rows.at(0)[1].text());
      const auto next =
          connection_.query_value("SELECT next_not_cached_value FROM " + backticked(name));
      creations_.push_back(fmt::format("DO SETVAL({}, {}, 0)", backticked(name), literal(next)));
    }
    for (const auto* list : {&tables, &versioned}) {
      for (const auto& name : *list) {
        creations_.push_back(in_target(show("TABLE", name).rows.at(0)[1].text()));
      }
    }
  }

  // The server writes the schema into defaults that draw from a sequence, and nowhere else.
  [[nodiscard]] std::string in_target(std::string sql) const {
    const std::string from = "nextval(" + backticked(source_) + ".";
    const std::string to = "nextval(" + backticked(target_) + ".";
    for (auto at = sql.find(from); at != std::string::npos; at = sql.find(from, at + to.size())) {
      sql.replace(at, from.size(), to);
    }
    return sql;
  }

  void copy_rows(const std::string& table, bool with_history) {
    const std::array<Value, 2> arguments{source_, table};
    const auto found = connection_.query(
        "SELECT column_name, COALESCE(generation_expression, '') FROM information_schema.columns "
        "WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position",
        arguments);
    std::vector<std::string> columns;
    bool has_period = false;
    for (const auto& row : found.rows) {
      const std::string made = row[1].text();
      const bool period = made == "ROW START" || made == "ROW END";
      has_period = has_period || period;
      if (made.empty() || (period && with_history)) columns.push_back(backticked(row[0].text()));
    }
    if (with_history && !has_period) columns.insert(columns.end(), {"row_start", "row_end"});
    const std::string list = join(columns, ", ");
    connection_.execute(fmt::format("INSERT INTO {0} ({1}) SELECT {1} FROM {2}.{0}{3}",
                                    backticked(table), list, backticked(source_),
                                    with_history ? " FOR SYSTEM_TIME ALL" : ""));
  }

  void copy_history(const std::vector<std::string>& versioned) {
    if (versioned.empty()) return;
    try {
      connection_.execute("SET SESSION system_versioning_insert_history = 1");
    } catch (Error& error) {
      error.add_context("cloning a table with history needs MariaDB 10.11 or newer");
      throw;
    }
    for (const auto& table : versioned) copy_rows(table, true);
    connection_.execute("SET SESSION system_versioning_insert_history = 0");
  }

  /// The columns before and behind the statement differ from kind to kind; those that matter have
  /// the same names.
  Definition read_definition(std::string_view kind, const std::string& name) {
    const RowSet shown = show(kind, name);
    Definition definition;
    std::vector<std::string> settings;
    for (std::size_t i = 0; i < shown.columns.size(); ++i) {
      const Value& cell = shown.rows.at(0)[i];
      const std::string column = to_lower(shown.columns[i]);
      if (column == "sql original statement" || column.starts_with("create ")) {
        if (cell.is_null()) throw_hidden(kind, name);
        definition.sql = cell.text();
      } else if (column == "sql_mode" || column == "time_zone" ||
                 column == "collation_connection") {
        settings.push_back(fmt::format("{} = {}", column, literal(cell)));
      }
    }
    definition.settings = join(settings, ", ");
    return definition;
  }

  [[noreturn]] void throw_hidden(std::string_view kind, const std::string& name) const {
    throw Error{ErrorCode::invalid_input,
                fmt::format("this user may not see the text of {} '{}' of database '{}', and so "
                            "cannot clone it",
                            to_lower(kind), name, source_),
                {.engine = "mysql"}};
  }

  std::vector<Definition> read_all(std::string_view kind, std::string_view catalog,
                                   std::string_view column, std::string_view order) {
    std::vector<Definition> definitions;
    for (const auto& name : copied(names(catalog, "TRUE", column, order))) {
      definitions.push_back(read_definition(kind, name));
    }
    return definitions;
  }

  std::vector<Definition> read_routines() {
    std::vector<Definition> definitions;
    for (const std::string kind : {"FUNCTION", "PROCEDURE", "PACKAGE", "PACKAGE BODY"}) {
      const auto condition = fmt::format("routine_type = '{}'", kind);
      for (const auto& name : names("routines", condition, "routine_name")) {
        definitions.push_back(read_definition(kind, name));
      }
    }
    return definitions;
  }

  std::vector<Definition> read_views() {
    std::vector<Definition> definitions;
    for (const auto& name : names("tables", "table_type = 'VIEW'", "table_name")) {
      definitions.push_back(read_definition("VIEW", name));
    }
    return definitions;
  }

  void create(const std::vector<Definition>& definitions) {
    for (const auto& definition : definitions) {
      if (!definition.settings.empty()) {
        connection_.execute("SET SESSION " + definition.settings);
      }
      connection_.execute(definition.sql);
    }
  }

  [[nodiscard]] bool can_create(const Definition& definition) {
    try {
      create({definition});
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  // A view may read one that comes after it by name.
  void create_in_any_order(std::vector<Definition> left) {
    for (std::size_t before = left.size() + 1; !left.empty() && left.size() < before;) {
      before = left.size();
      std::erase_if(left, [&](const Definition& definition) { return can_create(definition); });
    }
    create(left);  // for the error of what is left
  }

  Connection& connection_;
  std::string source_;
  std::string target_;
  bool mariadb_;
  std::vector<std::string> left_;
  std::vector<std::string> creations_;
};

void with_settings_put_back(Connection& connection, const std::function<void()>& copy) {
  const Row before = connection.query("SELECT @@collation_connection").rows.at(0);
  const auto put_back = [&] {
    connection.execute(
        fmt::format("SET SESSION foreign_key_checks = 1, unique_checks = 1, lock_wait_timeout = "
                    "DEFAULT, {}, collation_connection = {}",
                    load_settings(), literal(before[0])));
  };
  try {
    copy();
  } catch (const Error&) {
    put_back();
    throw;
  }
  put_back();
}

std::string own_table_in(const std::string& schema, std::string_view name) {
  return fmt::format("{}.seedbed_{}", backticked(schema), name);
}

// Waits for those who use a table, while nothing is lost yet.
void wait_for_tables(Connection& connection, const std::string& schema) {
  const std::array<Value, 1> arguments{schema};
  std::vector<std::string> locks;
  for (const auto& row : connection
                             .query("SELECT table_name FROM information_schema.tables WHERE "
                                    "table_schema = ? AND table_type = 'BASE TABLE'",
                                    arguments)
                             .rows) {
    locks.push_back(fmt::format("{}.{} WRITE", backticked(schema), backticked(row[0].text())));
  }
  if (locks.empty()) return;
  connection.execute("SET SESSION lock_wait_timeout = 10");
  try {
    connection.execute("LOCK TABLES " + join(locks, ", "));
    connection.execute("UNLOCK TABLES");
  } catch (Error& error) {
    // Who may not lock tables waits for each when it goes.
    if (error.code() != ErrorCode::unavailable) return;
    error.add_context(
        fmt::format("database '{}' cannot be replaced while transactions use it", schema));
    throw;
  }
}

}  // namespace

void copy_schema(Connection& connection, const std::string& source, const std::string& target) {
  with_settings_put_back(connection, [&] {
    SchemaCopy copy{connection, source, target};
    copy.create_database();
    copy.run();
  });
}

void replace_schema(Connection& connection, const std::string& source, const std::string& target) {
  with_settings_put_back(connection, [&] {
    wait_for_tables(connection, target);
    connection.execute(fmt::format("CREATE TABLE IF NOT EXISTS {} (id INT)",
                                   own_table_in(target, detail::kReplacing)));
    SchemaCopy copy{connection, source, target};
    copy.leave({fmt::format("seedbed_{}", detail::kReplacing), "seedbed_baseline", "seedbed_mark"});
    copy.empty_target();
    copy.run();
  });
}

void finish_replacing(Connection& connection, const std::string& target) {
  connection.execute("DROP TABLE IF EXISTS " + own_table_in(target, detail::kReplacing));
}

}  // namespace seedbed::mysql
