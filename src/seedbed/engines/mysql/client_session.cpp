#include "seedbed/engines/mysql/client_session.hpp"

#include <algorithm>
#include <exception>

#include <fmt/format.h>
#include <mysql.h>

#include "seedbed/core/error.hpp"
#include "seedbed/engines/mysql/client.hpp"
#include "seedbed/engines/mysql/errors.hpp"
#include "seedbed/engines/mysql/prepared.hpp"

namespace seedbed::mysql {

namespace {

// The file that one LOAD DATA LOCAL reads. The client library calls back through C, which no
// exception may cross: it is kept and thrown again once the statement has ended.
class MemoryFile {
 public:
  explicit MemoryFile(const TextSource& source) : source_{source} {}

  int read(char* buffer, unsigned size) noexcept {
    try {
      if (piece_.empty()) piece_ = source_();
    } catch (...) {
      failure_ = std::current_exception();
      return -1;
    }
    const auto length = std::min<std::size_t>(size, piece_.size());
    std::copy_n(piece_.begin(), length, buffer);
    piece_.remove_prefix(length);
    return static_cast<int>(length);
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  const TextSource& source_;
  std::string_view piece_;
  std::exception_ptr failure_;
};

int copy_message(char* message, unsigned size, std::string_view text) {
  *fmt::format_to_n(message, size - 1, "{}", text).out = '\0';
  return static_cast<int>(kLocalFileRejected);
}

class ClientSession : public Session {
 public:
  explicit ClientSession(const DatabaseUrl& url)
      : url_{url}, client_{open_client(url)}, id_{mysql_thread_id(client_.get())} {
    mysql_set_local_infile_handler(client_.get(), begin_file, read_file, end_file, explain_file,
                                   this);
  }

  std::uint64_t execute(std::string_view sql, std::span<const Value> arguments) override {
    if (arguments.empty()) return execute_text(sql);
    Prepared statement{client_.get(), sql};
    if (!statement.ready()) statement.fail();
    statement.execute(arguments);
    return statement.finish();
  }

  [[nodiscard]] std::unique_ptr<RowStream> stream(std::string_view sql,
                                                  std::span<const Value> arguments) override {
    // Prepared even without arguments: the text protocol cuts a FLOAT to six digits.
    auto statement = std::make_unique<Prepared>(client_.get(), sql);
    if (!statement->ready() && !arguments.empty()) statement->fail();
    if (!statement->ready()) return read_text_rows(client_.get(), sql);
    statement->execute(arguments);
    return read_rows(std::move(statement));
  }

  [[nodiscard]] std::optional<std::uint64_t> load(const std::string& sql,
                                                  const TextSource& source) override {
    MemoryFile file{source};
    file_ = &file;
    const int failed = mysql_real_query(client_.get(), sql.data(), sql.size());
    file_ = nullptr;
    file.rethrow();
    if (failed != 0 && local_files_forbidden(mysql_errno(client_.get()))) return std::nullopt;
    if (failed != 0) throw_failure(client_.get(), sql);
    return mysql_affected_rows(client_.get());
  }

  [[nodiscard]] std::uint64_t warning_count() override {
    return mysql_warning_count(client_.get());
  }

  [[nodiscard]] bool in_transaction() override {
    unsigned status = 0;
    mariadb_get_infov(client_.get(), MARIADB_CONNECTION_SERVER_STATUS, &status);
    return (status & SERVER_STATUS_IN_TRANS) != 0 || (status & SERVER_STATUS_AUTOCOMMIT) == 0;
  }

  // A second connection, since this one is busy in another thread.
  void cancel() noexcept override {
    try {
      const Client killer = open_client(url_);
      const auto sql = fmt::format("KILL QUERY {}", id_);
      mysql_real_query(killer.get(), sql.data(), sql.size());
    } catch (const std::exception&) {
      // Without a second connection there is no way to reach the statement.
    }
  }

  [[nodiscard]] bool adopted() const noexcept override { return false; }

 private:
  std::uint64_t execute_text(std::string_view sql) {
    if (mysql_real_query(client_.get(), sql.data(), sql.size()) != 0) {
      throw_failure(client_.get(), sql);
    }
    const std::uint64_t rows =
        mysql_field_count(client_.get()) > 0 ? 0 : mysql_affected_rows(client_.get());
    for (;;) {
      MYSQL_RES* result = mysql_store_result(client_.get());
      if (result == nullptr && mysql_errno(client_.get()) != 0) throw_failure(client_.get(), sql);
      mysql_free_result(result);
      const int more = mysql_next_result(client_.get());
      if (more > 0) throw_failure(client_.get(), sql);
      if (more < 0) return rows;
    }
  }

  static int begin_file(void** state, const char* /*name*/, void* session) {
    MemoryFile* file = static_cast<ClientSession*>(session)->file_;
    *state = file;
    return file == nullptr ? 1 : 0;
  }
  static int read_file(void* state, char* buffer, unsigned size) {
    return static_cast<MemoryFile*>(state)->read(buffer, size);
  }
  static void end_file(void* /*state*/) {}
  static int explain_file(void* state, char* message, unsigned size) {
    if (state != nullptr) return copy_message(message, size, "the load was stopped");
    return copy_message(message, size, "the server asked for a file, and Seedbed sends none");
  }

  DatabaseUrl url_;
  Client client_;
  unsigned long id_;
  MemoryFile* file_ = nullptr;  // while a load of ours runs
};

}  // namespace

std::unique_ptr<Session> open_session(const DatabaseUrl& url) {
  return std::make_unique<ClientSession>(url);
}

}  // namespace seedbed::mysql
