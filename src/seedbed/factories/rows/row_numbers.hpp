#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/engines/transaction.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// Which row number each table gives next. The truth is Seedbed's own table `seedbed_rows`, moved
/// on in the transaction that writes the rows; a sandbox reads it once and counts in memory.
class RowNumbers {
 public:
  explicit RowNumbers(Connection& connection) : connection_{connection} {}

  /// A stretch in which numbers are taken. Ended without `keep`, it leaves no trace in memory; the
  /// transaction around it does the same for the table. Stretches nest; the outermost one does the
  /// work.
  class Stretch {
   public:
    /// Only looks at the numbers: nothing is locked or kept.
    explicit Stretch(RowNumbers& numbers);
    /// Whether the transaction has read before, and so may see rows as they were before the lock.
    enum class Snapshot : unsigned char { fresh, older };
    /// Waits for other sessions that take numbers outside sandboxes, until the end of
    /// `transaction`, which only a sandbox does without. That of a nested one is older.
    Stretch(RowNumbers& numbers, const Transaction* transaction,
            Snapshot snapshot = Snapshot::fresh);
    ~Stretch();
    Stretch(const Stretch&) = delete;
    Stretch& operator=(const Stretch&) = delete;

    [[nodiscard]] std::uint64_t next(const Table& table) const;
    /// The first of `count` consecutive numbers.
    std::uint64_t take(const Table& table, std::uint64_t count);
    /// The number that the table's rows begin with here: 1, or where the sandbox began.
    [[nodiscard]] std::uint64_t first(const Table& table) const;
    void move(const Table& table, std::uint64_t next);
    /// Gives back what was taken.
    void rewind();
    /// Writes the counters that were moved.
    void keep();

   private:
    [[nodiscard]] bool writes() const noexcept;

    /// A table's next number before it was moved on; none where it had no entry.
    using Taken = std::pair<std::string, std::optional<std::uint64_t>>;

    RowNumbers& numbers_;
    Stretch* around_;
    std::vector<Taken> taken_;  // in the order it was
    bool outermost_;
    bool looks_;
    bool touched_ = false;  // the counters are one too high until they are kept
    bool kept_ = false;
  };

  /// Makes the own tables where they are missing. On an engine whose DDL commits, throws conflict
  /// inside a transaction.
  void prepare();
  void enter_sandbox(std::uint64_t shift);
  void leave_sandbox() noexcept;
  [[nodiscard]] bool in_sandbox() const noexcept { return sandbox_; }

 private:
  void lock();
  void add_lock();
  void read();
  void forget() noexcept;

  Connection& connection_;
  bool sandbox_ = false;
  bool prepared_ = false;
  Stretch* innermost_ = nullptr;  // of the stretches under way
  bool read_ = false;             // `next_` and `stored_` hold what the table says
  std::uint64_t shift_ = 0;
  std::map<std::string, std::uint64_t, std::less<>> next_;  // tables without an entry begin at 1
  std::map<std::string, std::uint64_t> stored_;             // as the table has it
};

/// Makes Seedbed's own table `name` when it is missing: `columns` is what stands in the brackets.
/// On an engine whose DDL commits, throws conflict inside a transaction.
void prepare_own_table(Connection& connection, const std::string& name, const std::string& columns);

}  // namespace seedbed::detail
