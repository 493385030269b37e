-- Posts the lines of a file one after the other, each once, and tells what came of them as JSON.
-- wrk -t1 -c32 -d10s -s wrk.lua URL -- FILE PATH
local lines, next_line = nil, 0
local threads = {}

function setup(thread)
   table.insert(threads, thread)
end

function init(arguments)
   lines = {}
   for line in io.lines(arguments[1]) do
      lines[#lines + 1] = line
   end
   wrk.path = arguments[2]
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/json"
   sent, failed, ran_out = 0, 0, 0
end

function request()
   next_line = next_line + 1
   sent = next_line
   if next_line >= #lines then
      ran_out = 1
      wrk.thread:stop()
   end
   return wrk.format(nil, nil, nil, lines[math.min(next_line, #lines)])
end

function response(status)
   if status >= 400 then
      failed = failed + 1
   end
end

function done(summary, latency)
   local sent = threads[1]:get("sent")
   local failed = threads[1]:get("failed")
   print(string.format(
      'JSON {"requests": %d, "seconds": %.6f, "sent": %d, "failed": %d, "p50_ms": %.3f, "p99_ms": %.3f}',
      summary.requests, summary.duration / 1e6, sent, failed + summary.errors.timeout + summary.errors.read,
      latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
