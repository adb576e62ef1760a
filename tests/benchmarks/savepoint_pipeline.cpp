#include "tests/benchmarks/savepoint_pipeline.hpp"

#include <cstdlib>

#include <libpq-fe.h>

namespace seedbed::benchmarks {

namespace {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

void require(bool fine) {
  if (!fine) std::abort();
}

void require_done(PGresult* result) {
  const Result owned{result, PQclear};
  const auto status = PQresultStatus(result);
  require(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
}

}  // namespace

SavepointPipeline::SavepointPipeline(const std::string& url, const std::string& insert)
    : connection_{PQconnectdb(url.c_str()), PQfinish} {
  require(PQstatus(connection_.get()) == CONNECTION_OK);
  const auto prepare = [&](const char* name, const char* sql) {
    require_done(PQprepare(connection_.get(), name, sql, 0, nullptr));
  };
  prepare("savepoint", "SAVEPOINT row");
  prepare("insert", insert.c_str());
  prepare("release", "RELEASE row");
}

void SavepointPipeline::begin() const {
  run("BEGIN");
}
void SavepointPipeline::roll_back() const {
  run("ROLLBACK");
}

void SavepointPipeline::insert(const std::array<const char*, 6>& values) const {
  auto* const connection = connection_.get();
  require(PQenterPipelineMode(connection) != 0);
  const auto send = [&](const char* name, int count) {
    require(PQsendQueryPrepared(connection, name, count, values.data(), nullptr, nullptr, 0) != 0);
  };
  send("savepoint", 0);
  send("insert", static_cast<int>(values.size()));
  send("release", 0);
  require(PQpipelineSync(connection) != 0);
  for (int statement = 0; statement < 3; ++statement) {
    require_done(PQgetResult(connection));
    require(PQgetResult(connection) == nullptr);
  }
  const Result end{PQgetResult(connection), PQclear};
  require(PQresultStatus(end.get()) == PGRES_PIPELINE_SYNC);
  require(PQexitPipelineMode(connection) != 0);
}

void SavepointPipeline::run(const char* sql) const {
  require_done(PQexec(connection_.get(), sql));
}

}  // namespace seedbed::benchmarks
