#include "seedbed/engines/mysql/products.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "seedbed/engines/mysql/dialect.hpp"

namespace seedbed::mysql {

namespace {

// Reads a number at the front and the dot behind it.
int take_number(std::string_view& text) {
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{}) return 0;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with('.')) text.remove_prefix(1);
  return number;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

bool is_mariadb_from(const Version& version, int major, int minor) {
  if (version.product != Product::mariadb) return false;
  return version.major > major || (version.major == major && version.minor >= minor);
}

bool is_written_bare(std::string_view data_type) {
  constexpr std::array<std::string_view, 11> kTypes{"tinyint", "smallint", "mediumint", "int",
                                                    "bigint",  "decimal",  "float",     "double",
                                                    "year",    "bit",      "binary"};
  return std::ranges::find(kTypes, data_type) != kTypes.end();
}

}  // namespace

Version parse_version(std::string_view server_version) {
  Version version;
  const auto maria = server_version.find("MariaDB");
  version.product = maria == std::string_view::npos ? Product::mysql : Product::mariadb;
  if (server_version.starts_with("5.5.5-"))
    server_version.remove_prefix(6);  // MariaDB to old clients
  version.text = server_version.substr(0, server_version.find('-'));
  version.major = take_number(server_version);
  version.minor = take_number(server_version);
  return version;
}

Version version_of(Connection& connection) {
  return parse_version(connection.query_value("SELECT VERSION()").text());
}

bool has_insert_returning(const Version& version) noexcept {
  return is_mariadb_from(version, 10, 5);
}

bool has_sorted_fill(const Version& version) noexcept {
  return is_mariadb_from(version, 10, 7);
}

std::string_view index_query(Product product) noexcept {
  if (product == Product::mysql) {
    return "SELECT table_name, index_name, non_unique, column_name, sub_part, expression "
           "FROM information_schema.statistics WHERE table_schema = DATABASE() "
           "ORDER BY table_name, index_name, seq_in_index";
  }
  return "SELECT table_name, index_name, non_unique, column_name, sub_part, NULL "
         "FROM information_schema.statistics WHERE table_schema = DATABASE() "
         "ORDER BY table_name, index_name, seq_in_index";
}

std::string_view check_query(Product product) noexcept {
  if (product == Product::mysql) {
    return "SELECT t.table_name, c.constraint_name, c.check_clause "
           "FROM information_schema.check_constraints c "
           "JOIN information_schema.table_constraints t "
           "ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name "
           "AND t.constraint_type = 'CHECK' "
           "WHERE c.constraint_schema = DATABASE() ORDER BY t.table_name, c.constraint_name";
  }
  return "SELECT table_name, constraint_name, check_clause "
         "FROM information_schema.check_constraints WHERE constraint_schema = DATABASE() "
         "ORDER BY table_name, constraint_name";
}

InnodbViews innodb_views(Product product) noexcept {
  if (product == Product::mysql) {
    return {"innodb_tables", "innodb_tablestats"};
  }
  return {"innodb_sys_tables", "innodb_sys_tablestats"};
}

std::string defined_after(Product product, std::string_view table) {
  if (product == Product::mysql) return "TRUE";
  return fmt::format(
      "(create_time IS NULL OR create_time >= (SELECT create_time FROM information_schema.tables "
      "WHERE table_schema = DATABASE() AND table_name = {}))",
      literal(Value{std::string{table}}));
}

std::string_view status_view(Product product) noexcept {
  return product == Product::mysql ? "performance_schema.global_status"
                                   : "information_schema.global_status";
}

std::optional<std::string> default_sql(Product product, const Value& shown, std::string_view extra,
                                       std::string_view data_type) {
  if (shown.is_null()) return std::nullopt;
  const auto text = shown.as<std::string>();
  if (product == Product::mariadb) return text == "NULL" ? std::nullopt : std::optional{text};
  if (extra.find("DEFAULT_GENERATED") != std::string_view::npos) {
    return readable_expression(product, text);
  }
  return is_written_bare(data_type) ? text : literal(text);
}

std::string readable_expression(Product product, std::string_view shown) {
  std::string text{shown};
  if (product == Product::mariadb) return text;
  return replaced(replaced(std::move(text), "\\'", "'"), "_utf8mb4'", "'");
}

}  // namespace seedbed::mysql
