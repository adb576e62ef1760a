#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "seedbed/core/random.hpp"
#include "seedbed/factories/files/document.hpp"
#include "seedbed/schema/schema.hpp"

namespace seedbed::testing {

/// The shop's factories and tables while they evolve by random edits, as a project's do over the
/// years. The same `number` makes the same edits.
class Evolution {
 public:
  explicit Evolution(std::uint64_t number);

  /// One edit that leaves every cell there was as it was. What it did is added to `story`.
  void edit();

  [[nodiscard]] std::string factories() const;
  [[nodiscard]] Schema schema() const { return Schema{tables_}; }
  [[nodiscard]] const std::string& story() const noexcept { return story_; }
  /// Whether an edit makes rows that were not there, so that rows of other tables count further.
  [[nodiscard]] bool adds_rows() const noexcept { return adds_rows_; }

 private:
  void add_column();
  void reorder_columns();
  void add_table();
  void add_key();
  void reorder_tables();
  void add_factory();
  void reorder_factories();
  void reorder_settings();
  void add_trait();
  void add_param();
  void add_has();
  void add_scenario();
  void add_record();
  void state_new_column();

  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return dice_.below(bound); }
  template <typename Items>
  void shuffle(Items& items);
  [[nodiscard]] std::string fresh(const std::string& prefix);
  [[nodiscard]] Node& section(const std::string& name);
  [[nodiscard]] std::pair<Node, Node>& some_factory();
  [[nodiscard]] Table& some_table();
  void insert(Node& mapping, const std::string& key, const std::string& yaml);
  [[nodiscard]] Node& part(Node& mapping, const std::string& key);
  void tell(const std::string& what) { story_ += what + "; "; }

  CellRandom dice_;
  Node document_;
  std::vector<Table> tables_;
  std::vector<std::pair<std::string, std::string>> new_columns_{};  // table, column
  std::string story_{};
  bool adds_rows_ = false;
  int names_ = 0;
};

}  // namespace seedbed::testing
