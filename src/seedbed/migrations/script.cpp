#include "seedbed/migrations/script.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"

namespace seedbed::detail {

namespace {

constexpr std::string_view kDirective = "-- seedbed:";
constexpr std::string_view kNoTransaction = "no-transaction";
constexpr std::array<std::string_view, 6> kControl{"begin", "start",    "commit",
                                                   "end",   "rollback", "abort"};

class ScriptReader {
 public:
  ScriptReader(const std::filesystem::path& file, SqlDialect dialect)
      : file_{file}, dialect_{dialect} {}

  Script read(std::string_view sql) {
    if (sql.find('\0') != std::string_view::npos) {
      report(0, "the file holds a NUL byte: save it as UTF-8 text");
      return std::move(script_);
    }
    read_directives(sql);
    try {
      script_.statements = split_statements(sql, dialect_, file_);
    } catch (const Error& error) {
      report_split(error);
      return std::move(script_);
    }
    if (script_.statements.empty()) report(0, "the file has no statement");
    // MySQL runs each statement by itself anyway: its DDL commits.
    if (script_.in_transaction && dialect_ != SqlDialect::mysql) refuse_transaction_control();
    return std::move(script_);
  }

 private:
  void report(std::size_t line, std::string problem) {
    script_.findings.push_back({ErrorCode::invalid_input,
                                std::move(problem),
                                {.file = file_, .line = static_cast<int>(line)}});
  }

  // what() begins with the place, which the finding says again.
  void report_split(const Error& error) {
    const std::string place = error.details().where.to_string() + ": ";
    std::string_view text = error.what();
    if (text.starts_with(place)) text.remove_prefix(place.size());
    script_.findings.push_back({error.code(), std::string{text}, error.details().where});
  }

  void read_directives(std::string_view sql) {
    if (sql.starts_with(kByteOrderMark)) sql.remove_prefix(kByteOrderMark.size());
    std::size_t line = 1;
    for (std::size_t begin = 0; begin < sql.size(); ++line) {
      const std::size_t end = std::min(sql.find('\n', begin), sql.size());
      const std::string_view text = trimmed(sql.substr(begin, end - begin));
      if (text.starts_with(kDirective))
        read_directive(line, trimmed(text.substr(kDirective.size())));
      begin = end + 1;
    }
  }

  void read_directive(std::size_t line, std::string_view directive) {
    if (directive != kNoTransaction) {
      const std::array<std::string, 1> known{std::string{kNoTransaction}};
      report(line, fmt::format("unknown directive '{}'{} (known: {})", directive,
                               did_you_mean(directive, known), kNoTransaction));
    } else if (line != 1) {
      report(line, fmt::format("'{} {}' counts only as the first line of the file", kDirective,
                               directive));
    } else {
      script_.in_transaction = false;
    }
  }

  // Such a statement would commit half a file, and its ledger entry would not go with it.
  void refuse_transaction_control() {
    for (const auto& statement : script_.statements) {
      const auto words = first_words(statement.text);
      const bool control = std::find(kControl.begin(), kControl.end(), words[0]) != kControl.end();
      const bool harmless = (words[0] == "rollback" && (words[1] == "to" || words[2] == "to")) ||
                            (words[0] == "start" && words[1] != "transaction") ||
                            (words[0] == "begin" && words[1] == "not");
      if (!control || harmless) continue;
      report(
          statement.line,
          fmt::format("{} does not belong into a file that runs in one transaction: remove it, or "
                      "make '{} no-transaction' the first line",
                      statement.text.substr(0, words[0].size()), kDirective));
    }
  }

  const std::filesystem::path& file_;
  SqlDialect dialect_;
  Script script_;
};

}  // namespace

std::array<std::string, 3> first_words(std::string_view statement) {
  std::array<std::string, 3> words;
  for (auto& word : words) {
    statement = trimmed(statement);
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto* const end = std::find_if_not(statement.begin(), statement.end(), is_letter);
    word = to_lower({statement.begin(), end});
    statement.remove_prefix(word.size());
  }
  return words;
}

Script read_script(const std::filesystem::path& file, std::string_view sql, SqlDialect dialect) {
  return ScriptReader{file, dialect}.read(sql);
}

}  // namespace seedbed::detail
