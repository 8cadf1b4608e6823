-- Commit one step: compare the version, then store everything the step says, or nothing.
--
-- trail.lua, index.lua and order.lua stand before it.
--
-- KEYS  1 request (hash)   2 history (list)   3 posts (hash)   4 due (zset)   5 notices, or alarms (stream)
--       6 audit (stream)
--       7 requests of the requester (zset)    8 requests in the new state (zset)
--       9... requests in every other state (zsets)
-- ARGV  1 request id            2 version that must be stored, 0 for a new request
--       3 commit id             4 document (JSON)          5 state
--       6 wake-up time in ms, or '' for none               7 history line (JSON)
--       8 'settled' or 'open'   9 ms to keep a settled request
--      10 (read by claim.lua)  11 seal of the document
--      12 seal of the audit entry before, '' when there is none
--      13 hash of the history line       14 hash of the line before, '' to write over whatever stands there
--      15 how many names and values of the audit entry follow; then kind and state of each notice, in pairs
--
-- Replies  {'ok', version}        stored now
--          {'repeated', version}  this very commit was stored before; version is the one stored now
--          {'conflict', version}  another commit came first; nothing was changed
--          {'missing', 0}         no such request, though a version was expected; nothing was changed
--          {'head', 'n:mac'}      the newest audit entry is another; nothing was changed: seal anew, and try again

local id, expected = ARGV[1], tonumber(ARGV[2])
local in_the_way = what_stands(expected, ARGV[3], ARGV[14])
if in_the_way then
  return in_the_way
end

local head, seal_before = newest(KEYS[6])
if seal_before ~= ARGV[12] then
  return {'head', head}
end

local version = expected + 1
redis.call('HSET', KEYS[1], 'version', version, 'state', ARGV[5], 'document', ARGV[4], 'seal', ARGV[11], 'head', ARGV[13])
redis.call('RPUSH', KEYS[2], ARGV[3] .. ' ' .. ARGV[7])

if ARGV[6] == '' then
  redis.call('ZREM', KEYS[4], id)
else
  redis.call('ZADD', KEYS[4], ARGV[6], id)
end

-- The indexes are ordered by when the store first saw a request, in microseconds, so that no two are equal.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local forgotten = now - ARGV[9] * 1000

local told = 16 + ARGV[15]
redis.call('HSETNX', KEYS[1], 'entry', append(KEYS[6], {unpack(ARGV, 16, told - 1)}, math.floor(forgotten / 1000)))
for place = told, #ARGV, 2 do
  redis.call('XADD', KEYS[5], '*', 'request', id, 'kind', ARGV[place], 'state', ARGV[place + 1])
end

redis.call('HSETNX', KEYS[1], 'created', now)
local created = redis.call('HGET', KEYS[1], 'created')
index(id, created, forgotten)

for place = 1, 3 do
  if ARGV[8] == 'settled' then
    redis.call('PEXPIRE', KEYS[place], ARGV[9])
  else
    redis.call('PERSIST', KEYS[place])
  end
end
return {'ok', version}
