-- Whether a commit is the next one: this file stands before commit.lua, whose KEYS these are.
--
-- Each commit appends exactly one line, so line n-1 of the history belongs to version n and names the commit that made
-- it. That is how a repeat is told from a conflict, however many commits came after it.

-- The reply to a commit that does not follow version `expected` and the line with the hash `followed`; nil when it does.
local function what_stands(expected, commit, followed)
  local kept = redis.call('HMGET', KEYS[1], 'version', 'head')
  local stored, line = tonumber(kept[1] or '0'), kept[2]

  if stored > expected then
    local mark = commit .. ' '
    local written = redis.call('LINDEX', KEYS[2], expected)
    if not written or string.sub(written, 1, #mark) ~= mark then
      return {'conflict', stored}
    end
    -- Written once more, so that a WAIT behind this repeat waits for the replicas, as it does behind the first.
    redis.call('HSET', KEYS[1], 'version', stored)
    return {'repeated', stored}
  elseif stored == 0 and expected > 0 then
    return {'missing', 0}
  elseif stored < expected then
    return {'conflict', stored}
  end

  -- After a fail-over another history can be at the same version. An alarm ('') is written over whatever stands there.
  if line and followed ~= '' and line ~= followed then
    return {'conflict', stored}
  end
end

