#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::detail {

/// Which row number each table gives next. The truth is Seedbed's own table `seedbed_rows`, moved
/// on in the transaction that writes the rows; a sandbox reads it once and counts in memory.
class RowNumbers {
 public:
  explicit RowNumbers(Connection& connection) : connection_{connection} {}

  /// A stretch in which numbers are taken. Ended without `keep`, it leaves no trace in memory; the
  /// transaction around it does the same for the table.
  class Stretch {
   public:
    enum class Use : unsigned char { write, look };
    /// Locks the counters of `tables` in the order of their names, so that two stretches never wait
    /// for each other in a circle. Stretches nest. With `look` nothing is locked or written.
    Stretch(RowNumbers& numbers, const std::vector<const Table*>& tables, Use use);
    ~Stretch();
    Stretch(const Stretch&) = delete;
    Stretch& operator=(const Stretch&) = delete;

    /// The first of `count` consecutive numbers.
    std::uint64_t take(const Table& table, std::uint64_t count);
    [[nodiscard]] std::uint64_t next(const Table& table) const;
    /// Writes the counters that were moved.
    void keep();

   private:
    RowNumbers& numbers_;
    std::map<std::string, std::uint64_t> before_;
    Use use_;
    bool outermost_;
    bool kept_ = false;
  };

  /// Makes the table when it is missing; on an engine whose DDL commits, throws conflict inside a
  /// transaction. Outside one, makes missing counters of `tables` too: sessions that make one in
  /// their transactions wait for each other.
  void prepare(const std::vector<const Table*>& tables);
  void enter_sandbox(std::uint64_t shift);
  void leave_sandbox() noexcept;

 private:
  [[nodiscard]] std::uint64_t read(const std::string& table);
  void lock(const std::string& table);
  void add_counter(const std::string& table);

  Connection& connection_;
  bool sandbox_ = false;
  bool prepared_ = false;
  std::set<std::string> counters_;  // seen in the table outside a transaction
  bool open_ = false;               // a stretch is under way
  std::uint64_t shift_ = 0;
  std::map<std::string, std::uint64_t> next_;    // read in this stretch, or since the sandbox began
  std::map<std::string, std::uint64_t> stored_;  // as the table has it
};

/// Makes Seedbed's own table `name` when it is missing: `columns` is what stands in the brackets.
/// On an engine whose DDL commits, throws conflict inside a transaction.
void prepare_own_table(Connection& connection, const std::string& name, const std::string& columns);

}  // namespace seedbed::detail
