-- Returns the first items of a foreign list, each cut. KEYS: the list. ARGV: how many at most, of how many bytes each.
-- One by one: a list of huge items is never held as a whole.
local items = {}
for i = 0, tonumber(ARGV[1]) - 1 do
  local item = redis.call('LINDEX', KEYS[1], i)
  if not item then
    break
  end
  items[#items + 1] = string.sub(item, 1, tonumber(ARGV[2]))
end
return items
