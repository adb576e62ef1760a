#include "seedbed/factories/certificate.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "seedbed/core/error.hpp"
#include "seedbed/core/text.hpp"
#include "seedbed/engines/engine.hpp"
#include "seedbed/factories/load/row_hasher.hpp"

namespace seedbed {

namespace {

using CertificateJson = nlohmann::ordered_json;

constexpr int kVersion = 1;

TableName table_name(const std::string& text) {
  const auto dot = text.find('.');
  if (dot == std::string::npos) return {{}, text};
  return {text.substr(0, dot), text.substr(dot + 1)};
}

/// Of digits that are known to be some.
std::uint64_t parse_hex(std::string_view digits) {
  std::uint64_t number = 0;
  const auto bytes = from_hex(digits);
  for (const char c : *bytes) number = number << 8U | static_cast<unsigned char>(c);
  return number;
}

TableCertificate parse_table(const std::string& name, const CertificateJson& json) {
  TableCertificate table;
  table.table = table_name(name);
  table.columns = json.at("columns").get<std::vector<std::string>>();
  table.left_out = json.at("left_out").get<std::vector<std::string>>();
  table.sum.rows = json.at("rows").get<std::uint64_t>();
  const auto hash = json.at("hash").get<std::string>();
  if (hash.size() != 32 || !from_hex(hash)) {
    throw Error{ErrorCode::invalid_input, fmt::format("'{}' is no hash of 32 digits", hash)};
  }
  table.sum.high = parse_hex(std::string_view{hash}.substr(0, 16));
  table.sum.low = parse_hex(std::string_view{hash}.substr(16));
  return table;
}

void add_to(TableCertificate& known, const TableCertificate& table) {
  if (known.columns != table.columns) {
    throw Error{ErrorCode::invalid_input,
                fmt::format("the certificates disagree about the columns of table '{}'",
                            table.table.to_string())};
  }
  known.sum.add(table.sum);
}

/// The database's table, with columns that can be compared.
const Table& table_of(const Schema& schema, const TableCertificate& wanted) {
  const auto name = wanted.table.to_string();
  const auto* table = schema.find(name);
  if (table == nullptr) {
    throw Error{ErrorCode::not_found,
                fmt::format("there is no table '{}', which the certificate is about", name)};
  }
  for (const auto& column : wanted.columns) {
    const auto* found = table->find_column(column);
    if (found == nullptr) {
      throw Error{ErrorCode::not_found, fmt::format("table '{}' has no column '{}', which the "
                                                    "certificate is about",
                                                    name, column)};
    }
    if (detail::is_certifiable(*found)) continue;
    throw Error{
        ErrorCode::unsupported,
        fmt::format("column '{}' of table '{}' is {} here, which cannot be compared between "
                    "engines",
                    column, name, found->type.declared)};
  }
  return *table;
}

RowSum sum_of_rows(Connection& connection, const Table& table,
                   const std::vector<std::string>& columns, Progress& progress) {
  const auto& engine = connection.engine();
  std::vector<std::string> read;
  read.reserve(columns.size());
  for (const auto& name : columns) read.push_back(engine.read_expression(*table.find_column(name)));
  // Rows of a table without a column that counts are counted.
  const auto sql = fmt::format("SELECT {} FROM {}", read.empty() ? "1" : join(read, ", "),
                               engine.read_source(table));
  detail::RowHasher hasher{table, columns, columns};
  RowSum sum;
  ProgressUpdate update{"certify", table.name.to_string(), 0, 0, 0};
  const auto stream = connection.stream(sql);
  ColumnBatch batch;
  while (stream->next(batch)) {
    progress.check();
    hasher.add(batch, sum);
    update.rows = sum.rows;
    progress.report(update);
  }
  return sum;
}

}  // namespace

void RowSum::add(const RowSum& other) noexcept {
  rows += other.rows;
  low += other.low;
  high += other.high + (low < other.low ? 1 : 0);
}

std::string RowSum::hex() const {
  return fmt::format("{:016x}{:016x}", high, low);
}

std::string to_json(const Certificate& certificate) {
  CertificateJson json{{"seedbed_certificate", kVersion}, {"tables", CertificateJson::object()}};
  for (const auto& table : certificate.tables) {
    json["tables"][table.table.to_string()] = {{"rows", table.sum.rows},
                                               {"hash", table.sum.hex()},
                                               {"columns", table.columns},
                                               {"left_out", table.left_out}};
  }
  return json.dump(2) + "\n";
}

Certificate parse_certificate(std::string_view json, const std::filesystem::path& file) {
  try {
    const auto document = CertificateJson::parse(json);
    if (document.at("seedbed_certificate") != kVersion) {
      throw Error{ErrorCode::invalid_input, "the certificate is of a version that is not known"};
    }
    Certificate certificate;
    for (const auto& [name, table] : document.at("tables").items()) {
      certificate.tables.push_back(parse_table(name, table));
    }
    return certificate;
  } catch (const CertificateJson::exception&) {
    throw Error{ErrorCode::invalid_input,
                "no certificate, or a damaged one: 'seedbed load --certify FILE' writes them",
                {.where = {file}}};
  } catch (const Error& error) {
    throw Error{error.code(), error.what(), {.where = {file}}};
  }
}

Certificate sum_of(std::span<const Certificate> parts) {
  std::map<TableName, TableCertificate> tables;
  for (const auto& part : parts) {
    for (const auto& table : part.tables) {
      auto [known, is_new] = tables.try_emplace(table.table, table);
      if (!is_new) add_to(known->second, table);
    }
  }
  Certificate sum;
  for (auto& [name, table] : tables) sum.tables.push_back(std::move(table));
  return sum;
}

Certificate certify(Connection& connection, const Schema& schema, const Certificate& wanted,
                    Progress& progress) {
  Certificate certificate = wanted;
  for (auto& table : certificate.tables) {
    const auto& found = table_of(schema, table);
    table.sum = sum_of_rows(connection, found, table.columns, progress);
  }
  return certificate;
}

}  // namespace seedbed
