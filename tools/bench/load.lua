-- What wrk sends, and the one line that it prints for tools/bench/load.sh:
-- requests, microseconds, p50 and p99 in microseconds, errors.
--
--     wrk ... -s load.lua URL -- DEPTH [BODY [TOKEN [LIST]]]
--
--     DEPTH   requests sent at once on each connection
--     BODY    file whose content is posted as JSON; "" for a GET
--     TOKEN   for the Authorization header
--     LIST    file of requests to send in turn, one a line: a path, and behind a blank the JSON that
--             is posted to it, if any; "" for the one path of the URL

local function content(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read("*a")
    file:close()
    return text
end

-- The requests that the file lists, ready to be sent.
local function listed(path)
    local requests = {}
    for line in io.lines(path) do
        local target, body = line:match("^(%S+) ?(.*)$")
        local posts = body ~= ""
        wrk.headers["Content-Type"] = posts and "application/json" or nil
        table.insert(requests, wrk.format(posts and "POST" or "GET", target, nil, posts and body or nil))
    end
    return requests
end

local function in_turn(requests)
    local last = 0
    return function()
        last = last % #requests + 1
        return requests[last]
    end
end

function init(args)
    local depth, body, token, list = tonumber(args[1]), args[2] or "", args[3] or "", args[4] or ""
    if token ~= "" then
        wrk.headers["Authorization"] = "Bearer " .. token
    end
    if body ~= "" then
        wrk.method, wrk.body = "POST", content(body)
        wrk.headers["Content-Type"] = "application/json"
    end
    if list ~= "" then
        request = in_turn(listed(list))
    elseif depth > 1 then
        local batch = string.rep(wrk.format(), depth)
        request = function() return batch end
    end
end

-- By hand: wrk's own percentile() is 0 where it has corrected samples to below the least one.
local function percentile(latency, percent)
    local all, seen = 0, 0
    for index = 1, #latency do
        local _, count = latency(index)
        all = all + count
    end
    for index = 1, #latency do
        local value, count = latency(index)
        seen = seen + count
        if seen >= all * percent / 100 then
            return value
        end
    end
    return 0
end

function done(summary, latency)
    local errors = summary.errors
    print(string.format("measured %d %d %d %d %d", summary.requests, summary.duration,
        percentile(latency, 50), percentile(latency, 99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
