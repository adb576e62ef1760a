#include <utility>

#include <cppconn/connection.h>
#include <cppconn/exception.h>
#include <cppconn/statement.h>

#include "seedbed/engines/adopt/cppconn.hpp"
#include "seedbed/engines/savepoint_stack.hpp"

namespace seedbed {

namespace {

class NamedSavepoint final : public sql::Savepoint {
 public:
  explicit NamedSavepoint(const sql::SQLString& name) : name_{name} {}

  int getSavepointId() override {
    throw sql::InvalidArgumentException{"Only available for unnamed savepoints"};
  }
  sql::SQLString getSavepointName() override { return name_; }

 private:
  sql::SQLString name_;
};

// Forwards everything but transactions.
class SavepointConnection final : public sql::Connection, public detail::SavepointStack {
 public:
  explicit SavepointConnection(std::unique_ptr<sql::Connection> driver)
      : driver_{std::move(driver)} {}

  void commit() override {
    if (!inside()) return driver_->commit();
    if (release_savepoint()) begin_savepoint();
  }
  void rollback() override {
    if (!inside()) return driver_->rollback();
    if (undo_savepoint()) begin_savepoint();
  }
  bool getAutoCommit() override { return inside() ? autocommit_ : driver_->getAutoCommit(); }
  void setAutoCommit(bool on) override {
    if (!inside()) return driver_->setAutoCommit(on);
    if (on == autocommit_) return;
    autocommit_ = on;
    if (on) {
      release_savepoint();
    } else {
      begin_savepoint();
    }
  }

  sql::Savepoint* setSavepoint() override { return driver_->setSavepoint(); }  // not implemented
  sql::Savepoint* setSavepoint(const sql::SQLString& name) override {
    if (!inside()) return driver_->setSavepoint(name);
    run_savepoint("SAVEPOINT ", name);
    return std::make_unique<NamedSavepoint>(name).release();
  }
  void releaseSavepoint(sql::Savepoint* savepoint) override {
    if (!inside()) return driver_->releaseSavepoint(savepoint);
    run_savepoint("RELEASE SAVEPOINT ", savepoint->getSavepointName());
  }
  void rollback(sql::Savepoint* savepoint) override {
    if (!inside()) return driver_->rollback(savepoint);
    run_savepoint("ROLLBACK TO SAVEPOINT ", savepoint->getSavepointName());
  }

  void clearWarnings() override { driver_->clearWarnings(); }
  sql::Statement* createStatement() override { return driver_->createStatement(); }
  void close() override { driver_->close(); }
  sql::SQLString getCatalog() override { return driver_->getCatalog(); }
  sql::Driver* getDriver() override { return driver_->getDriver(); }
  sql::SQLString getSchema() override { return driver_->getSchema(); }
  sql::SQLString getClientInfo() override { return driver_->getClientInfo(); }
  void getClientOption(const sql::SQLString& name, void* value) override {
    driver_->getClientOption(name, value);
  }
  sql::SQLString getClientOption(const sql::SQLString& name) override {
    return driver_->getClientOption(name);
  }
  sql::DatabaseMetaData* getMetaData() override { return driver_->getMetaData(); }
  sql::enum_transaction_isolation getTransactionIsolation() override {
    return driver_->getTransactionIsolation();
  }
  const sql::SQLWarning* getWarnings() override { return driver_->getWarnings(); }
  bool isClosed() override { return driver_->isClosed(); }
  bool isReadOnly() override { return driver_->isReadOnly(); }
  bool isValid() override { return driver_->isValid(); }
  bool reconnect() override { return driver_->reconnect(); }
  sql::SQLString nativeSQL(const sql::SQLString& sql) override { return driver_->nativeSQL(sql); }
  sql::PreparedStatement* prepareStatement(const sql::SQLString& sql) override {
    return driver_->prepareStatement(sql);
  }
  sql::PreparedStatement* prepareStatement(const sql::SQLString& sql, int keys) override {
    return driver_->prepareStatement(sql, keys);
  }
  sql::PreparedStatement* prepareStatement(const sql::SQLString& sql, int* columns) override {
    return driver_->prepareStatement(sql, columns);
  }
  sql::PreparedStatement* prepareStatement(const sql::SQLString& sql, int type,
                                           int concurrency) override {
    return driver_->prepareStatement(sql, type, concurrency);
  }
  sql::PreparedStatement* prepareStatement(const sql::SQLString& sql, int type, int concurrency,
                                           int holdability) override {
    return driver_->prepareStatement(sql, type, concurrency, holdability);
  }
  sql::PreparedStatement* prepareStatement(const sql::SQLString& sql,
                                           sql::SQLString* columns) override {
    return driver_->prepareStatement(sql, columns);
  }
  void setCatalog(const sql::SQLString& name) override { driver_->setCatalog(name); }
  void setSchema(const sql::SQLString& name) override { driver_->setSchema(name); }
  sql::Connection* setClientOption(const sql::SQLString& name, const void* value) override {
    driver_->setClientOption(name, value);
    return this;
  }
  sql::Connection* setClientOption(const sql::SQLString& name,
                                   const sql::SQLString& value) override {
    driver_->setClientOption(name, value);
    return this;
  }
  void setHoldability(int holdability) override { driver_->setHoldability(holdability); }
  void setReadOnly(bool on) override { driver_->setReadOnly(on); }
  void setTransactionIsolation(sql::enum_transaction_isolation level) override {
    driver_->setTransactionIsolation(level);
  }

 private:
  void run(const std::string& sql) override {
    const std::unique_ptr<sql::Statement> statement{driver_->createStatement()};
    statement->execute(sql);
  }

  // The outermost sandbox begins as the driver is, an inner one as the code in the outer left it.
  [[nodiscard]] bool chains() override {
    if (!inside()) autocommit_ = driver_->getAutoCommit();
    return !autocommit_;
  }

  void run_savepoint(const std::string& verb, const sql::SQLString& name) {
    if (autocommit_) throw sql::InvalidArgumentException{"The connection is in autoCommit mode"};
    run(verb + name.asStdString());
  }

  std::unique_ptr<sql::Connection> driver_;
  bool autocommit_ = true;  // as the code under test has it in a sandbox
};

}  // namespace

std::unique_ptr<sql::Connection> savepoints(std::unique_ptr<sql::Connection> connection) {
  return std::make_unique<SavepointConnection>(std::move(connection));
}

}  // namespace seedbed
