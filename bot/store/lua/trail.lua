-- The audit trail, for the scripts that add to it: this file stands before commit.lua.
--
-- Python seals, because only it has the key. A seal covers the one before, so Python says which one it took for the
-- newest, and the script compares.

-- The newest entry of the trail as 'n:mac', and its mac alone; '0:' and '' when there is none.
local function newest(trail)
  local last = redis.call('XREVRANGE', trail, '+', '-', 'COUNT', 1)[1]
  local said = {n = '0', mac = ''}
  for place = 1, last and #last[2] or 0, 2 do
    said[last[2][place]] = last[2][place + 1]
  end
  return said.n .. ':' .. said.mac, said.mac
end

-- Add an entry, and return its id. Of the entries from before `forgotten` (ms) the newest stays: by it one sees that
-- the others were old.
local function append(trail, fields, forgotten)
  local entry = redis.call('XADD', trail, '*', unpack(fields))
  local old = redis.call('XREVRANGE', trail, forgotten, '-', 'COUNT', 1)[1]
  if old then
    redis.call('XTRIM', trail, 'MINID', old[1])
  end
  return entry
end

