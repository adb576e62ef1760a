#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seedbed/core/error.hpp"
#include "seedbed/factories/files/document.hpp"
#include "seedbed/factories/scalar.hpp"

namespace seedbed::detail {

/// A text under compilation: where it stands, and where findings about it go.
class ExpressionSource {
 public:
  ExpressionSource(std::string_view text, SourceSpot where, Diagnostics& findings)
      : text_{text}, where_{std::move(where)}, findings_{findings} {}
  /// Of the text of a node from byte `offset` on.
  ExpressionSource(const Node& node, std::size_t offset, Diagnostics& findings);

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] Diagnostics& findings() const noexcept { return findings_; }
  /// The place of byte `at`.
  [[nodiscard]] SourceSpot spot(std::size_t at) const;
  void report(std::size_t at, std::string message) const;
  /// The part [at, at + length) as a source of its own.
  [[nodiscard]] ExpressionSource part(std::size_t at, std::size_t length) const {
    ExpressionSource part = *this;
    part.text_ = text_.substr(at, length);
    part.where_ = spot(at);
    part.offset_ = offset_ + at;
    return part;
  }

 private:
  std::string_view text_;
  SourceSpot where_;
  Diagnostics& findings_;
  const std::vector<TextMark>* marks_ = nullptr;  // of the node that the text is part of
  std::size_t offset_ = 0;                        // there
};

enum class TokenKind : unsigned char { end, literal, word, symbol };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text{};   ///< of a word or symbol; as spelled for literals
  Scalar value{};       ///< of a literal
  bool quoted = false;  ///< a word in backticks: always a name
  std::size_t at = 0;
};

/// The tokens of `source`, with an `end` token last; nullopt after a finding.
[[nodiscard]] std::optional<std::vector<Token>> tokens_of(const ExpressionSource& source);

enum class SyntaxKind : unsigned char { literal, name, member, call, unary, binary };

/// A parsed expression, before its names are known.
struct Syntax {
  SyntaxKind kind = SyntaxKind::literal;
  Scalar value{};        ///< of a literal
  std::string text{};    ///< name, relation of a member, function, operator
  std::string member{};  ///< column of a member
  int version = 0;       ///< of a call that pins one: name@2(...)
  bool quoted = false;   ///< a name in backticks
  std::size_t at = 0;
  std::optional<Scalar> label{};  ///< "customer" where this is the 95 of customer=95
  std::size_t label_at = 0;
  std::vector<Syntax> arguments{};  ///< of a call; the operands of an operator
};

inline constexpr int kMaximumExpressionDepth = 64;
inline constexpr std::size_t kMaximumExpressionNodes = 1000;
inline constexpr std::size_t kMaximumExpressionBytes = 16U << 10U;

/// Parses the whole of `source`; nullopt after a finding.
[[nodiscard]] std::optional<Syntax> parse_expression(const ExpressionSource& source);

}  // namespace seedbed::detail
