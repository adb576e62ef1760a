// Snaplet Seed with node-postgres, for run_bulk.py: its own generators for the columns of bulk_contestants.cpp. Runs in
// a directory where `snaplet-seed sync` has seen the table.
import { createInterface } from 'node:readline';
import { copycat } from '@snaplet/copycat';
import { createSeedClient } from '@snaplet/seed';
import pg from 'pg';

async function load(rows) {
  const client = await createSeedClient();
  await client.events((make) => make(rows, ({ index }) => ({
    id: index,
    email: ({ seed }) => copycat.email(seed),
    name: ({ seed }) => copycat.fullName(seed),
    age: ({ seed }) => copycat.int(seed, { min: 18, max: 97 }),
    balance: ({ seed }) => copycat.int(seed, { min: 0, max: 9000000 }) / 100,
    active: ({ seed }) => copycat.bool(seed),
    note: ({ seed }) => copycat.scramble(seed),
    created_at: ({ seed }) => copycat.dateString(seed, { minYear: 2024 }),
  })));
}

const table = new pg.Client({ connectionString: process.env.DATABASE_URL });
await table.connect();
for await (const line of createInterface({ input: process.stdin })) {
  const [contest, rows] = line.split(' ');
  if (contest !== 'load') throw new Error(`Snaplet Seed: unknown contest ${contest}`);
  await table.query('TRUNCATE events');
  const start = process.hrtime.bigint();
  await load(Number(rows));
  process.stdout.write(`${Number(process.hrtime.bigint() - start) / 1e9}\n`);
}
process.exit(0);
