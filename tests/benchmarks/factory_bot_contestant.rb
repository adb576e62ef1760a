# factory_bot with ActiveRecord, for run.py: see contestants.cpp. Faker is left out, so that only the two are measured.
require 'active_record'
require 'factory_bot'
require 'securerandom'

ActiveRecord::Base.establish_connection(ARGV.fetch(0))

class User < ActiveRecord::Base; end

FactoryBot.define do
  factory :user do
    sequence(:email) { |n| "user#{n}@example.com" }
    name { "#{%w[Ada Grace Edsger Barbara].sample} #{%w[Lovelace Hopper Dijkstra Liskov].sample}" }
    age { rand(18..97) }
    balance { rand(0..9_000_000) / 100.0 }
    active { [true, false].sample }
    note { SecureRandom.hex(12) }
  end
end

$stdout.sync = true
User.connection.execute('TRUNCATE users RESTART IDENTITY CASCADE')
# A first use fills the caches of both libraries.
User.transaction { FactoryBot.create_list(:user, 10); raise ActiveRecord::Rollback }
while (line = $stdin.gets)
  contest, rows = line.split
  User.connection.execute('TRUNCATE users RESTART IDENTITY CASCADE')
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  case contest
  when 'create_list' then FactoryBot.create_list(:user, rows.to_i)
  when 'create_list_in_one_transaction' then User.transaction { FactoryBot.create_list(:user, rows.to_i) }
  else abort("factory_bot: unknown contest #{contest}")
  end
  puts Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
end
