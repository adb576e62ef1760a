#include <array>

#include "tests/isolation/hazards.hpp"

namespace seedbed::testing {

namespace {

struct Exception {
  std::string_view hazard;
  Way way;
  std::string_view engine;
  Outcome outcome;
};

constexpr auto kAnyEngine = "";

/// `rollback` cannot see what others do, and counters are in no transaction but SQLite's. `auto`
/// drops what is new in the schema, and refuses what was changed. `restore` looks at tables and
/// columns only.
constexpr std::array kExceptions{
    Exception{"rows inserted", Way::rollback, "postgres", Outcome::gap},
    Exception{"rows inserted", Way::rollback, "mysql", Outcome::gap},
    Exception{"a key changed", Way::rollback, "mysql", Outcome::gap},
    Exception{"rows written elsewhere, and committed", Way::rollback, "sqlite", Outcome::refused},
    Exception{"rows written elsewhere, and committed", Way::rollback, "postgres", Outcome::gap},
    Exception{"rows written elsewhere, and committed", Way::rollback, "mysql", Outcome::gap},
    Exception{"rows written by a thread behind the test's end", Way::rollback, kAnyEngine,
              Outcome::gap},
    Exception{"two tests that want one unique value", Way::rollback, kAnyEngine, Outcome::refused},
    Exception{"COMMIT in the code under test", Way::rollback, kAnyEngine, Outcome::refused},
    Exception{"ROLLBACK in the code under test", Way::rollback, kAnyEngine, Outcome::refused},
    Exception{"a procedure that commits", Way::rollback, kAnyEngine, Outcome::refused},
    Exception{"a commit through dblink", Way::rollback, "postgres", Outcome::gap},
    Exception{"changed rows that are locked elsewhere", Way::rollback, "sqlite", Outcome::refused},
    Exception{"changed rows that are locked elsewhere", Way::rollback, kAnyEngine, Outcome::gap},
    Exception{"a changed table that is locked elsewhere", Way::rollback, kAnyEngine, Outcome::gap},
    Exception{"the journal mode", Way::rollback, "sqlite", Outcome::refused},
    Exception{"odd names", Way::rollback, "postgres", Outcome::gap},
    Exception{"odd names", Way::rollback, "mysql", Outcome::gap},
    Exception{"a trigger that writes elsewhere", Way::rollback, "postgres", Outcome::gap},
    Exception{"TRUNCATE", Way::rollback, "mysql", Outcome::refused},
    Exception{"a counter drawn from", Way::rollback, "postgres", Outcome::gap},
    Exception{"a counter drawn from", Way::rollback, "mysql", Outcome::gap},
    Exception{"a counter set", Way::rollback, "postgres", Outcome::gap},
    Exception{"a counter set", Way::rollback, "mysql", Outcome::refused},
    Exception{"an unused counter set", Way::rollback, "postgres", Outcome::gap},
    Exception{"a table created", Way::rollback, "mysql", Outcome::refused},
    Exception{"a column added", Way::rollback, "mysql", Outcome::refused},
    Exception{"an index created", Way::rollback, "mysql", Outcome::refused},
    Exception{"a view created", Way::rollback, "mysql", Outcome::refused},
    Exception{"a materialized view refreshed", Way::rollback, "postgres", Outcome::gap},
    Exception{"an advisory lock", Way::rollback, "postgres", Outcome::gap},
    Exception{"an advisory lock", Way::rollback, "mysql", Outcome::gap},
    Exception{"a prepared transaction", Way::rollback, kAnyEngine, Outcome::refused},
    Exception{"a table dropped", Way::rollback, "mysql", Outcome::refused},
    Exception{"a table renamed", Way::rollback, "mysql", Outcome::refused},
    Exception{"a column renamed", Way::rollback, "mysql", Outcome::refused},
    Exception{"a default changed", Way::rollback, "mysql", Outcome::refused},
    Exception{"an index dropped", Way::rollback, "mysql", Outcome::refused},
    Exception{"a function replaced", Way::rollback, "mysql", Outcome::refused},
    Exception{"settings of the database", Way::rollback, "mysql", Outcome::refused},

    Exception{"two tests that want one unique value", Way::automatic, kAnyEngine, Outcome::refused},
    Exception{"COPY FROM, LOAD DATA", Way::automatic, "mysql", Outcome::escalated},
    Exception{"a prepared transaction", Way::automatic, "mysql", Outcome::gap},
    Exception{"changed rows that are locked elsewhere", Way::automatic, kAnyEngine,
              Outcome::refused},
    Exception{"other rows that are locked elsewhere", Way::automatic, "postgres", Outcome::told},
    Exception{"a changed table that is locked elsewhere", Way::automatic, kAnyEngine,
              Outcome::refused},
    Exception{"settings of a role in the database", Way::automatic, "postgres", Outcome::refused},
    Exception{"settings of a role", Way::automatic, "postgres", Outcome::gap},
    Exception{"the journal mode", Way::automatic, "sqlite", Outcome::gap},
    Exception{"a table dropped", Way::automatic, kAnyEngine, Outcome::refused},
    Exception{"a table renamed", Way::automatic, kAnyEngine, Outcome::refused},
    Exception{"a column renamed", Way::automatic, kAnyEngine, Outcome::refused},
    Exception{"a default changed", Way::automatic, kAnyEngine, Outcome::refused},
    Exception{"an index dropped", Way::automatic, kAnyEngine, Outcome::refused},
    Exception{"a function replaced", Way::automatic, kAnyEngine, Outcome::refused},
    Exception{"privileges granted", Way::automatic, "postgres", Outcome::refused},
    Exception{"a transaction left open elsewhere", Way::automatic, "sqlite", Outcome::refused},
    Exception{"a transaction left open elsewhere", Way::automatic, "postgres", Outcome::told},
    Exception{"a cascade within a table", Way::automatic, "mysql", Outcome::escalated},
    Exception{"a table without a key", Way::automatic, "mysql", Outcome::escalated},
    Exception{"TRUNCATE", Way::automatic, "mysql", Outcome::escalated},
    Exception{"an unused counter set", Way::automatic, "postgres", Outcome::gap},
    Exception{"a column added", Way::automatic, kAnyEngine, Outcome::refused},
    Exception{"an index created", Way::automatic, "mysql", Outcome::refused},
    Exception{"a trigger switched off", Way::automatic, kAnyEngine, Outcome::refused},
    Exception{"an advisory lock", Way::automatic, "postgres", Outcome::told},
    Exception{"an advisory lock", Way::automatic, "mysql", Outcome::gap},
    Exception{"settings of the database", Way::automatic, "postgres", Outcome::refused},
    Exception{"settings of the database", Way::automatic, "mysql", Outcome::refused},

    // Nothing tells of a refresh but event triggers, which are a superuser's.
    Exception{"a materialized view refreshed", Way::as_owner, "postgres", Outcome::gap},
    Exception{"unique values that change hands", Way::as_owner, "postgres", Outcome::escalated},

    Exception{"two tests that want one unique value", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"a transaction left open elsewhere", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"changed rows that are locked elsewhere", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"other rows that are locked elsewhere", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"a changed table that is locked elsewhere", Way::restore, kAnyEngine,
              Outcome::refused},
    Exception{"settings of a role in the database", Way::restore, "postgres", Outcome::gap},
    Exception{"settings of a role", Way::restore, "postgres", Outcome::gap},
    Exception{"the journal mode", Way::restore, "sqlite", Outcome::gap},
    Exception{"a table dropped", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"a table renamed", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"a column renamed", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"an index dropped", Way::restore, kAnyEngine, Outcome::gap},
    Exception{"a default changed", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"a reader whose transaction stays open", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"a cursor left open", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"a function replaced", Way::restore, kAnyEngine, Outcome::gap},
    Exception{"privileges granted", Way::restore, "postgres", Outcome::gap},
    Exception{"a schema created", Way::restore, "postgres", Outcome::refused},
    Exception{"a table created", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"a column added", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"an index created", Way::restore, kAnyEngine, Outcome::gap},
    Exception{"a view created", Way::restore, kAnyEngine, Outcome::gap},
    Exception{"a trigger switched off", Way::restore, kAnyEngine, Outcome::gap},
    Exception{"a partition attached", Way::restore, "postgres", Outcome::gap},
    Exception{"a materialized view refreshed", Way::restore, "postgres", Outcome::gap},
    Exception{"an advisory lock", Way::restore, "postgres", Outcome::gap},
    Exception{"an advisory lock", Way::restore, "mysql", Outcome::gap},
    Exception{"a prepared transaction", Way::restore, kAnyEngine, Outcome::refused},
    Exception{"a large object", Way::restore, "postgres", Outcome::gap},
    Exception{"settings of the database", Way::restore, kAnyEngine, Outcome::gap},
    Exception{"a changed table that is locked elsewhere", Way::clone, "mysql", Outcome::refused},
    Exception{"a prepared transaction", Way::clone, "mysql", Outcome::refused},
    Exception{"a prepared transaction", Way::clone, "postgres", Outcome::refused},
    Exception{"a reader whose transaction stays open", Way::clone, "mysql", Outcome::refused},
    Exception{"a transaction left open elsewhere", Way::clone, "mysql", Outcome::refused},
    Exception{"a transaction left open elsewhere", Way::clone, "sqlite", Outcome::refused},
    Exception{"an advisory lock", Way::clone, "mysql", Outcome::gap},
    Exception{"changed rows that are locked elsewhere", Way::clone, "mysql", Outcome::refused},
    Exception{"changed rows that are locked elsewhere", Way::clone, "sqlite", Outcome::refused},
    Exception{"other rows that are locked elsewhere", Way::clone, "mysql", Outcome::refused},
    Exception{"rows written by a thread behind the test's end", Way::clone, "postgres",
              Outcome::refused},
    Exception{"settings of a role", Way::clone, "postgres", Outcome::gap},
    Exception{"the journal mode", Way::clone, "sqlite", Outcome::gap},
    Exception{"two tests that want one unique value", Way::clone, kAnyEngine, Outcome::refused},
    Exception{"a changed table that is locked elsewhere", Way::delete_, "mysql", Outcome::refused},
    Exception{"a changed table that is locked elsewhere", Way::delete_, "postgres",
              Outcome::refused},
    Exception{"a column added", Way::delete_, kAnyEngine, Outcome::refused},
    Exception{"a column renamed", Way::delete_, "mysql", Outcome::refused},
    Exception{"a column renamed", Way::delete_, "postgres", Outcome::gap},
    Exception{"a column renamed", Way::delete_, "sqlite", Outcome::refused},
    Exception{"a default changed", Way::delete_, "mysql", Outcome::refused},
    Exception{"a default changed", Way::delete_, "postgres", Outcome::gap},
    Exception{"a function replaced", Way::delete_, "mysql", Outcome::refused},
    Exception{"a function replaced", Way::delete_, "postgres", Outcome::gap},
    Exception{"a materialized view refreshed", Way::delete_, "postgres", Outcome::gap},
    Exception{"a partition attached", Way::delete_, "postgres", Outcome::refused},
    Exception{"a prepared transaction", Way::delete_, "mysql", Outcome::refused},
    Exception{"a schema created", Way::delete_, "postgres", Outcome::refused},
    Exception{"a table created", Way::delete_, kAnyEngine, Outcome::refused},
    Exception{"a table dropped", Way::delete_, kAnyEngine, Outcome::refused},
    Exception{"a table renamed", Way::delete_, kAnyEngine, Outcome::refused},
    Exception{"a transaction left open elsewhere", Way::delete_, "mysql", Outcome::refused},
    Exception{"a transaction left open elsewhere", Way::delete_, "postgres", Outcome::told},
    Exception{"a transaction left open elsewhere", Way::delete_, "sqlite", Outcome::refused},
    Exception{"a trigger switched off", Way::delete_, "postgres", Outcome::gap},
    Exception{"a trigger switched off", Way::delete_, "sqlite", Outcome::refused},
    Exception{"a view created", Way::delete_, kAnyEngine, Outcome::refused},
    Exception{"an advisory lock", Way::delete_, "mysql", Outcome::gap},
    Exception{"an advisory lock", Way::delete_, "postgres", Outcome::told},
    Exception{"an index created", Way::delete_, "mysql", Outcome::refused},
    Exception{"an index created", Way::delete_, "postgres", Outcome::gap},
    Exception{"an index created", Way::delete_, "sqlite", Outcome::refused},
    Exception{"an index dropped", Way::delete_, "mysql", Outcome::refused},
    Exception{"an index dropped", Way::delete_, "postgres", Outcome::gap},
    Exception{"an index dropped", Way::delete_, "sqlite", Outcome::refused},
    Exception{"an unused counter set", Way::delete_, "postgres", Outcome::gap},
    Exception{"changed rows that are locked elsewhere", Way::delete_, kAnyEngine, Outcome::refused},
    Exception{"other rows that are locked elsewhere", Way::delete_, "mysql", Outcome::refused},
    Exception{"other rows that are locked elsewhere", Way::delete_, "postgres", Outcome::refused},
    Exception{"privileges granted", Way::delete_, "postgres", Outcome::gap},
    Exception{"settings of a role", Way::delete_, "postgres", Outcome::gap},
    Exception{"settings of a role in the database", Way::delete_, "postgres", Outcome::gap},
    Exception{"settings of the database", Way::delete_, "mysql", Outcome::refused},
    Exception{"settings of the database", Way::delete_, "postgres", Outcome::gap},
    Exception{"the journal mode", Way::delete_, "sqlite", Outcome::gap},
    Exception{"two tests that want one unique value", Way::delete_, kAnyEngine, Outcome::refused},
    Exception{"a changed table that is locked elsewhere", Way::truncate, "postgres",
              Outcome::refused},
    Exception{"a column added", Way::truncate, kAnyEngine, Outcome::refused},
    Exception{"a column renamed", Way::truncate, "mysql", Outcome::refused},
    Exception{"a column renamed", Way::truncate, "postgres", Outcome::gap},
    Exception{"a column renamed", Way::truncate, "sqlite", Outcome::refused},
    Exception{"a cursor left open", Way::truncate, "postgres", Outcome::refused},
    Exception{"a default changed", Way::truncate, "mysql", Outcome::refused},
    Exception{"a default changed", Way::truncate, "postgres", Outcome::gap},
    Exception{"a function replaced", Way::truncate, "mysql", Outcome::refused},
    Exception{"a function replaced", Way::truncate, "postgres", Outcome::gap},
    Exception{"a materialized view refreshed", Way::truncate, "postgres", Outcome::gap},
    Exception{"a partition attached", Way::truncate, "postgres", Outcome::refused},
    Exception{"a prepared transaction", Way::truncate, "mysql", Outcome::refused},
    Exception{"a reader whose transaction stays open", Way::truncate, "mysql", Outcome::refused},
    Exception{"a reader whose transaction stays open", Way::truncate, "postgres", Outcome::refused},
    Exception{"a schema created", Way::truncate, "postgres", Outcome::refused},
    Exception{"a table created", Way::truncate, kAnyEngine, Outcome::refused},
    Exception{"a table dropped", Way::truncate, kAnyEngine, Outcome::refused},
    Exception{"a table renamed", Way::truncate, kAnyEngine, Outcome::refused},
    Exception{"a transaction left open elsewhere", Way::truncate, kAnyEngine, Outcome::refused},
    Exception{"a trigger switched off", Way::truncate, "postgres", Outcome::gap},
    Exception{"a trigger switched off", Way::truncate, "sqlite", Outcome::refused},
    Exception{"a view created", Way::truncate, kAnyEngine, Outcome::refused},
    Exception{"an advisory lock", Way::truncate, "mysql", Outcome::gap},
    Exception{"an advisory lock", Way::truncate, "postgres", Outcome::told},
    Exception{"an index created", Way::truncate, "mysql", Outcome::refused},
    Exception{"an index created", Way::truncate, "postgres", Outcome::gap},
    Exception{"an index created", Way::truncate, "sqlite", Outcome::refused},
    Exception{"an index dropped", Way::truncate, "mysql", Outcome::refused},
    Exception{"an index dropped", Way::truncate, "postgres", Outcome::gap},
    Exception{"an index dropped", Way::truncate, "sqlite", Outcome::refused},
    Exception{"an unused counter set", Way::truncate, "postgres", Outcome::gap},
    Exception{"changed rows that are locked elsewhere", Way::truncate, kAnyEngine,
              Outcome::refused},
    Exception{"other rows that are locked elsewhere", Way::truncate, "mysql", Outcome::refused},
    Exception{"other rows that are locked elsewhere", Way::truncate, "postgres", Outcome::refused},
    Exception{"privileges granted", Way::truncate, "postgres", Outcome::gap},
    Exception{"settings of a role", Way::truncate, "postgres", Outcome::gap},
    Exception{"settings of a role in the database", Way::truncate, "postgres", Outcome::gap},
    Exception{"settings of the database", Way::truncate, "mysql", Outcome::refused},
    Exception{"settings of the database", Way::truncate, "postgres", Outcome::gap},
    Exception{"the journal mode", Way::truncate, "sqlite", Outcome::gap},
    Exception{"two tests that want one unique value", Way::truncate, kAnyEngine, Outcome::refused},
    Exception{"a reader whose transaction stays open", Way::delete_, "mysql", Outcome::told},
};

}  // namespace

std::string_view to_string(Outcome outcome) noexcept {
  constexpr std::array<std::string_view, 6> kNames{"restored", "told", "escalated",
                                                   "refused",  "gap",  "-"};
  return kNames.at(static_cast<std::size_t>(outcome));
}

std::string_view to_string(Way way) noexcept {
  constexpr std::array<std::string_view, 7> kNames{"rollback",      "truncate", "delete", "auto",
                                                   "auto as owner", "clone",    "restore"};
  return kNames.at(static_cast<std::size_t>(way));
}

bool exists(Way way, std::string_view engine) noexcept {
  return way != Way::as_owner || engine == "postgres";
}

Outcome expected(const Hazard& hazard, Way way, std::string_view engine) {
  if (hazard.script(engine).empty()) return Outcome::none;
  if (way == Way::as_owner && hazard.superuser) return Outcome::none;
  for (const auto& exception : kExceptions) {
    if (exception.hazard == hazard.name && exception.way == way &&
        (exception.engine.empty() || exception.engine == engine)) {
      return exception.outcome;
    }
  }
  return way == Way::as_owner ? expected(hazard, Way::automatic, engine) : Outcome::restored;
}

}  // namespace seedbed::testing
