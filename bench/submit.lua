-- Posts a complete answer with a random UUIDv4 of its own in every request. Arguments: path, signed time.
local hex = "0123456789abcdef"
local function digits(n)
  local out = {}
  for i = 1, n do
    local d = math.random(16)
    out[i] = hex:sub(d, d)
  end
  return table.concat(out)
end
function init(args)
  path, stamp = args[1], args[2]
  math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 100000)
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end
function request()
  local id = digits(8) .. "-" .. digits(4) .. "-4" .. digits(3) .. "-a" .. digits(3) .. "-" .. digits(12)
  local body = "id=" .. id .. "&t=" .. stamp .. "&website=&satisfaction=4&submit_time=5_to_8&prefilled=partly"
    .. "&result_time=on_time&access=5&paperwork=4&officer=4&comment=Nhanh%2C%20g%E1%BB%8Dn%20g%C3%A0ng"
  return wrk.format("POST", path, nil, body)
end
local bad = 0
function response(status)
  if status ~= 303 then bad = bad + 1 end
end
