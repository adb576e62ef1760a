#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "seedbed/factories/expression/syntax.hpp"

namespace seedbed::detail {

namespace {

// Recursive descent; each function returns nullopt after it has reported one finding.
class Parser {
 public:
  Parser(const ExpressionSource& source, std::vector<Token> tokens)
      : source_{source}, tokens_{std::move(tokens)} {}

  std::optional<Syntax> run() {
    if (peek().kind == TokenKind::end) return fail("an expression is missing");
    auto result = parse_or();
    if (result && peek().kind != TokenKind::end) return fail(unexpected());
    return result;
  }

 private:
  using Rule = std::optional<Syntax> (Parser::*)();

  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
  }
  [[nodiscard]] bool sees(std::string_view symbol, std::size_t ahead = 0) const {
    return peek(ahead).kind == TokenKind::symbol && peek(ahead).text == symbol;
  }
  [[nodiscard]] bool sees_word(std::string_view word) const {
    return peek().kind == TokenKind::word && !peek().quoted && peek().text == word;
  }
  Token take() { return tokens_[next_ + 1 < tokens_.size() ? next_++ : next_]; }
  std::nullopt_t fail(std::string message) { return fail_at(peek().at, std::move(message)); }
  std::nullopt_t fail_at(std::size_t at, std::string message) {
    source_.report(at, std::move(message));
    return std::nullopt;
  }
  [[nodiscard]] std::string unexpected() const {
    const Token& token = peek();
    if (token.kind == TokenKind::end) return "the expression ends too early";
    if (token.text == "=") return "'=' stands between a name and its argument; compare with '=='";
    return fmt::format("unexpected '{}'", token.text);
  }

  // An operator over `operands`, unless the expression is getting too large.
  std::optional<Syntax> make(SyntaxKind kind, const Token& token, std::vector<Syntax> operands) {
    if (++nodes_ > kMaximumExpressionNodes) {
      return fail_at(token.at,
                     fmt::format("the expression has more than {} parts", kMaximumExpressionNodes));
    }
    Syntax syntax{.kind = kind, .value = token.value, .text = token.text};
    syntax.quoted = token.quoted;
    syntax.at = token.at;
    syntax.arguments = std::move(operands);
    return syntax;
  }

  std::optional<Syntax> binary(Syntax left, const Token& symbol, Rule right_rule) {
    auto right = (this->*right_rule)();
    if (!right) return std::nullopt;
    std::vector<Syntax> operands;
    operands.push_back(std::move(left));
    operands.push_back(std::move(*right));
    return make(SyntaxKind::binary, symbol, std::move(operands));
  }

  std::optional<Syntax> parse_or() {
    auto left = parse_and();
    while (left && sees_word("or")) left = binary(std::move(*left), take(), &Parser::parse_and);
    return left;
  }

  std::optional<Syntax> parse_and() {
    auto left = parse_not();
    while (left && sees_word("and")) left = binary(std::move(*left), take(), &Parser::parse_not);
    return left;
  }

  std::optional<Syntax> parse_not() {
    if (!sees_word("not")) return parse_comparison();
    return prefix(&Parser::parse_not);
  }

  std::optional<Syntax> prefix(Rule operand_rule) {
    if (depth_ >= kMaximumExpressionDepth) return too_deep();
    ++depth_;
    const Token token = take();
    auto operand = (this->*operand_rule)();
    --depth_;
    if (!operand) return std::nullopt;
    std::vector<Syntax> operands;
    operands.push_back(std::move(*operand));
    return make(SyntaxKind::unary, token, std::move(operands));
  }

  std::nullopt_t too_deep() {
    return fail(fmt::format("nested more than {} levels deep", kMaximumExpressionDepth));
  }

  [[nodiscard]] bool sees_comparison() const {
    return sees("==") || sees("!=") || sees("<") || sees("<=") || sees(">") || sees(">=");
  }

  std::optional<Syntax> parse_comparison() {
    auto left = parse_range();
    if (!left || !sees_comparison()) return left;
    left = binary(std::move(*left), take(), &Parser::parse_range);
    if (left && sees_comparison()) return fail("comparisons do not chain; join them with 'and'");
    return left;
  }

  std::optional<Syntax> parse_range() {
    auto left = parse_sum();
    if (!left || !sees("..")) return left;
    left = binary(std::move(*left), take(), &Parser::parse_sum);
    if (left && sees("..")) return fail("a range has two ends");
    return left;
  }

  std::optional<Syntax> parse_sum() {
    auto left = parse_product();
    while (left && (sees("+") || sees("-"))) {
      left = binary(std::move(*left), take(), &Parser::parse_product);
    }
    return left;
  }

  std::optional<Syntax> parse_product() {
    auto left = parse_sign();
    while (left && (sees("*") || sees("/"))) {
      left = binary(std::move(*left), take(), &Parser::parse_sign);
    }
    return left;
  }

  std::optional<Syntax> parse_sign() {
    if (!sees("-")) return parse_primary();
    return prefix(&Parser::parse_sign);
  }

  std::optional<Syntax> parse_primary() {
    const Token& token = peek();
    if (token.kind == TokenKind::literal) return make(SyntaxKind::literal, take(), {});
    if (sees("(")) return parse_parentheses();
    if (token.kind != TokenKind::word) return fail(unexpected());
    if (!token.quoted) {
      if (auto constant = parse_constant()) return constant;
      if (sees_word("and") || sees_word("or") || sees_word("not")) return fail(unexpected());
    }
    if (sees("(", 1)) return parse_call();
    auto name = make(SyntaxKind::name, take(), {});
    if (!name || !sees(".")) return name;
    take();
    if (peek().kind != TokenKind::word) return fail("a column is missing after '.'");
    name->kind = SyntaxKind::member;
    name->member = take().text;
    if (sees("."))
      return fail("only one step up is possible; reach further through a column of it");
    return name;
  }

  std::optional<Syntax> parse_constant() {
    if (!sees_word("true") && !sees_word("false") && !sees_word("null")) return std::nullopt;
    Token token = take();
    token.value = constant(token.text);
    return make(SyntaxKind::literal, token, {});
  }

  static Scalar constant(std::string_view word) {
    return word == "null" ? Scalar{Null{}} : Scalar{word == "true"};
  }

  std::optional<Syntax> parse_parentheses() {
    if (depth_ >= kMaximumExpressionDepth) return too_deep();
    const std::size_t begin = take().at;
    ++depth_;
    auto inner = parse_or();
    --depth_;
    if (!inner) return std::nullopt;
    if (!sees(")")) return not_closed(begin);
    take();
    return inner;
  }

  std::nullopt_t not_closed(std::size_t begin) {
    if (peek().kind == TokenKind::end) return fail_at(begin, "'(' is not closed");
    return fail(unexpected());
  }

  std::optional<Syntax> parse_call() {
    if (depth_ >= kMaximumExpressionDepth) return too_deep();
    auto call = make(SyntaxKind::call, take(), {});
    if (!call) return std::nullopt;
    split_version(*call);
    const std::size_t begin = take().at;
    ++depth_;
    while (!sees(")")) {
      auto argument = parse_argument();
      if (!argument) return std::nullopt;
      call->arguments.push_back(std::move(*argument));
      if (sees(",")) {
        take();
      } else if (!sees(")")) {
        return not_closed(begin);
      }
    }
    --depth_;
    take();
    return call;
  }

  static void split_version(Syntax& call) {
    const auto at = call.text.find('@');
    if (call.quoted || at == std::string::npos) return;
    const auto digits = std::string_view{call.text}.substr(at + 1);
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), call.version);
    if (error != std::errc{} || stop != digits.data() + digits.size()) call.version = -1;
    call.text.resize(at);
  }

  std::optional<Syntax> parse_argument() {
    std::optional<Token> label;
    if (sees("=", 1) && peek().kind != TokenKind::symbol) {
      label = take();
      take();
    }
    auto argument = parse_or();
    if (argument && label) {
      argument->label_at = label->at;
      argument->label = label_value(*label);
    }
    return argument;
  }

  static Scalar label_value(const Token& label) {
    if (label.kind == TokenKind::literal) return label.value;
    const bool is_constant = label.text == "true" || label.text == "false" || label.text == "null";
    return is_constant && !label.quoted ? constant(label.text) : Scalar{label.text};
  }

  const ExpressionSource& source_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  std::size_t nodes_ = 0;
  int depth_ = 0;
};

}  // namespace

std::optional<Syntax> parse_expression(const ExpressionSource& source) {
  auto tokens = tokens_of(source);
  if (!tokens) return std::nullopt;
  return Parser{source, std::move(*tokens)}.run();
}

}  // namespace seedbed::detail
