#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/factories/insight/plan_report.hpp"
#include "seedbed/factories/library.hpp"
#include "seedbed/factories/plan/plan.hpp"
#include "seedbed/factories/rows/row_numbers.hpp"
#include "seedbed/factories/rows/writer.hpp"
#include "seedbed/factories/session.hpp"
#include "seedbed/factories/test_seed.hpp"

namespace seedbed::detail {

/// What calls of one session share. Also the workshop of a bulk load.
struct SessionState {
  SessionState(Connection& database, const Schema& tables, const FactoryLibrary& factories,
               SessionOptions session_options)
      : connection{database},
        schema{tables},
        library{factories},
        options{std::move(session_options)},
        book{factories.definitions(), tables, options.seed},
        numbers{database} {
    const auto own = options.test.empty() ? options.seed : test_seed(options.seed, options.test);
    book.set_draw_seed(options.draw_seed.value_or(own));
  }

  /// `count` rows with their graphs, written and read back; atomic.
  std::vector<Record> create(std::string_view factory, std::uint64_t count,
                             const CallArguments& arguments, const RowChange& change = {});
  /// The same without writing.
  std::vector<Record> build(std::string_view factory, std::uint64_t count,
                            const CallArguments& arguments, const RowChange& change = {});
  std::vector<PlannedStatement> plan(std::string_view factory, std::uint64_t count,
                                     const CallArguments& arguments);
  CreatePlan plan_graph(std::string_view factory, std::uint64_t count,
                        const CallArguments& arguments);
  Record record(std::string_view name);
  /// nullopt when the database does not hold it. Throws not_found when the library does not.
  [[nodiscard]] std::optional<Record> find_record(std::string_view name);
  /// Makes the own tables that writing needs, and takes broken loads back; in a transaction only
  /// what it can.
  void prepare();
  /// The record when the database holds it, or as it would be built.
  Record look_at_record(std::string_view name);

  [[nodiscard]] PlanContext plan_context(RowNumbers::Stretch& stretch, RecordFinder find_record,
                                         TakenRows taken_rows);
  /// Asks the database which rows of unique columns are taken.
  [[nodiscard]] TakenRows rows_taken();

  Connection& connection;
  const Schema& schema;
  const FactoryLibrary& library;
  SessionOptions options;
  RecipeBook book;
  RowNumbers numbers;
  InsertTexts insert_texts;
  RowCounts written{};
  bool records_prepared = false;
  bool undid_broken_loads = false;
  std::set<std::string, std::less<>> open_records{};  // being created: for circles

 private:
  /// One try at writing a graph. Values of unique columns that the database holds already are rare:
  /// it is asked for them when it has refused one, where that undoes the whole try.
  struct Attempt {
    RowNumbers::Stretch& stretch;
    WriteUnit unit = WriteUnit::own;
    bool looks = false;        ///< for taken values, before the rows are numbered
    bool passed_over = false;  ///< there were values to look for
  };
  /// What a call asks for.
  struct Wanted {
    std::string_view factory{};
    std::uint64_t count = 0;
    const CallArguments& arguments;
    std::vector<CallArguments> rows{};  ///< of each row, where they differ
  };
  static Wanted wanted(std::string_view factory, std::uint64_t count,
                       const CallArguments& arguments, const RowChange& change);
  void add_roots(Planner& planner, const Wanted& wanted, const RecordFinder& find);
  std::vector<Record> create_rows(const Wanted& wanted, Attempt& attempt);
  Record create_record(std::string_view name);
};

}  // namespace seedbed::detail
