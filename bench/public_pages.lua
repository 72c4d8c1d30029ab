-- Walks over the addresses of a file, each in its turn, and tells what wrk itself does not: the 95th percentile.
local paths = {}
local at = 0
function init(args)
  for line in io.lines(args[1]) do
    paths[#paths + 1] = line
  end
  at = math.random(#paths)
end
function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format("public-pages %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(95), failed))
end
