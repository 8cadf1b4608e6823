-- Write as the other scripts do, on a key of no meaning: it shows at the start whether this server lets the bot do that.
--
-- KEYS  1 the probe
-- ARGV  1 milliseconds for which it is kept
--
-- Replies with 1.

redis.call('HSET', KEYS[1], 'at', redis.call('TIME')[1])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
