#pragma once

#include <vector>

namespace seedbed {
struct CreatePlan;
struct PlannedStatement;
}  // namespace seedbed

namespace seedbed::tool {

struct Invocation;

/// The rows that a call would make as a tree with the reasons, and their numbers by table.
void show_plan_tree(const CreatePlan& plan, const Invocation& call);
/// What `--dry-run` shows of rows: the SQL with their numbers.
void show_statements(const std::vector<PlannedStatement>& statements, const Invocation& call);

}  // namespace seedbed::tool
