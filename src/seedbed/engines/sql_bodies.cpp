#include "seedbed/engines/sql_bodies.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace seedbed::detail {

namespace {

constexpr std::array<std::string_view, 4> kSqliteBefore{"TEMP", "TEMPORARY", "EXPLAIN", "CREATE"};
constexpr std::array<std::string_view, 2> kPostgresRoutines{"FUNCTION", "PROCEDURE"};
constexpr std::array<std::string_view, 4> kMysqlCompound{"PROCEDURE", "FUNCTION", "TRIGGER",
                                                         "EVENT"};
constexpr std::array<std::string_view, 11> kMysqlPlain{"TABLE",  "VIEW",       "INDEX",  "DATABASE",
                                                       "SCHEMA", "USER",       "ROLE",   "SEQUENCE",
                                                       "SERVER", "TABLESPACE", "LOGFILE"};
constexpr std::array<std::string_view, 3> kMysqlOpeners{"CASE", "LOOP", "WHILE"};
// BEGIN and END may be names of columns and variables: those stand behind such a symbol.
constexpr std::string_view kMysqlBeforeName = ".,@=<>+-*/%(";
constexpr std::array<std::string_view, 6> kMysqlStarters{"BEGIN", "THEN", "ELSE",
                                                         "DO",    "LOOP", "REPEAT"};

bool is_any_word(const SqlToken& token, std::span<const std::string_view> keywords) {
  return std::any_of(keywords.begin(), keywords.end(),
                     [&](std::string_view keyword) { return token.is_word(keyword); });
}

/// The rule of sqlite3_complete(): CREATE [TEMP] TRIGGER ends at a delimiter behind "; END".
class SqliteBody final : public BodyTracker {
 public:
  void add(const SqlToken& token) override {
    if (header_ == Header::reading) read_header(token);
    if (token.kind == SqlTokenKind::delimiter) {
      end_ = End::behind_delimiter;
    } else {
      end_ = end_ == End::behind_delimiter && token.is_word("END") ? End::reached : End::none;
    }
  }
  [[nodiscard]] bool open() const override {
    return header_ == Header::trigger && end_ != End::reached;
  }
  [[nodiscard]] std::string_view missing() const override {
    return open() ? "CREATE TRIGGER is not closed by 'END'" : "";
  }
  void reset() override {
    header_ = Header::reading;
    words_ = 0;
    end_ = End::none;
  }

 private:
  enum class Header : unsigned char { reading, trigger, other };
  enum class End : unsigned char { none, behind_delimiter, reached };

  void read_header(const SqlToken& token) {
    const bool created = words_ > 0 && token.is_word("TRIGGER");
    if (created) {
      header_ = Header::trigger;
    } else if (words_ > 2 || !is_any_word(token, kSqliteBefore)) {
      header_ = Header::other;
    }
    ++words_;
  }

  Header header_ = Header::reading;
  int words_ = 0;
  End end_ = End::none;
};

/// psql's rule: no statement ends inside parentheses (CREATE RULE ... DO (a; b)), nor inside the
/// BEGIN ATOMIC of CREATE FUNCTION and CREATE PROCEDURE.
class PostgresBody final : public BodyTracker {
 public:
  void add(const SqlToken& token) override {
    if (token.is_symbol('(')) ++parentheses_;
    if (token.is_symbol(')')) parentheses_ = std::max(parentheses_ - 1, 0);
    if (token.kind == SqlTokenKind::word) add_word(token);
  }
  [[nodiscard]] bool open() const override { return parentheses_ > 0 || depth_ > 0; }
  // An unclosed parenthesis is left to the server, which says more about it.
  [[nodiscard]] std::string_view missing() const override {
    return depth_ > 0 ? "BEGIN ATOMIC is not closed by 'END'" : "";
  }
  void reset() override {
    parentheses_ = depth_ = words_ = 0;
    created_ = routine_ = behind_begin_ = false;
  }

 private:
  void add_word(const SqlToken& token) {
    if (words_ == 0) created_ = token.is_word("CREATE");
    if (words_ < 4 && created_) routine_ = routine_ || is_any_word(token, kPostgresRoutines);
    ++words_;
    if (!routine_) return;
    if (behind_begin_ && token.is_word("ATOMIC")) ++depth_;
    if (depth_ > 0 && token.is_word("CASE")) ++depth_;
    if (token.is_word("END")) depth_ = std::max(depth_ - 1, 0);
    behind_begin_ = token.is_word("BEGIN");
  }

  int parentheses_ = 0;
  int depth_ = 0;
  int words_ = 0;
  bool created_ = false;
  bool routine_ = false;
  bool behind_begin_ = false;
};

/// Compound statements of routines, triggers, events and MariaDB's BEGIN NOT ATOMIC, for files
/// without DELIMITER lines. IF and REPEAT are functions too: those have a comma between their
/// parentheses.
class MysqlBody final : public BodyTracker {
 public:
  void add(const SqlToken& token) override {
    if (kind_ == Kind::unknown) read_header(token);
    if (kind_ == Kind::compound) follow(token);
    before_previous_ = previous_;
    previous_ = token;
  }
  [[nodiscard]] bool open() const override { return kind_ == Kind::compound && depth_ > 0; }
  [[nodiscard]] std::string_view missing() const override {
    return open()
               ? "the body is not closed by 'END'; set a DELIMITER when it has a form that is not "
                 "understood here"
               : "";
  }
  void reset() override {
    kind_ = Kind::unknown;
    depth_ = words_ = 0;
    begins_ = false;
    frames_.clear();
    previous_ = before_previous_ = SqlToken{};
  }

 private:
  enum class Kind : unsigned char { unknown, compound, plain };
  struct Frame {
    bool of_if = false;  // "IF (": a statement unless a comma follows
    bool comma = false;
  };

  void read_header(const SqlToken& token) {
    if (token.kind != SqlTokenKind::word) return;
    if (words_ == 0) {
      begins_ = token.is_word("BEGIN");
      if (!begins_ && !token.is_word("CREATE")) kind_ = Kind::plain;
    } else if (begins_) {
      kind_ = token.is_word("NOT") ? Kind::compound : Kind::plain;
      depth_ = 1;
    } else if (is_any_word(token, kMysqlCompound)) {
      kind_ = Kind::compound;
    } else if (is_any_word(token, kMysqlPlain)) {
      kind_ = Kind::plain;
    }
    ++words_;
  }

  void follow(const SqlToken& token) {
    const bool was_if = previous_.is_word("IF") && at_start(before_previous_);
    if (token.is_symbol('(')) {
      frames_.push_back({.of_if = was_if});
    } else if (was_if) {
      ++depth_;
    }
    if (token.is_symbol(',') && !frames_.empty()) frames_.back().comma = true;
    if (token.is_symbol(')') && !frames_.empty()) {
      if (frames_.back().of_if && !frames_.back().comma) ++depth_;
      frames_.pop_back();
    }
    if (previous_.is_word("REPEAT") && at_start(before_previous_) && !token.is_symbol('('))
      ++depth_;
    if (token.kind == SqlTokenKind::word) follow_word(token);
  }

  void follow_word(const SqlToken& token) {
    const bool name = previous_.kind == SqlTokenKind::symbol &&
                      kMysqlBeforeName.find(previous_.text.front()) != std::string_view::npos;
    if (previous_.is_word("END") && !token.is_word("END")) return;  // END IF, END label
    if (is_any_word(token, kMysqlOpeners) || (token.is_word("BEGIN") && !name)) ++depth_;
    if (token.is_word("FOR") && depth_ > 0 && at_start(previous_)) ++depth_;
    if (token.is_word("END") && !name) depth_ = std::max(depth_ - 1, 0);
  }

  /// Whether a statement of the body may begin behind this token.
  [[nodiscard]] bool at_start(const SqlToken& token) const {
    if (token.kind == SqlTokenKind::delimiter || token.is_symbol(':')) return true;
    if (depth_ == 0) return frames_.empty() && !is_any_word(token, kMysqlCompound);
    return is_any_word(token, kMysqlStarters);
  }

  Kind kind_ = Kind::unknown;
  bool begins_ = false;
  int depth_ = 0;
  int words_ = 0;
  std::vector<Frame> frames_;
  SqlToken previous_;
  SqlToken before_previous_;
};

}  // namespace

std::unique_ptr<BodyTracker> make_body_tracker(SqlDialect dialect) {
  switch (dialect) {
    case SqlDialect::sqlite: return std::make_unique<SqliteBody>();
    case SqlDialect::postgres: return std::make_unique<PostgresBody>();
    case SqlDialect::mysql: break;
  }
  return std::make_unique<MysqlBody>();
}

}  // namespace seedbed::detail
