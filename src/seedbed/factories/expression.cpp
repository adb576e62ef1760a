#include "seedbed/factories/expression.hpp"

#include <charconv>

#include <fmt/format.h>

#include "seedbed/factories/expression/compiler.hpp"

namespace seedbed {

namespace {

using detail::Compiler;
using detail::ExpressionSource;
using detail::OperationPointer;

// The `}` that ends the expression which begins at `begin`: the first outside of quotes.
std::size_t end_of_placeholder(std::string_view text, std::size_t begin) {
  char quote = '\0';
  for (std::size_t at = begin; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != '\0') {
      if (c == '\\') ++at;
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'' || c == '`') {
      quote = c;
    } else if (c == '}') {
      return at;
    }
  }
  return std::string_view::npos;
}

// Splits a template into texts and expressions; an empty result means that a finding was reported.
class TemplateReader {
 public:
  TemplateReader(const ExpressionSource& source, Compiler& compiler)
      : source_{source}, text_{source.text()}, compiler_{compiler} {}

  [[nodiscard]] std::optional<detail::Operations> read() {
    while (at_ < text_.size() && parts_.size() < detail::kMaximumExpressionNodes) {
      const char c = text_[at_];
      const bool doubled = at_ + 1 < text_.size() && text_[at_ + 1] == c;
      if ((c == '{' || c == '}') && doubled) {
        literal_ += c;
        at_ += 2;
      } else if (c == '{') {
        read_placeholder();
      } else if (c == '}') {
        source_.report(at_, "'}' without '{'; write }} for a brace");
        ok_ = false;
        ++at_;
      } else {
        literal_ += c;
        ++at_;
      }
    }
    if (at_ < text_.size()) {
      source_.report(at_, "the template has too many parts");
      return std::nullopt;
    }
    end_literal();
    return ok_ ? std::optional{std::move(parts_)} : std::nullopt;
  }

 private:
  void end_literal() {
    if (!literal_.empty()) parts_.push_back(detail::make_constant(TextView{literal_}));
    literal_.clear();
  }

  void read_placeholder() {
    const auto end = end_of_placeholder(text_, at_ + 1);
    if (end == std::string_view::npos) {
      source_.report(at_, "'{' is not closed; write {{ for a brace");
      ok_ = false;
      at_ = text_.size();
      return;
    }
    end_literal();
    auto part = compiler_.compile(source_.part(at_ + 1, end - at_ - 1));
    ok_ = ok_ && part;
    parts_.push_back(std::move(part));
    at_ = end + 1;
  }

  const ExpressionSource& source_;
  std::string_view text_;
  Compiler& compiler_;
  detail::Operations parts_{};
  std::string literal_{};
  std::size_t at_ = 0;
  bool ok_ = true;
};

std::optional<Expression> compile_source(const ExpressionSource& source, const NameScope& scope) {
  Compiler compiler{scope};
  auto root = compiler.compile(source);
  if (!root) return std::nullopt;
  return compiler.finish(std::move(root));
}

std::optional<Expression> compile_template_source(const ExpressionSource& source,
                                                  const NameScope& scope) {
  Compiler compiler{scope};
  auto parts = TemplateReader{source, compiler}.read();
  if (!parts) return std::nullopt;
  if (parts->empty()) return Expression::literal(TextView{});
  if (parts->size() == 1 && parts->front()->constant() != nullptr) {
    return Expression::literal(TextView{to_text(*parts->front()->constant())});
  }
  return compiler.finish(detail::make_concatenation(std::move(*parts)));
}

}  // namespace

std::optional<Expression> Expression::compile(std::string_view text, const SourceSpot& where,
                                              const NameScope& scope, Diagnostics& findings) {
  return compile_source({text, where, findings}, scope);
}

std::optional<Expression> Expression::compile_template(std::string_view text,
                                                       const SourceSpot& where,
                                                       const NameScope& scope,
                                                       Diagnostics& findings) {
  return compile_template_source({text, where, findings}, scope);
}

std::optional<Expression> Expression::compile_scalar(const Node& node, const NameScope& scope,
                                                     Diagnostics& findings) {
  const std::string_view text = node.text;
  if (node.kind == NodeKind::scalar && text.starts_with("==")) {
    return literal(TextView{text.substr(1)});
  }
  if (node.kind == NodeKind::scalar && text.starts_with('=')) {
    return compile_source({node, 1, findings}, scope);
  }
  if (node.kind == NodeKind::scalar && text.find_first_of("{}") != std::string_view::npos) {
    return compile_template_source({node, 0, findings}, scope);
  }
  const auto value = literal_of(node);
  return literal(value);
}

Expression Expression::literal(const ScalarView& value) {
  return Compiler::constant(value);
}

const ScalarView* Expression::literal_value() const noexcept {
  return root_->constant();
}

std::shared_ptr<const Domain> Expression::domain() const {
  return root_->domain();
}

const ScalarView* Expression::largest() const noexcept {
  return root_->largest();
}

std::optional<RowNumberForm> Expression::row_number_form() const {
  return root_->row_number_form();
}

std::span<const std::uint64_t> Frame::row_numbers() {
  const auto numbers = arena().uninitialised<std::uint64_t>(rows());
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    numbers[row] = static_cast<std::uint64_t>(row_number(row));
  }
  return numbers;
}

ScalarColumn Expression::evaluate(Frame& frame) const {
  return root_->evaluate(detail::Batch{frame}).column(frame.rows(), frame.arena());
}

Scalar literal_of(const Node& node) {
  if (node.kind == NodeKind::null) return Null{};
  if (node.is_boolean()) return node.text == "true";
  if (node.is_number()) {
    if (const auto decimal = parse_decimal(node.text)) {
      if (decimal->scale == 0) return decimal->coefficient;
      return *decimal;
    }
    double real = 0;
    const auto* end = node.text.data() + node.text.size();
    const bool has_exponent = node.text.find_first_of("eE") != std::string::npos;
    if (has_exponent && std::from_chars(node.text.data(), end, real).ec == std::errc{}) return real;
  }
  return node.text;
}

}  // namespace seedbed
