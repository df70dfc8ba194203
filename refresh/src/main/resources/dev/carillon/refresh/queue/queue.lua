-- Every script begins with this. The keys of a source, from KEYS[i] on:
--   record    hash: record -> "priority requested deadline arrival takes lease"; lease is - while it waits
--   again     hash: record -> "priority requested deadline arrival": asked for while it was in hand
--   in_hand   sorted set: record, by the end of its lease
--   arrivals  a counter
--   dead      list of JSON, the newest first
--   waiting   four sorted sets, one for each priority: "arrival:record", by deadline
-- A record is "type/tag". Times are microseconds since 1970. Redis breaks ties of a score by the
-- member: the arrival, which is why it stands first and always has as many digits.

local PRIORITIES = {'critical', 'high', 'medium', 'low'}

local function source_at(i)
  return {record = KEYS[i], again = KEYS[i + 1], in_hand = KEYS[i + 2], arrivals = KEYS[i + 3], dead = KEYS[i + 4],
    waiting = {KEYS[i + 5], KEYS[i + 6], KEYS[i + 7], KEYS[i + 8]}}
end

-- Lua writes large numbers with 14 digits unless it is told otherwise.
local function digits(number)
  return string.format('%.0f', number)
end

local function parse(text)
  if not text then
    return nil
  end
  local priority, requested, deadline, arrival, rest = string.match(text, '^(%d) (%-?%d+) (%-?%d+) (%d+)(.*)$')
  local takes, lease = string.match(rest, '^ (%d+) (.+)$')
  return {priority = tonumber(priority), requested = tonumber(requested), deadline = tonumber(deadline),
    arrival = arrival, takes = tonumber(takes or 0), lease = lease or '-'}
end

local function wanted_text(r)
  return r.priority .. ' ' .. digits(r.requested) .. ' ' .. digits(r.deadline) .. ' ' .. r.arrival
end

local function member(name, r)
  return r.arrival .. ':' .. name
end

local function record_at(place)
  return string.sub(place, string.find(place, ':', 1, true) + 1)
end

local function save(source, name, r)
  redis.call('HSET', source.record, name, wanted_text(r) .. ' ' .. r.takes .. ' ' .. r.lease)
end

local function wait(source, name, r)
  r.lease = '-'
  save(source, name, r)
  redis.call('ZADD', source.waiting[r.priority + 1], digits(r.deadline), member(name, r))
end

-- Whether r became more urgent by what is wanted.
local function raise(r, wanted)
  local is_sooner = wanted.deadline < r.deadline
  if not is_sooner and wanted.priority >= r.priority then
    return false
  end
  r.priority = math.min(r.priority, wanted.priority)
  r.requested = math.min(r.requested, wanted.requested)
  if is_sooner then
    r.deadline = wanted.deadline
    r.arrival = wanted.arrival
  end
  return true
end

-- Returns 'queued', 'raised' or 'kept'.
local function add(source, name, wanted)
  local r = parse(redis.call('HGET', source.record, name))
  if not r then
    wanted.takes = 0
    wait(source, name, wanted)
    return 'queued'
  end
  if r.lease == '-' then
    local place, waiting = member(name, r), source.waiting[r.priority + 1]
    if not raise(r, wanted) then
      return 'kept'
    end
    redis.call('ZREM', waiting, place)
    wait(source, name, r)
    return 'raised'
  end
  local again = parse(redis.call('HGET', source.again, name))
  if again and not raise(again, wanted) then
    return 'kept'
  end
  redis.call('HSET', source.again, name, wanted_text(again or wanted))
  return again and 'raised' or 'queued'
end

local function next_arrival(source)
  return string.format('%015d', redis.call('INCR', source.arrivals))
end

-- Takes what was asked for meanwhile, if anything was.
local function pop_again(source, name)
  local again = parse(redis.call('HGET', source.again, name))
  if again then
    redis.call('HDEL', source.again, name)
  end
  return again
end

-- Out of hand and back to its place, or to that of a more urgent request that came meanwhile.
local function wait_again(source, name, r)
  local again = pop_again(source, name)
  if again then
    raise(r, again)
  end
  redis.call('ZREM', source.in_hand, name)
  wait(source, name, r)
end

-- Out of the queue; what was asked for meanwhile is a request like any other.
local function remove(source, name)
  redis.call('ZREM', source.in_hand, name)
  local again = pop_again(source, name)
  if again then
    again.takes = 0
    wait(source, name, again)
  else
    redis.call('HDEL', source.record, name)
  end
end
