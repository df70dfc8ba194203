-- ARGV: how many at most, the lease, when it ends. The heads of the four priorities are merged.
-- What waits and has no record any more, because Redis evicted it, is dropped.
local source = source_at(1)
local most = tonumber(ARGV[1])
local heads = {}

local function fill(p)
  heads[p] = {at = 1, row = redis.call('ZRANGE', source.waiting[p], 0, most - 1, 'WITHSCORES')}
end

for p = 1, 4 do
  fill(p)
end

local function is_before(a, b)
  local deadline, other = tonumber(a.row[a.at + 1]), tonumber(b.row[b.at + 1])
  return deadline < other or (deadline == other and a.row[a.at] < b.row[b.at])
end

local taken = {}
while #taken < most do
  local first, priority
  for p = 1, 4 do
    if heads[p].row[heads[p].at] and (not first or is_before(heads[p], first)) then
      first, priority = heads[p], p
    end
  end
  if not first then
    break
  end
  local place = first.row[first.at]
  first.at = first.at + 2
  redis.call('ZREM', source.waiting[priority], place)
  local name = record_at(place)
  local r = parse(redis.call('HGET', source.record, name))
  if r then
    r.takes = r.takes + 1
    r.lease = ARGV[2]
    redis.call('ZADD', source.in_hand, ARGV[3], name)
    save(source, name, r)
    taken[#taken + 1] = {name, tostring(r.priority), digits(r.requested), tostring(r.takes)}
  elseif not first.row[first.at] then
    fill(priority)
  end
end
return taken
