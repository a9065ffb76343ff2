// Serves one user function on port 3000 by the v5 runtime protocol.
import { createServer } from "node:http";
import { ExecutionLog } from "./execution_log.mjs";

const code_folder = "/usr/local/server/src/function";
const timed_out = Symbol("timed out");

/** Why a request may not run the function, if it may not. */
function refusal(headers) {
  const timeout = headers["x-open-runtimes-timeout"];
  if (timeout && !(Number(timeout) > 0)) {
    return 'Header "x-open-runtimes-timeout" must be an integer greater than 0.';
  }
  const secret = process.env.OPEN_RUNTIMES_SECRET;
  if (secret && headers["x-open-runtimes-secret"] !== secret) {
    return 'Unauthorized. Provide correct "x-open-runtimes-secret" header.';
  }
}

async function read_body(request) {
  const pieces = [];
  for await (const piece of request) {
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** The function's view of the request. */
class FunctionRequest {
  constructor(request, body) {
    const [path, query_string = ""] = request.url.split(/\?(.*)/s);
    const [host, port = "80"] = (request.headers.host ?? "localhost").split(":");
    this.method = request.method;
    this.scheme = request.headers["x-forwarded-proto"] ?? "http";
    this.host = host;
    this.port = Number(port);
    this.path = path;
    this.queryString = query_string;
    this.query = {};
    for (const pair of query_string.split("&").filter(Boolean)) {
      const [key, value = ""] = pair.split(/=(.*)/s);
      this.query[key] = value;
    }
    this.url = `${this.scheme}://${request.headers.host}${request.url}`;
    this.headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !name.startsWith("x-open-runtimes-")),
    );
    this.bodyBinary = body;
  }

  get bodyText() {
    return this.bodyBinary.toString();
  }

  get bodyJson() {
    return JSON.parse(this.bodyText);
  }

  /** By content type: parsed JSON, a Buffer for other binary types, else text. */
  get body() {
    const type = (this.headers["content-type"] ?? "text/plain").toLowerCase();
    if (type.startsWith("application/json")) {
      return this.bodyBinary.length > 0 ? this.bodyJson : {};
    }
    return /^(application|audio|font|image|video)\//.test(type) ? this.bodyBinary : this.bodyText;
  }
}

const answers = {
  binary: (body, statusCode = 200, headers = {}) => ({ body, statusCode, headers }),
  text: (body, statusCode = 200, headers = {}) => ({ body: Buffer.from(`${body}`), statusCode, headers }),
  json: (value, statusCode = 200, headers = {}) =>
    answers.text(JSON.stringify(value), statusCode, { ...headers, "content-type": "application/json" }),
  redirect: (url, statusCode = 301, headers = {}) => answers.text("", statusCode, { ...headers, location: url }),
  empty: () => answers.text("", 204),
};

async function load_function() {
  const module = await import(`${code_folder}/${process.env.OPEN_RUNTIMES_ENTRYPOINT}`);
  const found = module.default?.default ?? module.default;
  if (typeof found !== "function") {
    throw new Error("User function is not valid.");
  }
  return found;
}

/** Runs the function for at most that many seconds; whatever goes wrong is an answer of 500 and a logged error. */
async function run_function(request, log, seconds) {
  const context = {
    req: request,
    res: answers,
    log: (message) => log.log(message),
    error: (message) => log.error(message),
  };
  let timer;
  const time_out = new Promise((resolve) => {
    timer = seconds && setTimeout(resolve, seconds * 1000, timed_out);
  });
  try {
    const answer = await Promise.race([load_function().then((user) => user(context)), time_out]);
    if (answer === timed_out) {
      log.error("Execution timed out.");
    } else if (answer === null || answer === undefined) {
      log.error("Return statement missing. return context.res.empty() if no response is expected.");
    } else {
      return answer;
    }
  } catch (thrown) {
    if (thrown?.code === "ERR_MODULE_NOT_FOUND" || thrown?.code === "MODULE_NOT_FOUND") {
      log.error("Could not load code file.");
    }
    log.error(thrown?.stack ?? thrown);
  } finally {
    clearTimeout(timer);
  }
  return answers.text("", 500);
}

function send(response, answer, log) {
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    if (!name.toLowerCase().startsWith("x-open-runtimes-")) {
      response.setHeader(name.toLowerCase(), value);
    }
  }
  const type = `${response.getHeader("content-type") ?? "text/plain"}`.toLowerCase();
  if (!type.startsWith("multipart/") && !type.includes("charset=")) {
    response.setHeader("content-type", `${type}; charset=utf-8`);
  }
  if (log.id !== "") {
    response.setHeader("x-open-runtimes-log-id", log.id);
  }
  const body = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(answer.body ?? "");
  response.statusCode = answer.statusCode ?? 200;
  if (response.statusCode !== 204 && response.statusCode !== 304) {
    response.setHeader("content-length", body.length);
  }
  response.end(body);
}

const server = createServer(async (request, response) => {
  const why = refusal(request.headers);
  if (why) {
    response.writeHead(500, { "content-type": "text/plain; charset=utf-8" }).end(why);
    return;
  }
  const log = new ExecutionLog((request.headers["x-open-runtimes-logging"] ?? "enabled") === "enabled");
  try {
    const seconds = Number(request.headers["x-open-runtimes-timeout"] ?? 0);
    const seen = new FunctionRequest(request, await read_body(request));
    const answer = await log.capture(() => run_function(seen, log, seconds));
    await log.end();
    send(response, answer, log);
  } catch (fault) {
    // A header that can't be sent, a full disk: the caller gets an answer whatever happens.
    console.error(fault);
    if (response.headersSent) {
      response.destroy();
    } else {
      response.writeHead(500).end();
    }
  }
});

server.listen(3000, () => console.log("HTTP server successfully started!"));
