#pragma once

#include <memory>
#include <string_view>

#include "seedbed/engines/sql_lexer.hpp"

namespace seedbed::detail {

/// Follows one statement at a time and tells whether the next delimiter lies in the body of a
/// trigger or routine, and so does not end the statement.
class BodyTracker {
 public:
  BodyTracker() = default;
  virtual ~BodyTracker() = default;
  BodyTracker(const BodyTracker&) = delete;
  BodyTracker& operator=(const BodyTracker&) = delete;

  /// Sees every token of the statement, the delimiters in its body too.
  virtual void add(const SqlToken& token) = 0;
  [[nodiscard]] virtual bool open() const = 0;
  /// What is missing when the script ends here; empty when the statement may end without a
  /// delimiter.
  [[nodiscard]] virtual std::string_view missing() const = 0;
  /// A new statement begins.
  virtual void reset() = 0;
};

[[nodiscard]] std::unique_ptr<BodyTracker> make_body_tracker(SqlDialect dialect);

}  // namespace seedbed::detail
