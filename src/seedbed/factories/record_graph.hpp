#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "seedbed/factories/record.hpp"

namespace seedbed {

/// The rows that one call made, and how they hang together.
struct RecordGraph {
  struct Above {
    std::string relation{};
    std::vector<std::string> columns{};  ///< of the key
    std::optional<std::size_t> node{};   ///< in this graph
    std::optional<Record> record{};      ///< or one that existed before
  };
  struct Below {
    std::string relation{};
    std::vector<std::size_t> nodes{};
  };
  struct Node {
    std::string factory{};
    std::shared_ptr<const Table> table{};  ///< a copy: records outlive the schema
    std::uint64_t row = 0;
    std::vector<std::optional<Value>> values{};           ///< as the table's columns
    std::vector<std::pair<std::string, Value>> params{};  ///< of a row with hooks, which see them
    std::vector<Above> above{};
    std::vector<Below> below{};
  };
  std::vector<Node> nodes{};
};

}  // namespace seedbed
