#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "seedbed/schema/schema.hpp"

namespace seedbed {

/// The schema as a C++ header: for each table a namespace with a tag for each column and relation
/// above (`shop::users::email`, see tags.hpp), a struct `Row`, and its `Columns`. The same text for
/// equal schemas.
///
/// `cpp_namespace` holds all of it, such as "shop" or "acme::shop". Throws invalid_input when it is
/// no name of a namespace.
[[nodiscard]] std::string write_schema_header(const Schema& schema, std::string_view cpp_namespace);

namespace detail {

/// Identifiers for `names`, in their order. A name that is a C++ identifier stays as it is; of
/// others, each ASCII character but letters, digits and `_` becomes `_`, each character beyond
/// ASCII `u` and its code point in hexadecimal digits (`u00e9`), a digit in front gets `n` before
/// it, runs of `_` become one, and an upper-case letter loses the `_` before it that begins a name.
/// Keywords, names of macros and `reserved` ones get `_` behind. What two names would share belongs
/// to the one that did not change, else to the first; others get `_2`, `_3` behind.
[[nodiscard]] std::vector<std::string> cpp_identifiers(const std::vector<std::string>& names,
                                                       const std::vector<std::string>& reserved);

}  // namespace detail

}  // namespace seedbed
