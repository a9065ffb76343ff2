-- Sends the request that the environment describes, and prints the figures of a run in one line:
-- requests, seconds, median and 99th percentile in ms, errors.
local key = os.getenv("OPR_BENCH_KEY")
if key and os.getenv("OPR_BENCH_PLAIN") then
  wrk.headers["authorization"] = "Bearer " .. key
elseif key then
  wrk.method = "POST"
  wrk.headers["authorization"] = "Bearer " .. key
  if os.getenv("OPR_BENCH_FORM") then
    wrk.headers["content-type"] = "multipart/form-data; boundary=b"
    wrk.headers["accept"] = "multipart/form-data"
    wrk.body = '--b\r\nContent-Disposition: form-data; name="path"\r\n\r\n/\r\n--b--\r\n'
  else
    wrk.headers["content-type"] = "application/json"
    wrk.headers["accept"] = "application/json"
    wrk.body = '{"path":"/"}'
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("figures %d %.3f %.4f %.4f %d\n", summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
