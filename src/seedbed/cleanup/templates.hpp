#pragma once

#include <functional>
#include <string>

#include "seedbed/core/progress.hpp"
#include "seedbed/engines/engine.hpp"

namespace seedbed {

/// Fills a database that is empty and marked: handed down by `workspace`, since migrations, rows
/// and snapshots are other rooms' work.
using FillDatabase = std::function<void(const DatabaseUrl&)>;

/// What a template is made of.
struct TemplateOrder {
  std::string key{};  ///< all that its contents depend on, the server's identity apart; any length
  FillDatabase fill{};
  bool measure = true;  ///< find out which way of cloning is the fastest on this server
};

/// A sealed database that clones are made from.
struct Template {
  std::string name{};
  std::string method{};  ///< for `CloneOrder`
  bool built = false;    ///< just now
};

/// The name of the template of this key on this server; equal keys, and only those, have equal
/// names.
[[nodiscard]] std::string template_name(DatabaseServer& server, const std::string& key);

/// Finds the template, or builds it under a lock of its own, so that of any number of processes one
/// builds and the others wait. It is complete or not there: what fails is dropped at once, and what
/// was killed by the next who asks for it, or by `reap_templates`.
[[nodiscard]] Template ready_template(DatabaseServer& server, const TemplateOrder& order,
                                      Progress& progress);

[[nodiscard]] bool is_ready_template(DatabaseServer& server, const std::string& name);

/// Drops the templates that nobody builds and nobody has used for two weeks. A failure to drop one
/// is left to the next time.
void reap_templates(DatabaseServer& server);

/// Whether a listed database is really Seedbed's: it was recorded, or carries a mark, if only a
/// copied one, or nothing at all is in it.
[[nodiscard]] bool is_seedbeds_own(DatabaseServer& server, const std::string& name);

}  // namespace seedbed
