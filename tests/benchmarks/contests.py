"""Contestants that take turns on a PostgreSQL server, and the table of their ratios."""
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys


def has(command):
    return shutil.which(command[0]) and subprocess.run(command, capture_output=True, check=False).returncode == 0


class Contestant:
    """A process that answers a line "CONTEST ROWS" with seconds."""

    def __init__(self, command, **options):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options)

    def rate(self, contest, rows):
        self.process.stdin.write(f'{contest} {rows}\n')
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f'benchmark: {self.process.args[0]} has ended')
        return rows / float(answer)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def psql(url, sql):
    subprocess.run(['psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', sql], check=True)


@contextlib.contextmanager
def database(url, name, schema):
    """A database of its own, dropped at the end."""
    name = f'seedbed_benchmark_{name}_{os.getpid()}'
    psql(url, f'CREATE DATABASE {name}')
    try:
        made = re.sub(r'(//[^/]+/)[^?]*', rf'\g<1>{name}', url)
        psql(made, schema)
        yield made
    finally:
        psql(url, f'DROP DATABASE {name} WITH (FORCE)')


def measure(rounds, ours, rivals):
    """ours: (contestant, contest, rows); rivals: name -> the same. Rates by name, of all rounds."""
    runs = {'seedbed': ours, **rivals}
    rates = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, (contestant, contest, rows) in runs.items():
            rate = contestant.rate(contest, rows)
            if number > 0:  # the first round warms up
                rates[name].append(rate)
    return rates


def lines(title, rates, goals):
    ours = rates.pop('seedbed')
    if not rates:
        goal = goals.get('')
        yield title, f'{statistics.median(ours):,.0f}', '', '', '', goal or ''
    for name, theirs in rates.items():
        ratios = sorted(a / b for a, b in zip(ours, theirs))
        spread = f'{statistics.median(ratios):.2f} ({ratios[len(ratios) // 4]:.2f} to {ratios[-1 - len(ratios) // 4]:.2f})'
        yield (title, f'{statistics.median(ours):,.0f}', name, f'{statistics.median(theirs):,.0f}', spread,
               goals.get(name, ''))


def print_table(rows, rounds, unit='rows/s'):
    head = ('contest', f'Seedbed, {unit}', 'rival', f'its {unit}', 'ratio (middle half)', 'goal')
    for line in (head, tuple('---' for _ in head), *rows):
        print('| ' + ' | '.join(line) + ' |')
    print(f'\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end, {rounds} rounds\n')


def server_url():
    url = os.environ.get('SEEDBED_TEST_POSTGRES_URL')
    if not url:
        print('SKIPPED: SEEDBED_TEST_POSTGRES_URL names no server', file=sys.stderr)
        sys.exit(77)
    return url
