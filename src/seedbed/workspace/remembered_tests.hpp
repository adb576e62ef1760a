#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace seedbed {

/// Tests that have left what could not be undone, and what that was; kept in a file from run to
/// run, for a day each, since tests change. Processes may share the file. A file that cannot be
/// read or written is none.
class RememberedTests {
 public:
  explicit RememberedTests(std::filesystem::path file);

  /// What the test has left; nullptr when nothing is known.
  [[nodiscard]] const std::string* find(std::string_view test) const;
  void add(const std::string& test, const std::string& left);

 private:
  std::filesystem::path file_;
  std::map<std::string, std::string, std::less<>> tests_;
};

}  // namespace seedbed
