-- Guard a claim: what must hold across all requests before one leg may enter `sending`.
--
-- The claim script is trail.lua, index.lua, order.lua, this file and commit.lua: the guards return first, or the commit runs.
-- KEYS and ARGV are those of commit.lua, and beside them
--
-- KEYS  the last one: halt (string)
-- ARGV 10 the store's epoch as the request knows it
--
-- Replies  those of commit.lua, and
--          {'halted', halt}   sending is stopped; halt is the JSON that says by whom and why
--          {'epoch', epoch}   this store is not the one that took the request; epoch is what it is now
--
-- run_id changes when the server restarts, master_replid when a replica is promoted: both, because a fail-back to the
-- same process keeps its run_id.

do
  local halt = redis.call('GET', table.remove(KEYS))
  if halt then
    return {'halted', halt}
  end

  local about = redis.call('INFO', 'server') .. redis.call('INFO', 'replication')
  local epoch = (string.match(about, 'run_id:(%w+)') or '') .. ':' .. (string.match(about, 'master_replid:(%w+)') or '')
  if epoch ~= ARGV[10] then
    return {'epoch', epoch}
  end

  -- A claim that was repeated after its lease was taken over must not be told that it holds the leg.
  local stored = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
  if stored > ARGV[2] + 1 then
    return {'conflict', stored}
  end
end

