#include <functional>
#include <iostream>
#include <map>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <soci/soci.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/adopt/soci.hpp"
#include "seedbed/engines/adopt/soci_backend.hpp"
#include "seedbed/engines/adopt/soci_guarded_statement.hpp"
#include "seedbed/engines/postgres/sandbox_script.hpp"
#include "seedbed/engines/sandbox_transaction.hpp"

namespace seedbed {

namespace detail {

using soci::details::session_backend;

// Forwards everything but transactions.
class SavepointBackend final : public session_backend, public SavepointStack {
 public:
  explicit SavepointBackend(std::unique_ptr<session_backend> driver) : driver_{std::move(driver)} {}

  [[nodiscard]] session_backend& driver() noexcept { return *driver_; }
  /// Whether the user's own transaction is open, outside of sandboxes.
  [[nodiscard]] bool users_transaction() const noexcept { return users_transaction_; }

  bool is_connected() override { return driver_->is_connected(); }
  void begin() override {
    if (inside()) return begin_savepoint();
    driver_->begin();
    users_transaction_ = true;
  }
  void commit() override {
    if (inside()) return require_transaction(release_savepoint(), "commit");
    driver_->commit();
    users_transaction_ = false;
  }
  void rollback() override {
    if (inside()) return require_transaction(undo_savepoint(), "rollback");
    driver_->rollback();
    users_transaction_ = false;
  }

  bool get_next_sequence_value(soci::session& session, const std::string& sequence,
                               long long& value) override {
    return driver_->get_next_sequence_value(session, sequence, value);
  }
  bool get_last_insert_id(soci::session& session, const std::string& table,
                          long long& value) override {
    return driver_->get_last_insert_id(session, table, value);
  }
  [[nodiscard]] std::string get_table_names_query() const override {
    return driver_->get_table_names_query();
  }
  [[nodiscard]] std::string get_column_descriptions_query() const override {
    return driver_->get_column_descriptions_query();
  }
  std::string create_table(const std::string& table) override {
    return driver_->create_table(table);
  }
  std::string drop_table(const std::string& table) override { return driver_->drop_table(table); }
  std::string truncate_table(const std::string& table) override {
    return driver_->truncate_table(table);
  }
  std::string create_column_type(soci::data_type type, int precision, int scale) override {
    return driver_->create_column_type(type, precision, scale);
  }
  std::string add_column(const std::string& table, const std::string& column, soci::data_type type,
                         int precision, int scale) override {
    return driver_->add_column(table, column, type, precision, scale);
  }
  std::string alter_column(const std::string& table, const std::string& column,
                           soci::data_type type, int precision, int scale) override {
    return driver_->alter_column(table, column, type, precision, scale);
  }
  std::string drop_column(const std::string& table, const std::string& column) override {
    return driver_->drop_column(table, column);
  }
  std::string constraint_unique(const std::string& name, const std::string& columns) override {
    return driver_->constraint_unique(name, columns);
  }
  std::string constraint_primary_key(const std::string& name, const std::string& columns) override {
    return driver_->constraint_primary_key(name, columns);
  }
  std::string constraint_foreign_key(const std::string& name, const std::string& columns,
                                     const std::string& table,
                                     const std::string& their_columns) override {
    return driver_->constraint_foreign_key(name, columns, table, their_columns);
  }
  std::string empty_blob() override { return driver_->empty_blob(); }
  std::string nvl() override { return driver_->nvl(); }
  [[nodiscard]] std::string get_dummy_from_table() const override {
    return driver_->get_dummy_from_table();
  }
  [[nodiscard]] std::string get_backend_name() const override {
    return driver_->get_backend_name();
  }
  soci::details::statement_backend* make_statement_backend() override {
    auto statement = drivers_statement();
    if (get_backend_name() != "postgresql") return statement.release();
    return guarded_statement(std::move(statement), *this).release();
  }
  soci::details::rowid_backend* make_rowid_backend() override {
    return driver_->make_rowid_backend();
  }
  soci::details::blob_backend* make_blob_backend() override { return driver_->make_blob_backend(); }

  // As `session << sql` does, without its query stream and logger, which are the user's.
  void run(const std::string& sql) override {
    const auto statement = drivers_statement();
    statement->alloc();
    try {
      statement->prepare(sql, soci::details::st_one_time_query);
      statement->execute(1);
    } catch (...) {
      statement->clean_up();
      throw;
    }
    statement->clean_up();
  }

 private:
  // set_failover_callback is not virtual: what it has set is handed on with the next statement.
  [[nodiscard]] std::unique_ptr<soci::details::statement_backend> drivers_statement() {
    driver_->failoverCallback_ = failoverCallback_;
    driver_->session_ = session_;
    return std::unique_ptr<soci::details::statement_backend>{driver_->make_statement_backend()};
  }

  // SQLite alone makes an error of it.
  void require_transaction(bool open, std::string_view what) const {
    if (open || get_backend_name() != "sqlite3") return;
    throw soci::soci_error{fmt::format("cannot {} - no transaction is active", what)};
  }

  std::unique_ptr<session_backend> driver_;
  bool users_transaction_ = false;
};

}  // namespace detail

namespace {

using detail::SavepointBackend;
using soci::details::session_backend;

class SavepointFactory final : public soci::backend_factory {
 public:
  explicit SavepointFactory(const soci::backend_factory& driver) : driver_{driver} {}

  [[nodiscard]] session_backend* make_session(
      const soci::connection_parameters& parameters) const override {
    std::unique_ptr<session_backend> driver{driver_.make_session(parameters)};
    return std::make_unique<SavepointBackend>(std::move(driver)).release();
  }

 private:
  const soci::backend_factory& driver_;
};

SavepointBackend* savepoint_backend(soci::session& session) {
  return dynamic_cast<SavepointBackend*>(session.get_backend());
}

SavepointBackend& require_savepoints(soci::session& session) {
  auto* const backend = savepoint_backend(session);
  if (backend == nullptr) {
    throw Error{ErrorCode::invalid_input,
                "the session was not opened by 'savepoints', so nothing can contain its "
                "transactions: open it as soci::session{seedbed::savepoints(soci::...), ...}"};
  }
  return *backend;
}

// Calls `action`; SOCI's exceptions leave as Error, with `code` unless the connection is lost.
void translating(SavepointBackend& backend, ErrorCode code, const std::function<void()>& action) {
  try {
    action();
  } catch (const soci::soci_error& error) {
    const bool lost = !backend.is_connected();
    throw Error{lost ? ErrorCode::unavailable : code, error.what()};
  }
}

}  // namespace

const soci::backend_factory& savepoints(const soci::backend_factory& driver) {
  // A session keeps the address of its factory, and may reconnect at any time.
  static std::mutex mutex;
  static std::map<const soci::backend_factory*, const SavepointFactory> factories;
  const std::lock_guard lock{mutex};
  return factories.try_emplace(&driver, driver).first->second;
}

soci::details::session_backend* driver_backend(soci::session& session) {
  auto* const backend = savepoint_backend(session);
  return backend == nullptr ? session.get_backend() : &backend->driver();
}

detail::SavepointStack* detail::savepoints_of(soci::session& session) {
  return savepoint_backend(session);
}

// On SQLite the Connection of `adopt` does it all.
class SessionSandbox::Scope {
 public:
  explicit Scope(soci::session& session)
      : backend_{require_savepoints(session)}, lifetime_{backend_.lifetime()} {
    if (backend_.users_transaction()) {
      throw Error{ErrorCode::conflict,
                  "a transaction is open on the session, which a sandbox cannot take over: end it "
                  "first, or begin it inside"};
    }
    if (backend_.get_backend_name() == "sqlite3") connection_ = adopt(session);
    nested_ = backend_.inside();
    translating(backend_, ErrorCode::internal, [this] { begin(); });
    backend_.enter();
  }

  void check_constraints() {
    if (connection_) return connection_->check_constraints();
    if (backend_.get_backend_name() != "postgresql") return;
    backend_.begin_savepoint();
    const auto undo = [this] { backend_.undo_savepoint(); };
    try {
      translating(backend_, ErrorCode::constraint_violation,
                  [this] { backend_.run("SET CONSTRAINTS ALL IMMEDIATE"); });
    } catch (const Error&) {
      translating(backend_, ErrorCode::internal, undo);
      throw;
    }
    translating(backend_, ErrorCode::internal, undo);
  }

  void end() {
    if (lifetime_.expired()) {
      throw Error{
          ErrorCode::conflict,
          "the session was closed or reconnected inside the sandbox: what came after it was "
          "in no transaction of the sandbox"};
    }
    backend_.leave();
    try {
      translating(backend_, ErrorCode::conflict, [this] { roll_back(); });
    } catch (const Error& error) {
      if (error.code() == ErrorCode::unavailable) throw;
      ErrorDetails details = error.details();
      details.statement = connection_ ? connection_->sandbox_ended_by() : std::string{};
      throw detail::sandbox_ended(std::move(details));
    }
  }

 private:
  void begin() {
    if (nested_) return backend_.begin_savepoint();
    if (connection_) return connection_->begin_sandbox();
    const auto run = [this](const char* sql) { backend_.run(sql); };
    if (backend_.get_backend_name() == "postgresql") return postgres::begin_sandbox(run);
    backend_.run("START TRANSACTION");
    backend_.run(std::string{detail::kSandboxSavepoint});
  }

  void roll_back() {
    if (nested_) {
      backend_.undo_savepoint();
    } else if (connection_) {
      connection_->end_sandbox();
    } else if (backend_.get_backend_name() == "postgresql") {
      run_or_roll_back(postgres::kEndSandbox);
    } else {
      run_or_roll_back(std::string{detail::kUndoSandboxSavepoint});
      backend_.run("ROLLBACK");
    }
  }

  // What the code under test has begun after it ended ours goes too.
  void run_or_roll_back(const std::string& sql) {
    try {
      backend_.run(sql);
    } catch (const soci::soci_error&) {
      if (backend_.is_connected()) backend_.driver().rollback();
      throw;
    }
  }

  SavepointBackend& backend_;
  std::weak_ptr<void> lifetime_;
  std::unique_ptr<Connection> connection_;
  bool nested_ = false;
};

SessionSandbox::SessionSandbox(soci::session& session) : scope_{std::make_unique<Scope>(session)} {}

SessionSandbox::~SessionSandbox() {
  try {
    close();
  } catch (const Error& error) {
    std::cerr << "seedbed: " << error.what() << '\n';
  }
}

void SessionSandbox::check_constraints() {
  if (scope_) scope_->check_constraints();
}

void SessionSandbox::close() {
  if (const auto scope = std::exchange(scope_, nullptr)) scope->end();
}

}  // namespace seedbed
