-- ARGV: of each request its record, priority, time requested and deadline, in the order of arrival.
local source = source_at(1)
local count = {queued = 0, raised = 0, kept = 0}
for i = 1, #ARGV, 4 do
  local what = add(source, ARGV[i], {priority = tonumber(ARGV[i + 1]), requested = tonumber(ARGV[i + 2]),
    deadline = tonumber(ARGV[i + 3]), arrival = next_arrival(source)})
  count[what] = count[what] + 1
end
return {count.queued, count.raised}
