-- Returns how many are in hand and dead, then of each priority how many wait and when the next was requested.
-- What waits first and has no record any more, because Redis evicted it, is dropped.
local source = source_at(1)

local function oldest_of(waiting)
  local head = redis.call('ZRANGE', waiting, 0, 0)[1]
  while head do
    local r = parse(redis.call('HGET', source.record, record_at(head)))
    if r then
      return digits(r.requested)
    end
    redis.call('ZREM', waiting, head)
    head = redis.call('ZRANGE', waiting, 0, 0)[1]
  end
  return ''
end

local state = {redis.call('ZCARD', source.in_hand), redis.call('LLEN', source.dead)}
for p = 1, 4 do
  local oldest = oldest_of(source.waiting[p])
  state[#state + 1] = redis.call('ZCARD', source.waiting[p])
  state[#state + 1] = oldest
end
return state
