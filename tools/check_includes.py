#!/usr/bin/env python3
"""Fail when a room includes a room, or a third-party header, that it may not.

usage: check_includes.py REPOSITORY
Prints one `file:line: message` for each offence; exit status 1 if there was any.
"""
import pathlib
import re
import sys

# Each room lists the rooms it may include besides itself. Keep it in the order of the layers.
ROOMS = {
    "core": set(),
    "schema": {"core"},
    "engines": {"core", "schema"},
    "guard": {"core", "schema", "engines"},
    "migrations": {"core", "schema", "engines", "guard"},
    "factories": {"core", "schema", "engines", "guard"},
    "snapshots": {"core", "schema", "engines", "guard"},
    "cleanup": {"core", "schema", "engines", "guard"},
    "workspace": {"core", "schema", "engines", "guard", "migrations", "factories", "snapshots", "cleanup"},
}
ROOMS["testing"] = {"core", "workspace"}
ROOMS["service"] = {"core", "schema", "engines", "workspace"}
# The tool prints what the workspace hands it, so it sees the values of every room.
ROOMS["tools/seedbed"] = set(ROOMS)

# Third-party headers by prefix, and the only folders that may include them, in .cpp files only. The headers
# of engines/adopt show a driver to those who use it already.
THIRD_PARTY = {
    "soci/": ("engines/sqlite", "engines/adopt"),
    "sqlite3.h": ("engines/sqlite",),
    "pqxx/": ("engines/postgres", "engines/adopt"),
    "libpq-fe.h": ("engines/postgres",),
    "cppconn/": ("engines/mysql", "engines/adopt"),
    "mysql": ("engines/mysql",),
    "yaml-cpp/": ("factories",),
    "openssl/": ("core",),
    "zstd": ("core", "snapshots"),
    "boost/program_options": ("tools/seedbed",),
    "httplib.h": ("service",),
    "gtest/": ("testing",),
    "catch2/": ("testing",),
    "nlohmann/": ("",),
    "fmt/": ("",),
}

# Only these may name a concrete engine; everyone else is handed an Engine&.
ENGINE_NAMERS = {"tools/seedbed"}

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^">]+)')


def room_offence(room, here, target):
    parts = target.split("/")
    other = parts[1]
    if target.startswith("tools/seedbed/"):
        return None if room == "tools/seedbed" else f"{room} may not include the tool"
    if other != room and other not in ROOMS[room]:
        return f"{room} may not include {other}"
    inside_engine = other == "engines" and len(parts) > 3 and parts[2] != "adopt"
    if inside_engine and room != "engines" and room not in ENGINE_NAMERS:
        return f"{room} may not name the engine {parts[2]}"
    if inside_engine and room == "engines" and len(here.parts) > 2 and here.parts[1] not in ("adopt", parts[2]):
        return f"engine {here.parts[1]} may not include engine {parts[2]}"
    return None


def third_party_offence(here, target):
    for prefix, owners in THIRD_PARTY.items():
        if not target.startswith(prefix):
            continue
        if not any(here.as_posix().startswith(owner) for owner in owners):
            return f"<{target}> belongs to {owners[0]}"
        shown = here.parts[0] == "testing" or "adopt" in here.parts or target == "nlohmann/json_fwd.hpp"
        if here.suffix == ".hpp" and not shown:
            return f"<{target}> must stay out of headers"
    return None


def file_offences(path, room, here):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quoted, target = match[1] == '"', match[2]
        if target.startswith(("seedbed/", "tools/seedbed/")):
            message = room_offence(room, here, target)
        elif quoted:
            message = f'write the include from the root of the sources, not "{target}"'
        else:
            message = third_party_offence(here, target)
        if message:
            yield path, number, message


def offences(repository):
    sources = repository / "src" / "seedbed"
    for path in sorted(sources.rglob("*.[ch]pp")):
        here = path.relative_to(sources)
        if here.parts[0] in ROOMS:
            yield from file_offences(path, here.parts[0], here)
        else:
            yield path, 1, f"'{here.parts[0]}' is not a room; add it to ROOMS"
    for path in sorted((repository / "tools" / "seedbed").rglob("*.[ch]pp")):
        yield from file_offences(path, "tools/seedbed", path.relative_to(repository))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = list(offences(pathlib.Path(sys.argv[1])))
    for path, number, message in found:
        print(f"{path}:{number}: {message}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
