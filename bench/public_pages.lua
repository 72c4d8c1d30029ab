-- Walks over the addresses of a file, each in its turn, and tells what wrk itself does not: the 95th percentile.
-- With a second argument so many pages a second are asked for, at even distances, however quick the answers are.
-- wrk of Debian 12 tells no time to scripts, and Lua itself only whole seconds.
local ffi = require("ffi")
ffi.cdef[[
  typedef struct { long seconds; long nanoseconds; } moment;
  int clock_gettime(int clock, moment *found);
]]
local MONOTONIC = 1
local found = ffi.new("moment")
local function microseconds()
  ffi.C.clock_gettime(MONOTONIC, found)
  return tonumber(found.seconds) * 1e6 + tonumber(found.nanoseconds) / 1e3
end
local paths = {}
local at = 0
local distance = 0
local due = 0
function init(args)
  if args[2] then
    distance = 1000000 / tonumber(args[2])
    delay = wait
  end
  for line in io.lines(args[1]) do
    paths[#paths + 1] = line
  end
  at = math.random(#paths)
end
function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
-- Milliseconds until the next page is due, at once where it should have been asked for already.
function wait()
  local now = microseconds()
  due = due == 0 and now or due + distance
  return math.max(0, math.floor((due - now) / 1000))
end
function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format("public-pages %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(95), failed))
end
