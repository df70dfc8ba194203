-- Moves items from the head of a foreign list into queues. KEYS: the list, its dead letters, then the keys of each
-- source. ARGV: how many dead letters are kept, the bytes that items are cut to, then of each item: as it is in the list,
-- cut, the place of its source's keys or 0, its record or what is written of it to the dead letters, priority, time
-- requested, deadline. Stops at an item that is no longer where it was: another process has moved it.
local PER_ITEM = 6
local items = (#ARGV - 2) / PER_ITEM
local count = {queued = 0, raised = 0, kept = 0}
local moved, broken = 0, 0
for item = 1, items do
  local i = 2 + (item - 1) * PER_ITEM
  local there = redis.call('LINDEX', KEYS[1], item - 1)
  if not there or string.sub(there, 1, tonumber(ARGV[2])) ~= ARGV[i + 1] then
    break
  end
  local at = tonumber(ARGV[i + 2])
  if at == 0 then
    redis.call('LPUSH', KEYS[2], ARGV[i + 3])
    broken = broken + 1
  else
    local source = source_at(at)
    local what = add(source, ARGV[i + 3], {priority = tonumber(ARGV[i + 4]), requested = tonumber(ARGV[i + 5]),
      deadline = tonumber(ARGV[i + 6]), arrival = next_arrival(source)})
    count[what] = count[what] + 1
  end
  moved = moved + 1
end
if broken > 0 then
  redis.call('LTRIM', KEYS[2], 0, tonumber(ARGV[1]) - 1)
end
if moved > 0 then
  redis.call('LTRIM', KEYS[1], moved, -1)
end
return {count.queued, count.raised, count.kept, broken}
