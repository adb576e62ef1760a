#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/engines/connection.hpp"
#include "seedbed/factories/library.hpp"
#include "seedbed/factories/plan.hpp"
#include "seedbed/factories/plan_report.hpp"
#include "seedbed/factories/row_numbers.hpp"
#include "seedbed/factories/session.hpp"
#include "seedbed/factories/writer.hpp"

namespace seedbed::detail {

/// What calls of one session share. Also the workshop of a bulk load.
struct SessionState {
  SessionState(Connection& database, const Schema& tables, const FactoryLibrary& factories,
               SessionOptions session_options)
      : connection{database},
        schema{tables},
        library{factories},
        options{session_options},
        book{factories.definitions(), tables, session_options.seed},
        numbers{database} {}

  /// `count` rows with their graphs, written and read back; atomic.
  std::vector<Record> create(std::string_view factory, std::uint64_t count,
                             const CallArguments& arguments);
  /// The same without writing.
  std::vector<Record> build(std::string_view factory, std::uint64_t count,
                            const CallArguments& arguments);
  std::vector<PlannedStatement> plan(std::string_view factory, std::uint64_t count,
                                     const CallArguments& arguments);
  CreatePlan plan_graph(std::string_view factory, std::uint64_t count,
                        const CallArguments& arguments);
  Record record(std::string_view name);
  /// nullopt when the database does not hold it. Throws not_found when the library does not.
  [[nodiscard]] std::optional<Record> find_record(std::string_view name);
  /// Makes the own tables that writing needs, outside a transaction all of them.
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
  bool records_prepared = false;
  std::set<std::string, std::less<>> open_records{};  // being created: for circles

 private:
  /// One try at writing a graph. Values of unique columns that the database holds already are rare:
  /// it is asked for them when it has refused one, where that undoes the whole try.
  struct Attempt {
    RowNumbers::Stretch& stretch;
    WriteUnit unit;
    bool looks;                ///< for taken values, before the rows are numbered
    bool passed_over = false;  ///< there were values to look for
  };
  std::vector<Record> create_rows(const RecipeRequest& request, std::uint64_t count,
                                  Attempt& attempt);
  Record create_record(std::string_view name);
};

/// The rows that these blocks write to each table, in the order they are written.
[[nodiscard]] std::vector<LoadedTable> written_tables(const std::vector<Block*>& blocks);

}  // namespace seedbed::detail
