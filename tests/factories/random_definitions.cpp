#include "tests/factories/random_definitions.hpp"

#include <functional>
#include <random>

#include <fmt/format.h>

#include "seedbed/core/text.hpp"

namespace seedbed::testing {

namespace {

class FileMaker {
 public:
  explicit FileMaker(std::uint32_t seed) : random_{seed} {}

  std::string file() {
    std::vector<std::string> fields{R"("version": 1)"};
    if (chance(30)) fields.emplace_back(R"("locale": "de_DE")");
    fields.push_back(R"("factories": )" + mapping(6, [this] { return factory(); }));
    if (chance(70)) fields.push_back(R"("records": )" + mapping(4, [this] { return record(); }));
    if (chance(70)) {
      fields.push_back(R"("scenarios": )" + mapping(3, [this] { return scenario(); }));
    }
    return "{" + join(fields, ", ") + "}";
  }

 private:
  using Part = std::function<std::string()>;

  std::size_t below(std::size_t end) { return random_() % end; }
  bool chance(unsigned percent) { return random_() % 100 < percent; }

  std::string word() {
    static const std::vector<std::string> kWords{"user", "order", "name", "e-mail", "Größe", "a b"};
    return chance(60) ? kWords[below(kWords.size())] : nasty_texts()[below(nasty_texts().size())];
  }

  // Names that the reader refuses are left out, and so are those that would be given twice.
  std::string name() {
    auto text = word();
    while (text.empty() || text.find(':') != std::string::npos) text = word();
    return json_string(fmt::format("{}{}", text, ++names_));
  }

  std::string scalar() {
    static const std::vector<std::string> kBare{"1",    "-0",    "1.50", "1e5", "-12.5E-3",
                                                "true", "false", "null", "0"};
    if (chance(30)) return kBare[below(kBare.size())];
    return json_string(word());
  }

  std::string node(int levels) {
    if (levels == 0 || chance(70)) return scalar();
    if (chance(50)) return list(4, [&] { return node(levels - 1); });
    return mapping(4, [&] { return node(levels - 1); });
  }

  std::string list(std::size_t most, const Part& item) {
    std::vector<std::string> items(below(most + 1));
    for (auto& text : items) text = item();
    return "[" + join(items, ", ") + "]";
  }
  std::string mapping(std::size_t most, const Part& value) {
    std::vector<std::string> entries(below(most + 1));
    for (auto& text : entries) text = name() + ": " + value();
    return "{" + join(entries, ", ") + "}";
  }
  /// Some of these fields.
  std::string fields(const std::vector<std::pair<std::string, Part>>& all) {
    std::vector<std::string> chosen;
    for (const auto& [field, value] : all) {
      if (chance(40)) chosen.push_back(json_string(field) + ": " + value());
    }
    return "{" + join(chosen, ", ") + "}";
  }

  std::string one_of(const std::vector<std::string>& texts) {
    return json_string(texts[below(texts.size())]);
  }
  std::string names() {
    return list(3, [this] { return name(); });
  }
  std::string count() {
    return chance(50) ? std::to_string(below(100))
                      : one_of({"0..3", "1..4", "=poisson(mean=3, max=9)", "1.5M", "10k"});
  }

  std::string ref() {
    if (chance(20)) return name();
    return fields({{"factory", [this] { return name(); }},
                   {"traits", [this] { return names(); }},
                   {"share",
                    [this] {
                      return one_of({"graph", "scenario", "none"});
                    }},
                   {"shape",
                    [this] {
                      return one_of({"tree", "chain", "random"});
                    }},
                   {"fanout", [this] { return std::to_string(1 + below(9)); }},
                   {"roots",
                    [this] {
                      return one_of({"3", "5%", "0.1%", "33.33%", "100%", "7%"});
                    }},
                   {"via", [this] { return name(); }}});
  }
  std::string has() {
    if (chance(30)) return count();
    return fields({{"factory", [this] { return name(); }},
                   {"count", [this] { return count(); }},
                   {"traits", [this] { return names(); }},
                   {"via", [this] { return name(); }}});
  }
  std::string clause() {
    return fmt::format(R"({{"if": {}, "set": {}}})", json_string("=" + word()),
                       mapping(3, [this] { return node(2); }));
  }

  std::string hook() {
    const auto bulk = chance(50) ? R"(, "bulk": )" + one_of({"each", "skip"}) : "";
    return fmt::format(R"({{"sql": {}{}}})", json_string("DELETE " + word()), bulk);
  }

  std::vector<std::pair<std::string, Part>> layer() {
    return {{"params", [this] { return mapping(2, [this] { return node(1); }); }},
            {"set", [this] { return mapping(5, [this] { return node(3); }); }},
            {"refs", [this] { return mapping(3, [this] { return ref(); }); }},
            {"has", [this] { return mapping(3, [this] { return has(); }); }},
            {"when", [this] { return list(2, [this] { return clause(); }); }},
            {"after_create", [this] { return list(2, [this] { return hook(); }); }}};
  }
  std::string trait() {
    auto parts = layer();
    parts.emplace_back("traits", [this] { return names(); });
    return fields(parts);
  }
  std::string factory() {
    auto parts = layer();
    parts.emplace_back("table", [this] { return name(); });
    parts.emplace_back("extends", [this] { return name(); });
    parts.emplace_back("key", [this] { return name(); });
    parts.emplace_back("locale", [this] { return one_of({"fr_FR", "ja_JP"}); });
    parts.emplace_back(
        "traits", [this] { return chance(50) ? names() : mapping(3, [this] { return trait(); }); });
    return fields(parts);
  }

  std::string record() {
    return fmt::format(
        R"({{"factory": {}, "traits": {}, "set": {}}})", name(), names(),
        mapping(4, [this] { return chance(20) ? json_string("@" + word()) : node(2); }));
  }
  std::string scenario() {
    return list(5, [this] { return entry(); });
  }
  std::string entry() {
    if (chance(20)) return name();
    const auto traits = chance(50) ? R"(, "traits": )" + names() : "";
    if (chance(60)) return fmt::format("{{{}: {}{}}}", name(), below(1000), traits);
    const auto total = chance(50) ? R"(, "total": "2.5k")" : "";
    const auto via = chance(50) ? R"(, "via": )" + name() : "";
    return fmt::format(R"({{{}: {{"per": {}, "count": {}{}{}}}{}}})", name(), name(), count(),
                       total, via, traits);
  }

  std::mt19937 random_;
  int names_ = 0;
};

}  // namespace

// NOLINTNEXTLINE(readability-function-size): a table.
const std::vector<std::string>& nasty_texts() {
  static const std::vector<std::string> kTexts{"",
                                               " ",
                                               "=x",
                                               "==x",
                                               "=a, b",
                                               "={x}",
                                               "=f('#')",
                                               "=f(\"",
                                               "a: b",
                                               "a:",
                                               ":a",
                                               "a #b",
                                               "#a",
                                               "a#b",
                                               "- a",
                                               "-",
                                               "---",
                                               "...",
                                               "? a",
                                               "?",
                                               "!tag",
                                               "&anchor",
                                               "*alias",
                                               "<<",
                                               "|",
                                               ">",
                                               "|-",
                                               "%TAG",
                                               "@john",
                                               "`tick`",
                                               "{",
                                               "}",
                                               "{a}",
                                               "{{a}}",
                                               "[a]",
                                               "]",
                                               "a, b",
                                               ",",
                                               "'",
                                               "''",
                                               "it's",
                                               "\"",
                                               "\"a\"",
                                               "\\",
                                               "a\\nb",
                                               "a\nb",
                                               "\n",
                                               "a\n",
                                               "\ta",
                                               "a\t",
                                               " a",
                                               "a ",
                                               "a  b",
                                               "true",
                                               "True",
                                               "false",
                                               "no",
                                               "NO",
                                               "yes",
                                               "on",
                                               "off",
                                               "y",
                                               "null",
                                               "Null",
                                               "~",
                                               "1",
                                               "01234",
                                               "1.10",
                                               "-1",
                                               "+1",
                                               "1e5",
                                               "0x1f",
                                               "0o7",
                                               "1_000",
                                               ".5",
                                               "5.",
                                               ".inf",
                                               ".nan",
                                               "12:30:00",
                                               "2026-01-31",
                                               "0..3",
                                               "größe",
                                               "日本語",
                                               "😀",
                                               "\xC2\x85",
                                               "\xC2\xA0",
                                               "\xE2\x80\xA8",
                                               "\xEF\xBB\xBFx",
                                               "\x01",
                                               "\x7F",
                                               "a\u2060b",
                                               "\xE3\x80\x80",
                                               "x\xE2\x80\x8B",
                                               "Ticket #42",
                                               "a\rb",
                                               "key: {a: b}",
                                               "a\tb: c",
                                               std::string{"a\0b", 3},
                                               "role:admin",
                                               "http://example.com/?a=b&c=d#e",
                                               "{slug(name)}.{n}@example.com"};
  return kTexts;
}

std::string json_string(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      result += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string random_factory_file(std::uint32_t seed) {
  return FileMaker{seed}.file();
}

}  // namespace seedbed::testing
