-- ARGV: now, how many at most, the most takes, how many dead letters are kept, the source's name, the
-- reason, now as text.
local source = source_at(1)
local late = redis.call('ZRANGEBYSCORE', source.in_hand, '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, name in ipairs(late) do
  local r = parse(redis.call('HGET', source.record, name))
  if not r then
    redis.call('ZREM', source.in_hand, name)
  elseif r.takes < tonumber(ARGV[3]) then
    wait_again(source, name, r)
  else
    local type, tag = string.match(name, '^([^/]*)/(.*)$')
    local item = cjson.encode({source = ARGV[5], type = type, tag = tag, priority = PRIORITIES[r.priority + 1]})
    redis.call('LPUSH', source.dead, cjson.encode({item = item, reason = ARGV[6], at = ARGV[7]}))
    redis.call('LTRIM', source.dead, 0, tonumber(ARGV[4]) - 1)
    remove(source, name)
  end
end
return #late
