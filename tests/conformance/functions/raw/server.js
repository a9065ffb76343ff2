// A runtime of its own, in one file: it shows what an executor really sends and answers what runtimes may answer. Started
// by a `runtimeEntrypoint` in any image with Node, under any protocol version. What to do is the path; for v2, whose
// path is always `/`, it is the payload.
//   /echo           the request as it came, and what this runtime knows of itself
//   /status?code=N  that status
//   /cookies        set-cookie twice, and another header of mixed case
//   /bytes          all 256 byte values; ?size=N that many letters
//   /stream?pieces=N&ms=M&size=S  pieces of S bytes `0…`, `1…`, M milliseconds apart; ?type=T as that content type
//   /slow?ms=M      answers late
//   /log?id=ID&bytes=N  leaves v4 and v5 log files of that id; ?only_id sends the id alone, ?link=PATH makes the log a link
//   /away?ms=M      answers, and doesn't listen for so long
//   /files          the names of the files in /mnt/logs
//   /v3-logs        logs and errors as v3 sends them
//   /drop           closes the connection without an answer
//   /exit?code=N    ends the process without an answer
//   /memory         takes memory until the kernel ends it
"use strict";
const { createServer } = require("node:http");
const { hostname } = require("node:os");
const { mkdirSync, readdirSync, symlinkSync, writeFileSync } = require("node:fs");

const secret = process.env.OPEN_RUNTIMES_SECRET ?? process.env.INTERNAL_RUNTIME_KEY ?? "";
let count = 0;

function echo(request, body) {
  return {
    method: request.method,
    url: request.url,
    headers: request.headers,
    body: body.toString(),
    hex: body.length <= 1024 ? body.toString("hex") : "",
    bytes: body.length,
    count,
    hostname: hostname(),
    basic: request.headers.authorization === `Basic ${Buffer.from(`opr:${secret}`).toString("base64")}`,
    secret: secret !== "" && request.headers["x-open-runtimes-secret"] === secret,
    challenge: secret !== "" && request.headers["x-internal-challenge"] === secret,
  };
}

function send(response, body, headers = {}, status = 200) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  response.writeHead(status, { "content-type": "text/plain", "content-length": bytes.length, ...headers });
  response.end(bytes);
}

async function stream(query, response) {
  response.writeHead(200, { "content-type": query.get("type") ?? "application/octet-stream" });
  const size = Number(query.get("size") ?? 1);
  for (let i = 0; i < Number(query.get("pieces") ?? 1); ++i) {
    if (i > 0) {
      await new Promise((resolve) => setTimeout(resolve, Number(query.get("ms") ?? 0)));
    }
    response.write(`${i}`.padEnd(size, "."));
  }
  response.end();
}

function log(query, response) {
  const id = query.get("id") ?? "log";
  if (!query.has("only_id")) {
    mkdirSync("/mnt/logs", { recursive: true });
    const bytes = Number(query.get("bytes") ?? 0);
    if (query.has("link")) {
      symlinkSync(query.get("link"), `/mnt/logs/${id}_logs.log`);
    } else {
      writeFileSync(`/mnt/logs/${id}_logs.log`, bytes ? "l".repeat(bytes) : "A log line.\nÄnother.\n");
    }
    writeFileSync(`/mnt/logs/${id}_errors.log`, bytes ? "e".repeat(bytes) : "An error line.\n");
  }
  send(response, "logged", { "x-open-runtimes-log-id": id });
}

function go_away(query, response) {
  server.close();
  server.closeIdleConnections();
  send(response, "away", { connection: "close" });
  setTimeout(() => server.listen(3000), Number(query.get("ms")));
}

function take_memory() {
  const taken = [];
  for (;;) {
    taken.push(Buffer.alloc(16 * 1024 * 1024, 1));
  }
}

const answers = {
  "/status": (query, response) => send(response, "status", {}, Number(query.get("code"))),
  "/cookies": (query, response) => {
    response.setHeader("set-cookie", ["first=1", "second=2; Path=/"]);
    response.setHeader("X-Mixed-Case", "kept");
    response.end("cookies");
  },
  "/bytes": (query, response) =>
    query.has("size")
      ? send(response, "x".repeat(Number(query.get("size"))))
      : send(response, Buffer.from(Array.from({ length: 256 }, (_, i) => i))),
  "/stream": stream,
  "/slow": (query, response) => setTimeout(() => send(response, "slow"), Number(query.get("ms"))),
  "/log": log,
  "/files": (query, response) => send(response, JSON.stringify(readdirSync("/mnt/logs"))),
  "/v3-logs": (query, response) =>
    send(response, "logged", {
      "x-open-runtimes-logs": encodeURIComponent("A log line.\n100 % Änother."),
      "x-open-runtimes-errors": encodeURIComponent("An error line.\n"),
    }),
  "/away": go_away,
  "/drop": (query, response) => response.destroy(),
  "/exit": (query) => process.exit(Number(query.get("code"))),
  "/memory": take_memory,
};

const v2_answers = {
  text: { response: "a text", stdout: "A log line.", stderr: "An error line." },
  object: { response: { an: ["object"] }, stdout: "", stderr: "" },
  large: { response: "r".repeat(1000001), stdout: "ä".repeat(600000), stderr: "e".repeat(1000001) },
};

function serve_v2(request, body, response) {
  const { payload } = JSON.parse(body);
  if (payload === "slow") {
    return;
  }
  const answer = v2_answers[payload] ?? { response: echo(request, body), stdout: "", stderr: "" };
  send(response, JSON.stringify(answer), { "content-type": "application/json" }, payload === "failed" ? 500 : 200);
}

const server = createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) {
    pieces.push(piece);
  }
  const body = Buffer.concat(pieces);
  ++count;
  const url = new URL(request.url, "http://runtime");
  if ("x-internal-challenge" in request.headers) {
    serve_v2(request, body, response);
  } else if (url.pathname in answers) {
    await answers[url.pathname](url.searchParams, response);
  } else {
    send(response, JSON.stringify(echo(request, body)), { "content-type": "application/json" });
  }
});
server.listen(3000);
