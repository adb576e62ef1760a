#include "seedbed/engines/postgres/postgres_server.hpp"

#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/postgres/database_swap.hpp"
#include "seedbed/engines/postgres/databases.hpp"
#include "seedbed/engines/postgres/own_tables.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::postgres {

namespace {

constexpr int kFirstWithStrategies = 150000;

std::string server_lock(std::string_view lock) {
  return fmt::format("server:{}", lock);
}

class PostgresServer final : public DatabaseServer {
 public:
  PostgresServer(const Engine& engine, DatabaseUrl url)
      : engine_{engine}, url_{std::move(url)}, connection_{connect_maintenance(engine, url_)} {
    // Locks must outlive idle hours.
    connection_->execute(
        "SELECT set_config(name, '0', false) FROM pg_settings "
        "WHERE name IN ('idle_session_timeout', 'statement_timeout')");
  }

  [[nodiscard]] const Engine& engine() const noexcept override { return engine_; }
  [[nodiscard]] DatabaseUrl url_of(std::string_view name) const override {
    return url_.with_database(std::string{name});
  }
  [[nodiscard]] std::string identity() override {
    return connection_->query_value("SELECT format('%s, user %s', version(), current_user::text)")
        .text();
  }
  [[nodiscard]] std::vector<ListedDatabase> list(std::string_view prefix) override {
    const std::vector<Value> arguments{std::string{prefix}};
    const RowSet found = connection_->query(
        "SELECT datname::text, coalesce(shobj_description(oid, 'pg_database'), '') "
        "FROM pg_database WHERE starts_with(datname::text, $1) AND pg_has_role(datdba, 'USAGE') "
        "ORDER BY datname::text COLLATE \"C\"",
        arguments);
    std::vector<ListedDatabase> databases;
    for (const auto& row : found.rows) databases.push_back({row[0].text(), row[1].text()});
    return databases;
  }

  [[nodiscard]] bool try_lock(std::string_view lock, int milliseconds) override {
    return postgres::try_lock(*connection_, server_lock(lock), milliseconds);
  }
  void unlock(std::string_view lock) override { postgres::unlock(*connection_, server_lock(lock)); }

  void create(const std::string& name) override {
    require_own_name(name);
    create_database_by(*connection_, url_of(name), "");
  }
  [[nodiscard]] std::vector<std::string> clone_methods() override {
    const auto version =
        connection_->query_value("SELECT current_setting('server_version_num')::int4").integer();
    if (version < kFirstWithStrategies) return {};
    return {"WAL_LOG", "FILE_COPY"};
  }
  void clone(const CloneOrder& order) override;
  void replace(const CloneOrder& order, const std::function<void(Connection&)>& prepare) override;
  void seal(const std::string& name, const std::string& note) override {
    require_own_name(name);
    const std::string quoted = engine_.quote(name);
    connection_->execute(
        fmt::format("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true", quoted));
    connection_->execute(
        fmt::format("COMMENT ON DATABASE {} IS {}", quoted, engine_.literal(Value{note})));
  }
  void unseal(const std::string& name) override {
    require_own_name(name);
    const std::string quoted = engine_.quote(name);
    connection_->execute(fmt::format("COMMENT ON DATABASE {} IS NULL", quoted));
    connection_->execute(
        fmt::format("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true IS_TEMPLATE false", quoted));
  }
  // The server's own workers have no user.
  [[nodiscard]] bool is_in_use(const std::string& name) override {
    const std::vector<Value> arguments{name};
    return connection_
        ->query_value(
            "SELECT EXISTS (SELECT FROM pg_stat_activity "
            "WHERE datname = $1 AND usesysid IS NOT NULL)",
            arguments)
        .boolean();
  }
  void drop(const std::string& name) override {
    require_own_name(name);
    const std::vector<Value> arguments{name};
    const auto found =
        connection_->query("SELECT datistemplate FROM pg_database WHERE datname = $1", arguments);
    if (!found.rows.empty() && found.rows.front()[0].boolean()) {
      connection_->execute(
          fmt::format("ALTER DATABASE {} WITH IS_TEMPLATE false", engine_.quote(name)));
    }
    drop_database_by(*connection_, url_of(name), " WITH (FORCE)");
  }

  void cancel() noexcept override { connection_->cancel(); }

 private:
  void copy_settings(const CloneOrder& order);
  void drop_if_there(const std::string& name);

  const Engine& engine_;
  DatabaseUrl url_;
  std::unique_ptr<Connection> connection_;
};

void PostgresServer::clone(const CloneOrder& order) {
  require_own_name(order.target);
  std::string options = " TEMPLATE " + engine_.quote(order.source);
  if (!order.method.empty()) options += " STRATEGY " + order.method;
  create_database_by(*connection_, url_of(order.target), options);
  copy_settings(order);
}

// ALTER DATABASE ... SET belongs to the server, so CREATE DATABASE leaves it behind. FROM CURRENT
// takes the value as it is, lists included.
void PostgresServer::copy_settings(const CloneOrder& order) {
  const std::vector<Value> arguments{order.source};
  const RowSet settings = connection_->query(
      "SELECT r.rolname::text, split_part(c, '=', 1), substr(c, strpos(c, '=') + 1) "
      "FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase "
      "LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) c WHERE d.datname = $1",
      arguments);
  const std::string target = engine_.quote(order.target);
  for (const auto& row : settings.rows) {
    const std::string whose = row[0].is_null() ? "DATABASE " + target
                                               : fmt::format("ROLE {} IN DATABASE {}",
                                                             engine_.quote(row[0].text()), target);
    Transaction transaction{*connection_};
    connection_->execute("SELECT set_config($1, $2, true)", std::vector<Value>{row[1], row[2]});
    connection_->execute(
        fmt::format("ALTER {} SET {} FROM CURRENT", whose, engine_.quote(row[1].text())));
    transaction.commit();
  }
}

void PostgresServer::drop_if_there(const std::string& name) {
  if (!list(name).empty()) drop(name);
}

// What is left of an earlier one that was killed has the same names.
void PostgresServer::replace(const CloneOrder& order,
                             const std::function<void(Connection&)>& prepare) {
  require_replaceable(*connection_, url_of(order.target));
  const auto [incoming, outgoing] = replacement_names(order.target);
  drop_if_there(outgoing);
  drop_if_there(incoming);
  try {
    clone({.source = order.source, .target = incoming, .method = order.method});
    copy_rights(*connection_, order.target, incoming);
    prepare(*engine_.connect(url_of(incoming)));
    swap_databases(*connection_, {order.target, incoming, outgoing});
  } catch (const Error&) {
    drop_if_there(incoming);
    throw;
  }
  drop(outgoing);
}

}  // namespace

std::unique_ptr<DatabaseServer> connect_server(const Engine& engine, const DatabaseUrl& url) {
  return std::make_unique<PostgresServer>(engine, url);
}

}  // namespace seedbed::postgres
