// drizzle-seed with node-postgres, for run_bulk.py: its own generators for the columns of bulk_contestants.cpp.
const { drizzle } = require('drizzle-orm/node-postgres');
const { bigint, boolean, integer, numeric, pgTable, text, timestamp } = require('drizzle-orm/pg-core');
const { seed } = require('drizzle-seed');
const { Pool } = require('pg');

const events = pgTable('events', {
  id: bigint({ mode: 'number' }),
  email: text(),
  name: text(),
  age: integer(),
  balance: numeric({ precision: 10, scale: 2 }),
  active: boolean(),
  note: text(),
  created_at: timestamp({ withTimezone: true }),
});

async function load(database, rows) {
  await seed(database, { events }).refine((make) => ({
    events: {
      count: rows,
      columns: {
        id: make.intPrimaryKey(),
        email: make.email(),
        name: make.fullName(),
        age: make.int({ minValue: 18, maxValue: 97 }),
        balance: make.number({ minValue: 0, maxValue: 90000, precision: 100 }),
        active: make.boolean(),
        note: make.string(),
        created_at: make.timestamp(),
      },
    },
  }));
}

async function main() {
  const pool = new Pool({ connectionString: process.argv[2] });
  const database = drizzle(pool);
  for await (const line of require('node:readline').createInterface({ input: process.stdin })) {
    const [contest, rows] = line.split(' ');
    if (contest !== 'load') throw new Error(`drizzle-seed: unknown contest ${contest}`);
    await pool.query('TRUNCATE events');
    const start = process.hrtime.bigint();
    await load(database, Number(rows));
    process.stdout.write(`${Number(process.hrtime.bigint() - start) / 1e9}\n`);
  }
  await pool.end();
}

main();
