#!/usr/bin/env python3
"""The fixture for GoogleTest, as its users see it: usage: suites_test.py SHOP_SUITE PROJECT."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM, PROJECT = sys.argv[1:3]
ENGINES = {'sqlite': 'sqlite:unused.db', 'postgres': os.environ.get('SEEDBED_TEST_POSTGRES_URL'),
           'mysql': os.environ.get('SEEDBED_TEST_MYSQL_URL')}
REQUIRED = os.environ.get('SEEDBED_TEST_REQUIRE', '').split(',')


def start(directory, url, *arguments, **variables):
    environment = dict(os.environ, SEEDBED_PROJECT=PROJECT, SEEDBED_DATABASE=url, TMPDIR=directory, **variables)
    return subprocess.Popen([PROGRAM, *arguments], env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


class Suites(unittest.TestCase):
    engine = 'sqlite'

    def setUp(self):
        self.url = ENGINES[self.engine]
        if not self.url:
            self.assertNotIn(self.engine, REQUIRED)
            self.skipTest(f'no server for {self.engine}')
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.directory = place.name

    def run_suite(self, *arguments, code=0, **variables):
        with start(self.directory, self.url, *arguments, **variables) as process:
            output, _ = process.communicate()
        self.assertEqual(process.returncode, code, output)
        return output

    def test_each_test_finds_the_baseline(self):
        self.run_suite()
        self.run_suite('--gtest_shuffle', '--gtest_repeat=2')

    def test_many_processes_have_a_database_each(self):
        processes = [start(self.directory, self.url, '--gtest_repeat=2', '--gtest_shuffle', '--gtest_filter=-Cloned.*')
                     for _ in range(4)]
        for process in processes:
            with process:
                output, _ = process.communicate()
            self.assertEqual(process.returncode, 0, output)

    def test_a_commit_is_a_failure_and_the_next_test_finds_the_baseline(self):
        output = self.run_suite('--gtest_filter=RolledBack.*:Rewound.Loses*', code=1, SHOP_SUITE_FAILS='1')
        self.assertIn('ended by the code under test', output)
        self.assertRegex(output, r'1 FAILED TEST\n')

    def test_a_failure_tells_what_was_changed_and_how_to_make_it_again(self):
        output = self.run_suite('--gtest_filter=Rewound.*', code=1, SHOP_SUITE_FAILS='1')
        self.assertIn('SEEDBED_SEED=', output)
        self.assertRegex(output, r'seedbed: users: 1 inserted \(22\)')
        self.assertRegex(output, r'seedbed: order_items: \d+ deleted \(')
        self.assertRegex(output, r'1 FAILED TEST\n')

    def test_a_database_is_kept_on_request(self):
        output = self.run_suite('--gtest_filter=Rewound.Fails*', code=1, SHOP_SUITE_FAILS='1', SEEDBED_KEEP='1')
        self.assertTrue(re.search(r'the database is kept: (\S+)', output), output)


class PostgresSuites(Suites):
    engine = 'postgres'


class MysqlSuites(Suites):
    engine = 'mysql'


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
