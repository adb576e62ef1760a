#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "seedbed/cleanup/templates.hpp"

namespace seedbed {

/// What becomes of databases at the end of their owner.
enum class AtEnd : unsigned char {
  drop,
  keep,    ///< also from those who look for what was left
  forget,  ///< their server goes as a whole
};

/// How many databases, and of what contents.
struct ReadyOrder {
  unsigned workers = 1;
  TemplateOrder contents{};
  AtEnd at_end = AtEnd::drop;
};

/// Databases of one owner, each a marked clone of one template. They are dropped at its end; those
/// of an owner that was killed by the next one on the same server, which knows by the lock that an
/// owner's session holds.
class ReadyDatabases {
 public:
  /// Drops what dead owners left, then clones; the template is built first where it is missing.
  /// Throws as the steps do, leaving nothing behind.
  ReadyDatabases(std::shared_ptr<DatabaseServer> server, const ReadyOrder& order,
                 Progress& progress);
  ~ReadyDatabases();
  ReadyDatabases(const ReadyDatabases&) = delete;
  ReadyDatabases& operator=(const ReadyDatabases&) = delete;

  [[nodiscard]] const std::vector<DatabaseUrl>& urls() const noexcept { return urls_; }
  [[nodiscard]] const Template& source() const noexcept { return source_; }
  /// Leaves them where they are, until the next owner drops them.
  void leave() noexcept { at_end_ = AtEnd::forget; }
  /// Drops them now. Throws what the first that failed throws; the next owner drops those.
  void drop();

 private:
  void own();
  void clone_all(const ReadyOrder& order, Progress& progress);

  std::shared_ptr<DatabaseServer> server_;
  std::string id_;  // of this owner
  AtEnd at_end_;
  Template source_;
  std::vector<std::string> names_;  // of what may be there
  std::vector<DatabaseUrl> urls_;
};

/// Drops the databases of owners that are gone. A failure is left to the next time.
void reap_ready_databases(DatabaseServer& server);

}  // namespace seedbed
