#pragma once

#include "seedbed/cleanup/baseline.hpp"
#include "seedbed/engines/database_server.hpp"

namespace seedbed {

// A sealed copy of a database as it was when its baseline was marked, which brings back also what
// no row tells: the schema, and settings. There is one for each database, on its server (SQLite: in
// the directory of its file), whose name is made from the database's.

/// Replaces an older one. Nobody may be connected to the database. Throws as
/// `DatabaseServer::clone`; there is none then.
void make_baseline_copy(DatabaseServer& server, const DatabaseUrl& url, const Baseline& baseline);
void drop_baseline_copy(DatabaseServer& server, const DatabaseUrl& url);
/// Whether there is one of this very baseline.
[[nodiscard]] bool has_baseline_copy(DatabaseServer& server, const DatabaseUrl& url,
                                     const Baseline& baseline);
/// Gives the database its contents, with a mark. Throws as `DatabaseServer::replace`.
void replace_by_baseline_copy(DatabaseServer& server, const DatabaseUrl& url);

}  // namespace seedbed
