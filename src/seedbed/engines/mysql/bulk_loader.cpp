#include "seedbed/engines/mysql/bulk_loader.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/mysql/errors.hpp"
#include "seedbed/engines/mysql/load_text.hpp"

namespace seedbed::mysql {

namespace {

constexpr std::size_t kRowsPerInsert = 1000;
constexpr std::size_t kBytesPerInsert =
    std::size_t{512} * 1024;  // half of the smallest usual packet

[[noreturn]] void throw_lost_rows(const LoadColumns& columns, std::string_view reason) {
  throw Error{ErrorCode::constraint_violation,
              fmt::format("mysql: loading table {}: {}", columns.table, reason),
              {.engine = "mysql", .sqlstate = "23000", .statement = {}, .where = {}}};
}

// Level, number and text of the first thing the server warned of.
std::optional<Failure> first_warning(Session& session) {
  ColumnBatch batch;
  const auto rows = session.stream("SHOW WARNINGS LIMIT 1", {});
  if (!rows->next(batch)) return std::nullopt;
  return Failure{
      static_cast<unsigned>(batch.column(1).integer(0)), {}, std::string{batch.column(2).text(0)}};
}

// LOAD DATA LOCAL implies IGNORE: rows that break a key are left out and values are bent to fit,
// each with nothing but a warning, whatever the sql_mode.
void require_no_warning(Session& session, const LoadColumns& columns) {
  if (session.warning_count() == 0) return;
  const auto warning = first_warning(session);
  if (!warning) throw_lost_rows(columns, "the server changed a value");
  throw_lost_rows(columns, fmt::format("{} ({})", without_values(warning->number, warning->message),
                                       warning->number));
}

void require_all_rows(const LoadColumns& columns, std::uint64_t sent, std::uint64_t written) {
  if (sent == written) return;
  throw_lost_rows(columns, fmt::format("the server wrote {} of {} rows", written, sent));
}

// Collects tuples into one INSERT and sends it when it is large enough.
class Inserter {
 public:
  Inserter(Session& session, const LoadColumns& columns)
      : session_{session},
        columns_{columns},
        head_{
            fmt::format("INSERT INTO {} ({}) VALUES ", columns.table, join(columns.names, ", "))} {}

  void add(const ColumnBatch& batch, std::size_t row) {
    sql_ += count_ == 0 ? head_ : ",";
    append_tuple(sql_, columns_, batch, row);
    if (++count_ == kRowsPerInsert || sql_.size() >= kBytesPerInsert) flush();
  }

  void flush() {
    if (count_ == 0) return;
    const std::uint64_t written = execute();
    require_no_warning(session_, columns_);
    require_all_rows(columns_, count_, written);
    sql_.clear();
    total_ += std::exchange(count_, 0);
  }

  [[nodiscard]] std::uint64_t total() const noexcept { return total_; }

 private:
  // The statement holds the rows, which an error must not repeat.
  std::uint64_t execute() {
    try {
      return session_.execute(sql_, {});
    } catch (const Error& error) {
      throw Error{error.code(),
                  error.what(),
                  {.engine = "mysql",
                   .sqlstate = error.details().sqlstate,
                   .statement = head_ + "...",
                   .where = {}}};
    }
  }

  Session& session_;
  const LoadColumns& columns_;
  std::string head_;
  std::string sql_;
  std::size_t count_ = 0;
  std::uint64_t total_ = 0;
};

std::uint64_t insert_rows(Session& session, const LoadColumns& columns, const BatchSource& next) {
  Inserter inserter{session, columns};
  ColumnBatch batch{columns.names.size()};
  for (batch.clear(); next(batch); batch.clear()) {
    for (std::size_t row = 0; row < batch.row_count(); ++row) inserter.add(batch, row);
  }
  inserter.flush();
  return inserter.total();
}

}  // namespace

std::uint64_t load_rows(Session& session, const BulkTarget& target, const BatchSource& next) {
  const LoadColumns columns{target};
  LoadText text{columns, next};
  const auto written = session.load(load_sql(columns), [&] { return text.next_piece(); });
  if (!written) return insert_rows(session, columns, next);
  require_no_warning(session, columns);
  require_all_rows(columns, text.rows(), *written);
  return *written;
}

}  // namespace seedbed::mysql
