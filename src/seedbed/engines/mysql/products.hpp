#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "seedbed/engines/connection.hpp"

namespace seedbed::mysql {

/// Which of the two products a server is, and all that differs between their catalogs. MySQL 8's
/// side follows its manual, chapter "INFORMATION_SCHEMA Tables".
enum class Product : unsigned char { mariadb, mysql };

struct Version {
  Product product = Product::mariadb;
  int major = 0;
  int minor = 0;
  std::string text{};  ///< "10.11.19"
};
[[nodiscard]] Version parse_version(std::string_view server_version);
[[nodiscard]] Version version_of(Connection& connection);

/// INSERT ... RETURNING: MariaDB from 10.5.
[[nodiscard]] bool has_insert_returning(const Version& version) noexcept;

/// With unique_checks off, InnoDB fills an empty table by sorting, and finds equal values so:
/// MariaDB from 10.7. Other servers may take them (https://dev.mysql.com/doc/refman/8.0/en/
/// server-system-variables.html#sysvar_unique_checks).
[[nodiscard]] bool has_sorted_fill(const Version& version) noexcept;

/// SELECT of index members: table, index, non_unique, column, prefix length, expression; in order.
[[nodiscard]] std::string_view index_query(Product product) noexcept;
/// SELECT of CHECK constraints: table, name, expression; in order.
[[nodiscard]] std::string_view check_query(Product product) noexcept;

/// Views of information_schema.
struct InnodbViews {
  std::string_view tables;
  std::string_view statistics;
};
[[nodiscard]] InnodbViews innodb_views(Product product) noexcept;
/// What holds in information_schema.tables for those that may have been defined anew after `table`
/// was made. MariaDB's create_time is that of the file with the definition; what MySQL's is after
/// an ALTER is not said, so there all may.
[[nodiscard]] std::string defined_after(Product product, std::string_view table);
/// The view of the server's status, of all sessions: (variable_name, variable_value).
[[nodiscard]] std::string_view status_view(Product product) noexcept;

/// A column's default as SQL, from what the catalog says. MariaDB shows SQL, "NULL" included; MySQL
/// shows the bare value unless EXTRA says DEFAULT_GENERATED.
[[nodiscard]] std::optional<std::string> default_sql(Product product, const Value& shown,
                                                     std::string_view extra,
                                                     std::string_view data_type);

/// An expression of the catalog as one would write it. MySQL escapes quotes and spells out
/// character sets: `_utf8mb4\'a\'`.
[[nodiscard]] std::string readable_expression(Product product, std::string_view shown);

}  // namespace seedbed::mysql
