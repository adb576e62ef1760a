# DatabaseCleaner with ActiveRecord, for run_reset.py: what a test does as in reset_contestants.cpp, of which only the
# cleaning is measured. It empties the database, whatever was in it.
require 'active_record'
require 'database_cleaner'

ActiveRecord::Base.establish_connection(ARGV.fetch(0).sub(/\Amysql:/, 'mysql2:'))

inserted = 0
change = lambda do
  connection = ActiveRecord::Base.connection
  %w[t0 t1 t2].each do |table|
    3.times { connection.execute("INSERT INTO #{table} (email, name) VALUES ('cleaned#{inserted += 1}@x', 'new')") }
  end
  connection.execute("UPDATE t0 SET name = 'changed' WHERE id = 1")
end

$stdout.sync = true
while (line = $stdin.gets)
  contest, times = line.split
  abort("DatabaseCleaner: unknown contest #{contest}") unless %w[truncation deletion].include?(contest)
  DatabaseCleaner.strategy = contest.to_sym
  puts(times.to_i.times.sum do
    change.call
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    DatabaseCleaner.clean
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
  end)
end
