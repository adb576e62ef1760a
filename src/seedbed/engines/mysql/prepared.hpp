#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/core/value.hpp"
#include "seedbed/engines/connection.hpp"

// libmariadb's MYSQL and MYSQL_STMT
struct st_mysql;
struct st_mysql_stmt;

namespace seedbed::mysql {

/// A statement of the binary protocol. Closing it reads away what is left of its results, so that
/// the session can be used again.
class Prepared {
 public:
  /// Throws the server's error; an error of "not preparable" leaves `ready()` false instead.
  Prepared(st_mysql* client, std::string_view sql);
  ~Prepared();
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  [[nodiscard]] bool ready() const noexcept { return ready_; }
  [[nodiscard]] st_mysql_stmt* handle() const noexcept { return handle_.get(); }
  /// Binds copies of the arguments and runs it.
  void execute(std::span<const Value> arguments);
  /// Reads away everything the statement gives; returns the number of rows it changed.
  std::uint64_t finish();
  /// Reads away the results behind one that was read to its end (those of a CALL).
  void finish_rest();
  [[noreturn]] void fail() const;

 private:
  void discard_result();
  [[nodiscard]] std::uint64_t changed_rows() const;

  struct Close {
    void operator()(st_mysql_stmt* handle) const noexcept;
  };

  st_mysql* client_;
  std::string sql_;
  std::unique_ptr<st_mysql_stmt, Close> handle_;
  bool ready_ = false;
};

/// The rows of an executed statement, read one by one from the server.
[[nodiscard]] std::unique_ptr<RowStream> read_rows(std::unique_ptr<Prepared> statement);

/// The rows of a statement that was sent as text, for the few that cannot be prepared.
[[nodiscard]] std::unique_ptr<RowStream> read_text_rows(st_mysql* client, std::string_view sql);

}  // namespace seedbed::mysql
