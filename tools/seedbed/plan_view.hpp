#pragma once

namespace seedbed {
struct CreatePlan;
}

namespace seedbed::tool {

struct Invocation;

/// The rows that a call would make as a tree with the reasons, and their numbers by table.
void show_plan_tree(const CreatePlan& plan, const Invocation& call);

}  // namespace seedbed::tool
