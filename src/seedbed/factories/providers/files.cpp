#include <array>

#include "seedbed/factories/providers/provider.hpp"
#include "seedbed/factories/providers/words.hpp"

namespace seedbed::detail {

namespace {

ScalarView file_name(Call& call) {
  const auto first = pick(call.random(), words::kWords);
  const auto second = pick(call.random(), words::kWords);
  const auto extension = pick(call.random(), words::kFileExtensions);
  return call.keep(joined(first, '-', second, '.', call.has(0) ? call.text(0) : extension));
}

CellText some_directory(CellRandom& random) {
  constexpr std::array<std::string_view, 6> kRoots{"/data", "/home", "/mnt",
                                                   "/opt",  "/srv",  "/var"};
  const auto root = pick(random, kRoots);
  const auto first = pick(random, words::kWords);
  return joined(root, '/', first, '/', pick(random, words::kWords));
}

ScalarView directory_path(Call& call) {
  return call.keep(some_directory(call.random()));
}

ScalarView file_path(Call& call) {
  const auto directory = some_directory(call.random());
  const auto name = pick(call.random(), words::kWords);
  const auto extension = pick(call.random(), words::kFileExtensions);
  return call.keep(joined(directory, '/', name, '.', call.has(0) ? call.text(0) : extension));
}

ScalarView mime_type(Call& call) {
  return TextView{words::kMediaTypesType[place_of(call, words::kMediaTypesExtension)]};
}

constexpr std::array<FunctionRow, 5> kRows{{
    {"directory_path() -> text", "A directory.", "directory_path()", "/data/degree/wait",
     directory_path, Effect::draws},
    list_row<words::kFileExtensions>("file_extension() -> text", "The end of a file's name.",
                                     "file_extension()", "csv"),
    {"file_name(extension?: text) -> text", "A file's name.", "file_name('pdf')",
     "actor-degree.pdf", file_name, Effect::draws},
    {"file_path(extension?: text) -> text", "A file in a directory.", "file_path('csv')",
     "/data/degree/wait/lemon.csv", file_path, Effect::draws},
    {"mime_type(extension?: text) -> text",
     "A media type; that of files which end in `extension` when it is known.", "mime_type('png')",
     "image/png", mime_type, Effect::draws},
}};

}  // namespace

std::span<const FunctionRow> file_providers() {
  return kRows;
}

}  // namespace seedbed::detail
