#include <iostream>

#include <seedbed/engines/engine.hpp>
#include <seedbed/engines/mysql/mysql_engine.hpp>
#include <seedbed/engines/postgres/postgres_engine.hpp>
#include <seedbed/engines/sqlite/sqlite_engine.hpp>

int main() {
  seedbed::EngineRegistry engines;
  engines.add(seedbed::make_sqlite_engine());
  engines.add(seedbed::make_postgres_engine());
  engines.add(seedbed::make_mysql_engine());

  const auto url = seedbed::DatabaseUrl::parse("sqlite::memory:");
  const auto connection = engines.of(url).connect(url);
  std::cout << "answer " << connection->query_value("SELECT 6 * 7").integer() << '\n';
}
