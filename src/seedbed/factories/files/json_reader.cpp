#include "seedbed/factories/files/json_reader.hpp"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/definition.hpp"

namespace seedbed {

namespace {

Node scalar(std::string text, bool quoted) {
  Node node;
  node.kind = NodeKind::scalar;
  node.text = std::move(text);
  node.quoted = quoted;
  return node;
}

class TreeBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Node take() { return std::move(root_); }

  bool null() override { return add({}); }
  bool boolean(bool value) override { return add(scalar(value ? "true" : "false", false)); }
  bool number_integer(number_integer_t value) override {
    return add(scalar(std::to_string(value), false));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return add(scalar(std::to_string(value), false));
  }
  bool number_float(number_float_t /*value*/, const string_t& spelling) override {
    return add(scalar(spelling, false));
  }
  bool string(string_t& value) override { return add(scalar(value, true)); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(NodeKind::mapping); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t /*size*/) override { return open(NodeKind::sequence); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (open_.back().find(name) != nullptr) fail(fmt::format("the key '{}' is given twice", name));
    keys_.back() = name;
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::json::exception& /*error*/) override {
    fail(fmt::format("not JSON at byte {}", position));
  }

 private:
  [[noreturn]] static void fail(const std::string& message) {
    throw Error{ErrorCode::invalid_input, message};
  }

  bool add(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().kind == NodeKind::mapping) {
      open_.back().entries.emplace_back(scalar(keys_.back(), true), std::move(node));
    } else {
      open_.back().items.push_back(std::move(node));
    }
    return true;
  }

  bool open(NodeKind kind) {
    if (open_.size() >= static_cast<std::size_t>(kMaximumDepth)) {
      fail(fmt::format("more than {} levels of JSON", kMaximumDepth));
    }
    open_.emplace_back().kind = kind;
    keys_.emplace_back();
    return true;
  }

  bool close() {
    Node node = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    return add(std::move(node));
  }

  Node root_;
  std::vector<Node> open_;
  std::vector<std::string> keys_;
};

std::string quoted_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::strict);
}

}  // namespace

std::string json_text(const Node& node) {
  std::vector<std::string> parts;
  switch (node.kind) {
    case NodeKind::null: return "null";
    case NodeKind::scalar: {
      const bool bare =
          node.is_number() || node.is_boolean() || (!node.quoted && node.text == "null");
      return bare ? node.text : quoted_text(node.text);
    }
    case NodeKind::sequence:
      for (const auto& item : node.items) parts.push_back(json_text(item));
      return "[" + join(parts, ",") + "]";
    case NodeKind::mapping:
      for (const auto& [key, value] : node.entries) {
        parts.push_back(quoted_text(key.text) + ":" + json_text(value));
      }
      return "{" + join(parts, ",") + "}";
  }
  return {};
}

Node detail::read_json(std::string_view text) {
  if (const auto bad = find_invalid_utf8(text)) {
    throw Error{ErrorCode::invalid_input, fmt::format("invalid UTF-8 at byte {}", *bad)};
  }
  TreeBuilder builder;
  nlohmann::json::sax_parse(text, &builder);
  return builder.take();
}

}  // namespace seedbed
