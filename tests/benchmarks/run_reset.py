#!/usr/bin/env python3
"""Measures what it costs to give a test its database back; see README.md.

usage: run_reset.py RESET_CONTESTANTS_PROGRAM [--rounds N] [--rows N] [--tables N]

A test inserts 9 rows into 3 tables and updates one, from a connection of its own, and commits. Every contest is run once
a round, one contestant after the other, and the ratio is the median over the rounds.
SEEDBED_TEST_POSTGRES_URL and SEEDBED_TEST_MYSQL_URL name the servers.
"""
import argparse
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

from contests import Contestant, database, has, lines, measure, print_table, server_url

HERE = pathlib.Path(__file__).resolve().parent


@contextlib.contextmanager
def postgres(name):
    with database(server_url(), name, '') as url:
        yield url


@contextlib.contextmanager
def mariadb(name):
    parts = urllib.parse.urlparse(os.environ['SEEDBED_TEST_MYSQL_URL'])
    name = f'seedbed_benchmark_{name}_{os.getpid()}'
    client = ['mariadb', '--no-defaults', f'-h{parts.hostname}', f'-P{parts.port}', f'-u{parts.username}',
              f'-p{parts.password}', '-e']
    subprocess.run([*client, f'CREATE DATABASE {name}'], check=True)
    try:
        yield parts._replace(path='/' + name).geturl()
    finally:
        subprocess.run([*client, f'DROP DATABASE {name}'], check=True)


@contextlib.contextmanager
def sqlite(name):
    with tempfile.TemporaryDirectory() as directory:
        path = f'{directory}/{name}.db'
        subprocess.run(['sqlite3', path, 'PRAGMA user_version = 1'], check=True)
        yield f'sqlite:{path}'


class Stage:
    """The databases of one engine, each with a process that works on it."""

    def __init__(self, arguments, engine, stack):
        self.arguments, self.engine, self.stack = arguments, engine, stack

    def enter(self, *command):
        contestant = Contestant(command)
        self.stack.callback(contestant.end)
        return contestant

    def open(self, name, rows, noted):
        url = self.stack.enter_context(self.engine(name))
        contestant = self.enter(self.arguments.program, url)
        contestant.url = url
        contestant.rate('make', self.arguments.tables)
        if rows:
            contestant.rate('fill', rows)
        if noted:
            contestant.rate('note', 1)
        return contestant


def database_cleaner(stage, empty, driver):
    """The rivals that clean the database of `empty`; says loudly when they are not installed."""
    if not has(['ruby', '-e', f'require "active_record"; require "database_cleaner"; require "{driver}"']):
        print(f'SKIPPED: DatabaseCleaner (packages ruby-database-cleaner, ruby-activerecord, ruby-{driver})',
              file=sys.stderr)
        return {}
    cleaner = stage.enter('ruby', str(HERE / 'database_cleaner_contestant.rb'), empty.url)
    return {f'DatabaseCleaner, {strategy}, which leaves no rows': (cleaner, strategy, 1)
            for strategy in ('truncation', 'deletion')}


def measure_clone(arguments, title, contestant, rivals):
    contestant.rate('template', arguments.rows)
    runs = {name: (contestant, contest, 1) for name, contest in rivals.items()}
    yield from lines(f'{title} with {arguments.rows:,} rows: a clone of a template', measure(
        arguments.rounds, (contestant, 'clone', 1), runs), {})
    contestant.rate('pooled', 1)
    yield from lines(f'{title} with {arguments.rows:,} rows: a process with one test', measure(
        arguments.rounds, (contestant, 'pooled', 5), {'a clone of its own': (contestant, 'fresh', 1)}), {})


def measure_server(arguments, stage, product, driver, goals):
    rounds = arguments.rounds
    noted, bare = (stage.open(name, arguments.rows, name == 'noted') for name in ('noted', 'bare'))
    empty_noted, empty = (stage.open(name, 0, name == 'empty_noted') for name in ('empty_noted', 'empty'))
    title = f'{product}, {arguments.tables} tables'
    yield from lines(f'{title}: one row inserted, noted', measure(
        rounds, (noted, 'insert', 200), {'not noted': (bare, 'insert', 200)}), {'not noted': '0.59'})
    noted.rate('rewind', 1)
    yield from lines(f'{title}: a sandbox closed', measure(
        rounds, (bare, 'sandbox', 20), {'a bare ROLLBACK': (bare, 'bare_rollback', 20)}), {'a bare ROLLBACK': '0.67'})
    yield from lines(f'{title} with {arguments.rows:,} rows: rewind', measure(
        rounds, (noted, 'rewind', 20),
        {'TRUNCATE of all': (empty, 'truncate_all', 1), **database_cleaner(stage, empty, driver)}), goals)
    yield from lines(f'{title} without rows: rewind', measure(
        rounds, (empty_noted, 'rewind', 20), {'DELETE of all, one round trip': (empty, 'delete_all', 2)}), goals)
    sealed = stage.open('sealed', 0, False)
    sealed.rate('seal', 1)
    yield from lines(f'{title} without rows: delete', measure(
        rounds, (sealed, 'empty', 20), {'TRUNCATE of all': (empty, 'truncate_all', 1),
                                        'DELETE of all, one round trip': (empty, 'delete_all', 2)}), {})
    yield from measure_clone(arguments, title, bare,
                             {'CREATE DATABASE ... TEMPLATE': 'plain_clone'} if product == 'PostgreSQL' else {})


def measure_postgres(arguments, stack):
    yield from measure_server(arguments, Stage(arguments, postgres, stack), 'PostgreSQL', 'pg',
                              {'TRUNCATE of all': '200', 'DELETE of all, one round trip': '20'})


def measure_mariadb(arguments, stack):
    if 'SEEDBED_TEST_MYSQL_URL' not in os.environ:
        print('SKIPPED: SEEDBED_TEST_MYSQL_URL names no server', file=sys.stderr)
        return
    yield from measure_server(arguments, Stage(arguments, mariadb, stack), 'MariaDB', 'mysql2',
                              {'TRUNCATE of all': '50'})


def measure_sqlite(arguments, stack):
    stage = Stage(arguments, sqlite, stack)
    arguments.tables = min(arguments.tables, 100)
    noted, bare = (stage.open(name, arguments.rows, name == 'noted') for name in ('noted', 'bare'))
    title = f'SQLite, {arguments.tables} tables'
    yield from lines(f'{title}: one row inserted, noted', measure(
        arguments.rounds, (noted, 'insert', 50), {'not noted': (bare, 'insert', 50)}), {})
    noted.rate('rewind', 1)
    yield from lines(f'{title} with {arguments.rows:,} rows: rewind', measure(
        arguments.rounds, (noted, 'rewind', 10), {'a copy of the file': (bare, 'copy_file', 2)}),
        {'a copy of the file': '20'})
    yield from measure_clone(arguments, title, bare, {})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('--rounds', type=int, default=7)
    parser.add_argument('--rows', type=int, default=200_000)
    parser.add_argument('--tables', type=int, default=500)
    arguments = parser.parse_args()
    server_url()
    with contextlib.ExitStack() as stack:
        print_table((line for contests in (measure_postgres, measure_mariadb, measure_sqlite)
                     for line in contests(arguments, stack)), arguments.rounds, 'times/s')


if __name__ == '__main__':
    main()
