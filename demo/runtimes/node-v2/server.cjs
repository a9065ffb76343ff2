// Serves one user function on port 3000 by the v2 runtime protocol.
"use strict";
const { createServer } = require("node:http");
const { format } = require("node:util");

const code_folder = "/usr/code-start";

async function read_json(request) {
  const pieces = [];
  for await (const piece of request) {
    pieces.push(piece);
  }
  return JSON.parse(Buffer.concat(pieces).toString());
}

/** Collects what user code prints while it runs. Printing of two concurrent executions may mix, as it always did. */
function capture_console() {
  const printed = { stdout: [], stderr: [] };
  const kept = { ...console };
  for (const name of ["log", "info", "debug"]) {
    console[name] = (...values) => printed.stdout.push(format(...values));
  }
  for (const name of ["warn", "error"]) {
    console[name] = (...values) => printed.stderr.push(format(...values));
  }
  return { printed, restore: () => Object.assign(console, kept) };
}

/** Runs the function: its answer, or status 500 and why in stderr. */
async function run_function(body) {
  let answer = { status: 200, response: "" };
  const answer_with = (response, status = 200) => {
    answer = { status, response };
  };
  const { printed, restore } = capture_console();
  try {
    const user = require(`${code_folder}/${process.env.INTERNAL_RUNTIME_ENTRYPOINT}`);
    const request = {
      variables: body.variables ?? {},
      headers: body.headers ?? {},
      payload: body.payload ?? "",
    };
    await user(request, { send: answer_with, json: answer_with });
  } catch (thrown) {
    answer = { status: 500, response: "" };
    const missing = thrown?.code === "MODULE_NOT_FOUND";
    printed.stderr.push(missing ? "Code file not found." : format(thrown?.stack ?? thrown));
  } finally {
    restore();
  }
  return {
    status: answer.status,
    document: {
      response: answer.response,
      stdout: printed.stdout.join("\n"),
      stderr: printed.stderr.join("\n"),
    },
  };
}

function send(response, status, document) {
  const text = Buffer.from(JSON.stringify(document));
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "content-length": text.length });
  response.end(text);
}

async function serve(request, response) {
  if (request.headers["x-internal-challenge"] !== process.env.INTERNAL_RUNTIME_KEY) {
    return send(response, 500, { stdout: "", stderr: "Unauthorized" });
  }
  let body;
  try {
    body = await read_json(request);
  } catch (thrown) {
    return send(response, 500, { stdout: "", stderr: `${thrown}` });
  }
  const { status, document } = await run_function(body);
  send(response, status, document);
}

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy());
});
server.listen(3000);
