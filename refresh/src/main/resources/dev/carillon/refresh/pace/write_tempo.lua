-- ARGV: the tempo as it was read, and as it is to be. Returns 0 if another process was faster.
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2])
return 1
