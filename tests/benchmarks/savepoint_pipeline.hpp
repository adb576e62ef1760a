#pragma once

#include <array>
#include <memory>
#include <string>

struct pg_conn;

namespace seedbed::benchmarks {

/// What one would write by hand on libpq to insert rows so that a refused one leaves the
/// transaction usable: SAVEPOINT, INSERT ... RETURNING and RELEASE, prepared, in one round trip.
/// Errors end the program.
class SavepointPipeline {
 public:
  SavepointPipeline(const std::string& url, const std::string& insert);

  void begin() const;
  void roll_back() const;
  void insert(const std::array<const char*, 6>& values) const;

 private:
  void run(const char* sql) const;

  std::shared_ptr<pg_conn> connection_;
};

}  // namespace seedbed::benchmarks
