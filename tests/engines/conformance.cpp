#include "tests/engines/conformance.hpp"

#include <fmt/format.h>

namespace seedbed::testing {

std::string ConformanceTest::with_placeholders(std::string_view sql) const {
  std::string result;
  std::size_t number = 0;
  for (const char c : sql) result += c == '?' ? engine().placeholder(++number) : std::string{c};
  return result;
}

std::int64_t ConformanceTest::count(std::string_view table) {
  return connection()
      .query_value(fmt::format("SELECT count(*) FROM {}", engine().quote(table)))
      .integer();
}

std::uint64_t ConformanceTest::load(std::string_view table, const std::vector<std::string>& columns,
                                    const std::vector<Row>& rows, std::size_t rows_per_batch) {
  const Schema schema = engine().introspect(connection());
  std::size_t next = 0;
  return connection().bulk_load({schema.at(table), columns}, [&](ColumnBatch& batch) {
    for (std::size_t i = 0; i < rows_per_batch && next < rows.size(); ++i)
      batch.append(rows[next++]);
    return batch.row_count() > 0;
  });
}

std::string ConformanceTest::numbers(int last) const {
  if (is("postgres")) return fmt::format("SELECT n FROM generate_series(1, {}) AS g (n)", last);
  // MariaDB and MySQL bound recursion each in their own way, so digits are multiplied instead.
  const std::string digits =
      "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 "
      "UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 "
      "UNION ALL SELECT 9)";
  return fmt::format(
      "SELECT n FROM (SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n "
      "FROM {0} a, {0} b, {0} c, {0} e, {0} f) t WHERE n <= {1} ORDER BY n",
      digits, last);
}

std::string ConformanceTest::endless_sql() const {
  return pick(
      "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
      "SELECT pg_sleep(300)",
      "SELECT count(*) FROM information_schema.columns a, information_schema.columns b, "
      "information_schema.columns c, information_schema.columns d");
}

}  // namespace seedbed::testing
