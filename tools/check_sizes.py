#!/usr/bin/env python3
"""Fail when a file is longer than CONTRIBUTING.md allows.

usage: check_sizes.py REPOSITORY
A file over its limit is a question about the design, not about where to cut it.
"""
import pathlib
import sys

HEADER_LINES = 150  # comments and blank lines apart
SOURCE_LINES = 400


def is_code(line):
    text = line.strip()
    return bool(text) and not text.startswith("//")


def offences(repository):
    for folder in ("src", "tests", "tools"):
        for path in sorted((repository / folder).rglob("*.[ch]pp")):
            lines = path.read_text(encoding="utf-8").splitlines()
            if path.suffix == ".hpp" and sum(map(is_code, lines)) > HEADER_LINES:
                yield f"{path}: more than {HEADER_LINES} lines of code in a header"
            if path.suffix == ".cpp" and len(lines) > SOURCE_LINES:
                yield f"{path}: {len(lines)} lines, at most {SOURCE_LINES} fit"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = list(offences(pathlib.Path(sys.argv[1])))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
