#include "seedbed/factories/own_tables.hpp"

#include "seedbed/factories/rows/record_store.hpp"
#include "seedbed/factories/rows/row_numbers.hpp"

namespace seedbed {

void prepare_factory_tables(Connection& connection) {
  const Schema schema;
  detail::RowNumbers{connection}.prepare();
  detail::RecordStore{connection, schema}.prepare();
}

}  // namespace seedbed
