#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seedbed/schema/schema.hpp"

namespace seedbed::mysql {

struct NotedColumn {
  std::string name{};
  std::string type{};  ///< with character set and collation
  bool in_key = false;
};

/// A foreign key of another table that refers to this one and changes rows by itself.
struct Cascade {
  std::size_t child = 0;                      ///< position of the table
  std::vector<std::string> columns{};         ///< of the child
  std::vector<std::string> parent_columns{};  ///< of the parent
  ReferentialAction on_delete = ReferentialAction::no_action;
  ReferentialAction on_update = ReferentialAction::no_action;
};

struct NotedTable {
  std::size_t number = 0;
  std::string name{};
  std::vector<NotedColumn> columns{};  ///< stored ones
  std::vector<Cascade> cascades{};
  bool user_triggers = false;

  [[nodiscard]] std::string log() const;  ///< quoted name of the table of its notes
  [[nodiscard]] bool has_key() const;
};

/// seedbed_undo_N holds the notes of table N: op is I (appeared), D (vanished), U (changed); v1, v2
/// and so on are the stored columns of the row before, and of one that appeared its key.
/// seedbed_undo_touched has a line for each note; op X: a change that cannot be undone by rows.
[[nodiscard]] std::string touched_table_sql();
/// The table of its notes, and the triggers, of table `number` among all.
[[nodiscard]] std::vector<std::string> noting_sql(const std::vector<NotedTable>& tables,
                                                  std::size_t position);

/// Copies notes into a temporary table, since a trigger cannot write to a table that the statement
/// reads.
[[nodiscard]] std::string copy_sql(const NotedTable& table, const std::string& notes);
inline constexpr std::string_view kCopiedNotes = "seedbed_undo_copied";
/// Rows away that were not there at the beginning or are otherwise now; and back those that are
/// missing then. `firsts` are numbers of notes in the table `from`.
[[nodiscard]] std::string remove_sql(const NotedTable& table, const std::string& from,
                                     const std::string& firsts);
[[nodiscard]] std::string put_back_sql(const NotedTable& table, const std::string& from,
                                       const std::string& firsts);
/// (note, bytes of the key, change, key...) of each note; the change that the first note of a row
/// tells is the row's, NULL where it is as at the beginning. `sorted` is by change and key.
[[nodiscard]] std::string notes_sql(const NotedTable& table, bool sorted);

}  // namespace seedbed::mysql
