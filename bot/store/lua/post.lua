-- Remember where a message of a request was posted; the first one wins, unless it is the one that is gone.
--
-- KEYS  1 posts (hash)   2 request (hash)
-- ARGV  1 slot of the message   2 post (JSON)   3 ms to keep it when the request is gone
--       4 the post that is gone (JSON), in whose place the new one comes; '' when there was none
--
-- Reply  the post that is remembered: this one, or the one that was first

if ARGV[4] ~= '' and redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[4] then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
else
  redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
end
local left = redis.call('PTTL', KEYS[2])
if left == -1 then
  redis.call('PERSIST', KEYS[1])
elseif left == -2 then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
else
  redis.call('PEXPIRE', KEYS[1], math.max(left, 1))
end
return redis.call('HGET', KEYS[1], ARGV[1])
