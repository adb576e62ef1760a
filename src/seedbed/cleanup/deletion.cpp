#include "seedbed/cleanup/deletion.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"
#include "seedbed/schema/graph.hpp"

namespace seedbed::detail {

namespace {

class DeletionPlanner {
 public:
  DeletionPlanner(const Engine& engine, const Schema& schema, const Capabilities& capabilities)
      : engine_{engine}, schema_{schema}, capabilities_{capabilities} {}

  Deletion plan() {
    const InsertOrder order = insert_order(schema_);
    for (const auto& table : schema_.tables()) {
      settle_triggers(table);
      for (const auto& key : table.foreign_keys) {
        if (key.parent == table.name) settle_own_key(table, key);
      }
    }
    for (const auto& late : order.late) settle_late_key(schema_.at(late.table), late.key);
    for (auto name = order.tables.rbegin(); name != order.tables.rend(); ++name) {
      deletion_.statements.push_back("DELETE FROM " + engine_.read_source(schema_.at(*name)));
      deletion_.tables.push_back({*name, std::move(unlinks_[*name]), waiting_.contains(*name)});
    }
    guarded_.insert(waiting_.begin(), waiting_.end());
    deletion_.guarded.assign(guarded_.begin(), guarded_.end());
    return std::move(deletion_);
  }

 private:
  void settle_triggers(const Table& table) {
    if (table.triggers.empty()) return;
    if (capabilities_.transactional_ddl) {
      guarded_.insert(table.name);
      return;
    }
    deletion_.findings.push_back(
        {ErrorCode::unsupported,
         fmt::format(
             "table '{}' has triggers ({}), which {} cannot switch off and which may write into "
             "tables that are being emptied: use the strategy 'truncate', which fires none",
             table.name.to_string(), join(table.triggers, ", "), capabilities_.product),
         {}});
  }

  // PostgreSQL and SQLite look at the whole statement, RESTRICT on SQLite apart; InnoDB at row by
  // row.
  void settle_own_key(const Table& table, const ForeignKey& key) {
    const bool row_by_row = !capabilities_.deferrable_keys;
    if (!row_by_row && key.on_delete != ReferentialAction::restrict) return;
    if (!unlink(table, key) && row_by_row) waiting_.insert(table.name);
  }

  // A key whose parent is emptied before its own table.
  void settle_late_key(const Table& table, const ForeignKey& key) {
    if (unlink(table, key)) return;
    const bool can_wait = capabilities_.deferrable_keys;
    if (can_wait && key.on_delete == ReferentialAction::restrict) {
      deletion_.findings.push_back(
          {ErrorCode::unsupported,
           fmt::format("table '{}' refers to '{}' by ({}), which is NOT NULL and RESTRICT and "
                       "closes a cycle, "
                       "so that neither can be emptied first: use the strategy 'truncate'",
                       table.name.to_string(), key.parent.to_string(), join(key.columns, ", ")),
           {}});
    } else if (!can_wait || key.on_delete != ReferentialAction::cascade) {
      waiting_.insert(table.name);
    }
  }

  // Sets the key to NULL where it can be; one NULL is enough to refer to nothing.
  bool unlink(const Table& table, const ForeignKey& key) {
    std::vector<std::string> assignments;
    std::vector<std::string> conditions;
    for (const auto& name : key.columns) {
      const Column& column = table.column(name);
      if (!column.nullable || column.generated != Generated::no) continue;
      assignments.push_back(engine_.quote(name) + " = NULL");
      conditions.push_back(engine_.quote(name) + " IS NOT NULL");
    }
    if (assignments.empty()) return false;
    deletion_.statements.push_back(fmt::format("UPDATE {} SET {} WHERE {}",
                                               engine_.read_source(table), join(assignments, ", "),
                                               join(conditions, " OR ")));
    unlinks_[table.name].push_back(deletion_.statements.back());
    return true;
  }

  const Engine& engine_;
  const Schema& schema_;
  const Capabilities& capabilities_;
  std::set<TableName> guarded_;  // with triggers, or waiting
  std::set<TableName> waiting_;  // with keys that must wait
  std::map<TableName, std::vector<std::string>> unlinks_;
  Deletion deletion_;
};

}  // namespace

Deletion plan_deletion(const Engine& engine, const Schema& schema,
                       const Capabilities& capabilities) {
  return DeletionPlanner{engine, schema, capabilities}.plan();
}

}  // namespace seedbed::detail
