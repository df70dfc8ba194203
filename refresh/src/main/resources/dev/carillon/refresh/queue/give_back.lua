-- ARGV: of each its record and lease. What has another lease by now stays as it is.
local source = source_at(1)
for i = 1, #ARGV, 2 do
  local r = parse(redis.call('HGET', source.record, ARGV[i]))
  if r and r.lease == ARGV[i + 1] then
    r.takes = r.takes - 1
    wait_again(source, ARGV[i], r)
  end
end
return #ARGV / 2
