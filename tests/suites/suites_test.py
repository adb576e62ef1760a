#!/usr/bin/env python3
"""The fixtures for GoogleTest and Catch2, as their users see them.

usage: suites_test.py SHOP_SUITE CATCH_SUITE PROJECT
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM, CATCH_PROGRAM, PROJECT = sys.argv[1:4]
ENGINES = {'sqlite': 'sqlite:unused.db', 'postgres': os.environ.get('SEEDBED_TEST_POSTGRES_URL'),
           'mysql': os.environ.get('SEEDBED_TEST_MYSQL_URL')}
REQUIRED = os.environ.get('SEEDBED_TEST_REQUIRE', '').split(',')


def start(directory, url, *arguments, program=PROGRAM, **variables):
    environment = dict(os.environ, SEEDBED_PROJECT=PROJECT, SEEDBED_DATABASE=url, TMPDIR=directory, **variables)
    return subprocess.Popen([program, *arguments], env=environment, text=True,
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

    def database_name(self):
        output = self.run_suite('--gtest_filter=Rewound.NamesItsDatabase')
        return re.search(r'^in database (\S+)$', output, re.MULTILINE)[1]

    def test_the_next_process_has_the_database_of_the_one_before(self):
        name = self.database_name()
        self.run_suite('--gtest_filter=Rewound.*:RolledBack.*:Cloned.*')
        self.assertEqual(self.database_name(), name)

    def test_a_database_that_may_not_be_the_baseline_is_not_given_back(self):
        names = [self.database_name()]
        for variables, code in (({'SHOP_SUITE_ENDS': 'killed'}, -9), ({'SHOP_SUITE_ENDS': 'exit'}, 3),
                                ({'SHOP_SUITE_STAYS': '1'}, 0)):
            self.run_suite('--gtest_filter=Rewound.EndsItsProcess:Rewound.LeavesSomebodyConnected', code=code,
                           **variables)
            names.append(self.database_name())
        self.assertEqual(len(set(names)), 4, names)

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

    def test_a_database_that_is_not_the_baseline_is_nobodys(self):
        self.run_suite('--gtest_filter=Rewound.*:Automatic.*', SEEDBED_VERIFY='always')
        output = self.run_suite('--gtest_filter=Rewound.WritesWhat*:Rewound.Loses*', '--gtest_shuffle', code=1,
                                SHOP_SUITE_HIDES='1', SEEDBED_VERIFY='always')
        self.assertRegex(output, r"not the baseline after test 'Rewound.WritesWhatIsNotNoted' and its rewind "
                                 r"\(audit_log: unexpected \(\d+, NULL, hidden, ")
        self.assertRegex(output, r'stays for a look until the next run: \S+; SEEDBED_SEED=')
        self.assertRegex(output, r'1 FAILED TEST\n')

    def test_a_database_is_kept_on_request(self):
        output = self.run_suite('--gtest_filter=Rewound.Fails*', code=1, SHOP_SUITE_FAILS='1', SEEDBED_KEEP='1')
        self.assertTrue(re.search(r'the database is kept: (\S+)', output), output)

    def test_what_cannot_be_undone_costs_the_database_only(self):
        output = self.run_suite('--gtest_filter=Automatic.*')
        self.assertRegex(output, r'the next test gets a new database: .*users')

    def test_a_test_that_leaves_what_cannot_be_undone_has_a_database_of_its_own_from_then_on(self):
        name = self.database_name()
        first = self.run_suite('--gtest_filter=Automatic.AltersATable')
        self.assertIn('the next test gets a new database', first)
        second = self.database_name()
        self.assertNotEqual(second, name)
        again = self.run_suite('--gtest_filter=Automatic.AltersATable:Rewound.NamesItsDatabase')
        self.assertRegex(again, r'seedbed: a database of its own, since before it left .*users')
        self.assertIn(f'in database {second}\n', again)
        self.assertEqual(self.database_name(), second)

    def test_a_report_has_a_line_for_each_test(self):
        report = os.path.join(self.directory, 'report.jsonl')
        self.run_suite('--gtest_filter=*.CreatesAUser:Rewound.Loses*:Automatic.A*', SEEDBED_REPORT=report)
        with open(report, encoding='utf-8') as lines:
            tests = {line['test']: line for line in map(json.loads, lines)}
        self.assertIsNone(tests['RolledBack.CreatesAUser']['changes'])
        again = tests['Rewound.LosesAllItemsAgain']
        self.assertEqual((again['isolation'], again['failed'], again['reason']), ('rewind', False, ''))
        tables = {table['table'].split('.')[-1]: table for table in again['changes']['tables']}
        self.assertEqual(tables['users']['rows'], [{'change': 'inserted', 'key': ['22']}])
        self.assertGreater(tables['order_items']['deleted'], 0)
        self.assertIn('new database', tests['Automatic.AltersATable']['reason'])

    def test_catch2_has_the_same(self):
        self.run_suite(program=CATCH_PROGRAM)
        output = self.run_suite('[fails]', program=CATCH_PROGRAM, code=1)
        self.assertRegex(output, r'seedbed: users: 1 inserted \(22\)')


class PostgresSuites(Suites):
    engine = 'postgres'


class MysqlSuites(Suites):
    engine = 'mysql'


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
