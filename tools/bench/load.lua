-- What wrk sends, and the one line that it prints for tools/bench/load.sh:
-- requests, microseconds, p50 and p99 in microseconds, errors.
--
--     wrk ... -s load.lua URL -- DEPTH [BODY [TOKEN]]
--
--     DEPTH   requests sent at once on each connection
--     BODY    file whose content is posted as JSON; "" for a GET
--     TOKEN   for the Authorization header

local function content(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read("*a")
    file:close()
    return text
end

function init(args)
    local depth, body, token = tonumber(args[1]), args[2] or "", args[3] or ""
    if token ~= "" then
        wrk.headers["Authorization"] = "Bearer " .. token
    end
    if body ~= "" then
        wrk.method, wrk.body = "POST", content(body)
        wrk.headers["Content-Type"] = "application/json"
    end
    if depth > 1 then
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
