-- The indexes by person and by state: this file stands before commit.lua, whose KEYS and ARGV these are.

-- List a request where it belongs by now, ordered by `created` (µs); drop what is from before `forgotten` (µs).
local function index(id, created, forgotten)
  for place = 9, #KEYS do
    redis.call('ZREM', KEYS[place], id)
  end
  redis.call('ZADD', KEYS[7], created, id)
  redis.call('ZREMRANGEBYSCORE', KEYS[7], '-inf', forgotten)
  redis.call('PEXPIRE', KEYS[7], ARGV[9])
  redis.call('ZADD', KEYS[8], created, id)
  if ARGV[8] == 'settled' then
    redis.call('ZREMRANGEBYSCORE', KEYS[8], '-inf', forgotten)
  end
end

