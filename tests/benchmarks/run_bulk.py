#!/usr/bin/env python3
"""Measures Seedbed's bulk load beside psql's \\copy of a ready file and prints a table; see README.md.

usage: run_bulk.py BULK_CONTESTANTS_PROGRAM [--rounds N] [--rows N]

Every contest is run once a round, one contestant after the other, and the ratio is the median over the rounds.
SEEDBED_TEST_POSTGRES_URL names the server.
"""
import argparse
import subprocess
import tempfile
import time
from pathlib import Path

from contests import Contestant, database, lines, measure, print_table, psql, server_url

SCHEMA = """CREATE TABLE events (id bigint, email text, name text, age integer, balance numeric(10,2),
    active boolean, note text, created_at timestamptz);
  CREATE TABLE wide (id bigint, email text, first_name text, last_name text, age integer, balance numeric(10,2),
    active boolean, role text, city text, created_at timestamptz);"""


class Copy:
    """psql's \\copy of a file that holds what Seedbed has loaded."""

    def __init__(self, url, path):
        self.url, self.path = url, path
        psql(url, f"\\copy events TO '{path}'")

    def rate(self, _contest, rows):
        psql(self.url, 'TRUNCATE events')
        start = time.monotonic()
        subprocess.run(['psql', '-qX', '-d', self.url, '-c', f"\\copy events FROM '{self.path}'"], check=True)
        return rows / (time.monotonic() - start)


def measure_all(program, url, rounds, rows, directory):
    seedbed = Contestant([program, url])
    yield from lines('rows of 10 columns as COPY text, one thread',
                     measure(rounds, (seedbed, 'generate', rows), {}), {'': '3,000,000 rows/s'})
    yield from lines('the same by two threads',
                     measure(rounds, (seedbed, 'generate_by_two', rows),
                             {'one thread': (seedbed, 'generate', rows)}), {'one thread': '1.6'})
    yield from lines('bare arithmetic by two threads',
                     measure(rounds, (seedbed, 'arithmetic_by_two', 5 * rows),
                             {'one thread': (seedbed, 'arithmetic', 5 * rows)}), {})
    seedbed.rate('load', rows)
    copy = Copy(url, Path(directory) / 'events.copy')
    yield from lines('load, 8 columns without constraints',
                     measure(rounds, (seedbed, 'load', rows), {'psql \\copy of a ready file': (copy, '', rows)}),
                     {'psql \\copy of a ready file': '0.91'})
    seedbed.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--rows', type=int, default=1_000_000)
    arguments = parser.parse_args()
    with database(server_url(), 'bulk', SCHEMA) as url, tempfile.TemporaryDirectory() as directory:
        print_table(measure_all(arguments.program, url, arguments.rounds, arguments.rows, directory), arguments.rounds)


if __name__ == '__main__':
    main()
