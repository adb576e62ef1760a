#include "seedbed/engines/mysql/mysql_server.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/mysql/dialect.hpp"
#include "seedbed/engines/mysql/mark_store.hpp"
#include "seedbed/engines/mysql/named_locks.hpp"
#include "seedbed/engines/mysql/schema_copy.hpp"

namespace seedbed::mysql {

namespace {

std::string server_lock(std::string_view lock) {
  return fmt::format("seedbed:server:{}", lock);
}

class MysqlServer final : public DatabaseServer {
 public:
  MysqlServer(const Engine& engine, DatabaseUrl url)
      : engine_{engine}, url_{std::move(url)}, connection_{engine.connect(url_.with_database({}))} {
    // Locks must outlive idle hours.
    connection_->execute("SET SESSION wait_timeout = 31536000");
  }

  [[nodiscard]] const Engine& engine() const noexcept override { return engine_; }
  [[nodiscard]] DatabaseUrl url_of(std::string_view name) const override {
    return url_.with_database(std::string{name});
  }
  [[nodiscard]] std::string identity() override {
    return connection_->query_value("SELECT CONCAT(VERSION(), ', user ', CURRENT_USER())").text();
  }
  [[nodiscard]] std::vector<ListedDatabase> list(std::string_view prefix) override {
    std::vector<ListedDatabase> databases;
    if (!table_exists(*connection_, "seedbed_server", "seedbed_databases")) return databases;
    const std::array<Value, 1> arguments{std::string{prefix}};
    const RowSet found = connection_->query(
        "SELECT schema_name, note FROM seedbed_server.seedbed_databases "
        "WHERE LOCATE(?, schema_name) = 1 ORDER BY schema_name",
        arguments);
    for (const auto& row : found.rows) databases.push_back({row[0].text(), row[1].text()});
    return databases;
  }
  [[nodiscard]] bool lists_recorded_only() const noexcept override { return true; }

  [[nodiscard]] bool try_lock(std::string_view lock, int milliseconds) override {
    return take_lock(*connection_, server_lock(lock), milliseconds);
  }
  void unlock(std::string_view lock) override { release_lock(*connection_, server_lock(lock)); }

  void create(const std::string& name) override {
    record(name);
    connection_->execute(fmt::format("CREATE DATABASE {} CHARACTER SET utf8mb4", backticked(name)));
  }
  void clone(const CloneOrder& order) override {
    require_own_name(order.target);
    require_database(order.source);
    record(order.target);
    copy_schema(*connection_, order.source, order.target);
  }
  void replace(const CloneOrder& order, const std::function<void(Connection&)>& prepare) override {
    require_database(order.source);
    require_database(order.target);
    replace_schema(*connection_, order.source, order.target);
    prepare(*engine_.connect(url_of(order.target)));
    finish_replacing(*connection_, order.target);
  }
  void seal(const std::string& name, const std::string& note) override {
    require_own_name(name);
    forget_mark(*connection_, name);
    set_note(name, note);
  }
  void unseal(const std::string& name) override {
    require_own_name(name);
    set_note(name, {});
  }
  [[nodiscard]] bool is_in_use(const std::string& name) override {
    const std::array<Value, 1> arguments{name};
    return connection_
               ->query_value(
                   "SELECT COUNT(*) FROM information_schema.processlist "
                   "WHERE db = ? AND id <> CONNECTION_ID()",
                   arguments)
               .as<std::int64_t>() > 0;
  }
  void drop(const std::string& name) override {
    require_own_name(name);
    const auto recorded = list(name);
    const bool known = std::ranges::any_of(
        recorded, [&](const ListedDatabase& database) { return database.name == name; });
    if (!known && !exists(name)) {
      throw Error{ErrorCode::not_found,
                  fmt::format("there is no database '{}' ({})", name, url_of(name).redacted()),
                  {.engine = "mysql"}};
    }
    connection_->execute("DROP DATABASE IF EXISTS " + backticked(name));
    forget_mark(*connection_, name);
    const std::array<Value, 1> arguments{name};
    if (known) {
      connection_->execute("DELETE FROM seedbed_server.seedbed_databases WHERE schema_name = ?",
                           arguments);
    }
  }

  void cancel() noexcept override { connection_->cancel(); }

 private:
  [[nodiscard]] bool exists(const std::string& name) {
    const std::array<Value, 1> arguments{name};
    return connection_
               ->query_value(
                   "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = ?",
                   arguments)
               .as<std::int64_t>() > 0;
  }
  void require_database(const std::string& name) {
    if (exists(name)) return;
    throw Error{ErrorCode::not_found,
                fmt::format("there is no database '{}' ({})", name, url_of(name).redacted()),
                {.engine = "mysql"}};
  }
  void set_note(const std::string& name, const std::string& note) {
    const std::array<Value, 2> arguments{note, name};
    connection_->execute(
        "UPDATE seedbed_server.seedbed_databases SET note = ? WHERE schema_name = ?", arguments);
  }
  void record(const std::string& name) {
    require_own_name(name);
    if (exists(name)) {
      throw Error{
          ErrorCode::conflict,
          fmt::format("there is already a database '{}' ({})", name, url_of(name).redacted()),
          {.engine = "mysql"}};
    }
    create_server_table(*connection_, "seedbed_databases",
                        "schema_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin "
                        "NOT NULL PRIMARY KEY, note LONGTEXT CHARACTER SET utf8mb4 NOT NULL");
    const std::array<Value, 1> arguments{name};
    connection_->execute(
        "REPLACE INTO seedbed_server.seedbed_databases (schema_name, note) VALUES (?, '')",
        arguments);
  }

  const Engine& engine_;
  DatabaseUrl url_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace

std::unique_ptr<DatabaseServer> connect_server(const Engine& engine, const DatabaseUrl& url) {
  return std::make_unique<MysqlServer>(engine, url);
}

}  // namespace seedbed::mysql
