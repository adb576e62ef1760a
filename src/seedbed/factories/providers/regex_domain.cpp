// The texts of a regular expression, numbered: a finite automaton that takes each text in one way
// only knows how many there are behind every one of its states.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "seedbed/core/text.hpp"
#include "seedbed/factories/expression/letters.hpp"
#include "seedbed/factories/providers/regex.hpp"

namespace seedbed::detail {

namespace {

constexpr std::uint64_t kLargest = std::uint64_t{1} << 62U;  // what a permutation takes
constexpr std::size_t kMaximumStates = 4096;

using State = std::uint32_t;
using States = std::vector<State>;  // sorted

// The automaton as the expression is written: several ways may take the same text.
class Drawn {
 public:
  struct Step {
    CodePoints characters;
    State next;
  };

  explicit Drawn(const RegexNode& regex) {
    end_ = build(regex, add_state());
    begin_ = 0;
  }
  /// Whether all of the expression found room.
  [[nodiscard]] bool whole() const { return empty_.size() < kMaximumStates; }
  [[nodiscard]] bool ends(const States& states) const {
    return std::binary_search(states.begin(), states.end(), end_);
  }
  [[nodiscard]] States begin() const { return closed({begin_}); }
  [[nodiscard]] const std::vector<Step>& steps(State state) const { return steps_[state]; }

  /// The states and what follows them without a character.
  [[nodiscard]] States closed(const States& states) const {
    std::set<State> seen{states.begin(), states.end()};
    States open = states;
    while (!open.empty()) {
      const auto state = open.back();
      open.pop_back();
      for (const auto next : empty_[state]) {
        if (seen.insert(next).second) open.push_back(next);
      }
    }
    return {seen.begin(), seen.end()};
  }

 private:
  State add_state() {
    if (whole()) {
      empty_.emplace_back();
      steps_.emplace_back();
    }
    return static_cast<State>(empty_.size() - 1);
  }

  // Appends what `node` takes behind `from`; gives the state behind it.
  State build(const RegexNode& node, State from) {
    if (!whole()) return from;
    switch (node.kind) {
      case RegexNode::Kind::characters: return build_characters(node, from);
      case RegexNode::Kind::sequence:
        for (const auto& part : node.parts) from = build(part, from);
        return from;
      case RegexNode::Kind::alternation: {
        const auto end = add_state();
        for (const auto& part : node.parts) empty_[build(part, from)].push_back(end);
        return end;
      }
      case RegexNode::Kind::repetition: break;
    }
    for (std::uint32_t i = 0; i < node.least; ++i) from = build(node.parts[0], from);
    const auto end = add_state();
    for (std::uint32_t i = node.least; i < node.most; ++i) {
      empty_[from].push_back(end);
      from = build(node.parts[0], from);
    }
    empty_[from].push_back(end);
    return end;
  }

  State build_characters(const RegexNode& node, State from) {
    const auto next = add_state();
    for (const auto& characters : node.characters) steps_[from].push_back({characters, next});
    return next;
  }

  std::vector<States> empty_{};
  std::vector<std::vector<Step>> steps_{};
  State begin_ = 0;
  State end_ = 0;
};

struct Edge {
  CodePoints characters;
  State next = 0;
};

struct CountedNode {
  bool ends = false;
  std::uint64_t count = 0;  // of texts from here on
  std::vector<Edge> edges{};
};

// The automaton in which each text has one way: its states are sets of the other's.
class Counter {
 public:
  explicit Counter(const Drawn& drawn) : drawn_{drawn} {}

  std::optional<std::vector<CountedNode>> run() {
    const auto first = add(drawn_.begin());
    if (!first) return std::nullopt;
    return std::move(nodes_);
  }

 private:
  // The node of these states, made with all behind it; nullopt when that is too much.
  std::optional<State> add(const States& states) {
    if (const auto known = known_.find(states); known != known_.end()) return known->second;
    if (nodes_.size() >= kMaximumStates) return std::nullopt;
    const auto id = static_cast<State>(nodes_.size());
    known_.emplace(states, id);
    nodes_.emplace_back();
    CountedNode node;
    node.ends = drawn_.ends(states);
    node.count = node.ends ? 1 : 0;
    for (const auto& characters : intervals(states)) {
      auto next = behind(states, characters);
      if (next.empty()) continue;
      const auto target = add(drawn_.closed(next));
      if (!target) return std::nullopt;
      const auto count = nodes_[*target].count;
      if (count > (kLargest - node.count) / characters.count()) return std::nullopt;
      node.count += count * characters.count();
      node.edges.push_back({characters, *target});
    }
    nodes_[id] = std::move(node);
    return id;
  }

  // The characters of all steps, cut so that each piece leads to the same states.
  std::vector<CodePoints> intervals(const States& states) {
    std::set<char32_t> cuts;
    for (const auto state : states) {
      for (const auto& step : drawn_.steps(state)) {
        cuts.insert(step.characters.first);
        cuts.insert(step.characters.last + 1);
      }
    }
    std::vector<CodePoints> result;
    for (auto cut = cuts.begin(); cut != cuts.end() && std::next(cut) != cuts.end(); ++cut) {
      result.push_back({*cut, *std::next(cut) - 1});
    }
    return result;
  }

  [[nodiscard]] States behind(const States& states, const CodePoints& characters) const {
    std::set<State> next;
    for (const auto state : states) {
      for (const auto& step : drawn_.steps(state)) {
        const bool holds =
            step.characters.first <= characters.first && characters.last <= step.characters.last;
        if (holds) next.insert(step.next);
      }
    }
    return {next.begin(), next.end()};
  }

  const Drawn& drawn_;
  std::map<States, State> known_{};
  std::vector<CountedNode> nodes_{};
};

class RegexDomain : public Domain {
 public:
  explicit RegexDomain(std::vector<CountedNode> nodes) : nodes_{std::move(nodes)} {}
  [[nodiscard]] std::uint64_t size() const noexcept override { return nodes_[0].count; }

  [[nodiscard]] ScalarView at(std::uint64_t index, Arena& arena) const override {
    std::string text;
    State state = 0;
    for (;;) {
      const CountedNode& node = nodes_[state];
      if (node.ends && index == 0) return TextView{arena.copy(text)};
      if (node.ends) --index;
      auto edge = node.edges.begin();
      for (; index >= texts_by(*edge); ++edge) index -= texts_by(*edge);
      const auto behind = nodes_[edge->next].count;
      append_code_point(text, edge->characters.first + static_cast<char32_t>(index / behind));
      index %= behind;
      state = edge->next;
    }
  }

  [[nodiscard]] std::optional<std::uint64_t> index_of(const ScalarView& value) const override {
    const auto text = to_text(value);
    std::string_view rest = text;
    std::uint64_t index = 0;
    State state = 0;
    if (find_invalid_utf8(text)) return std::nullopt;
    while (!rest.empty()) {
      const CountedNode& node = nodes_[state];
      const auto c = take_code_point(rest);
      if (node.ends) ++index;
      const auto edge = std::find_if(node.edges.begin(), node.edges.end(),
                                     [&](const auto& other) { return c <= other.characters.last; });
      if (edge == node.edges.end() || c < edge->characters.first) return std::nullopt;
      for (auto before = node.edges.begin(); before != edge; ++before) {
        index += nodes_[before->next].count * before->characters.count();
      }
      index += nodes_[edge->next].count * (c - edge->characters.first);
      state = edge->next;
    }
    return nodes_[state].ends ? std::optional{index} : std::nullopt;
  }

 private:
  [[nodiscard]] std::uint64_t texts_by(const Edge& edge) const {
    return nodes_[edge.next].count * edge.characters.count();
  }

  std::vector<CountedNode> nodes_;
};

}  // namespace

std::shared_ptr<const Domain> make_regex_domain(const RegexNode& regex) {
  const Drawn drawn{regex};
  if (!drawn.whole()) return nullptr;
  auto nodes = Counter{drawn}.run();
  return nodes ? std::make_shared<RegexDomain>(std::move(*nodes)) : nullptr;
}

}  // namespace seedbed::detail
