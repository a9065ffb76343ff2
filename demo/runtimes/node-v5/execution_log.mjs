// The two log files of one execution, and what user code prints by itself.
import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";

const folder = "/mnt/logs";
const current = new AsyncLocalStorage();

/** Text of a logged value: the stack of an error, JSON of an object. */
function text_of(value) {
  if (value instanceof Error) {
    return value.stack ?? String(value);
  }
  return value !== null && typeof value === "object" ? JSON.stringify(value) : String(value);
}

export class ExecutionLog {
  #lines = { logs: [], errors: [] };
  #native_seen = false;

  /** @param enabled False: nothing is kept and there is no id. */
  constructor(enabled) {
    this.id = enabled ? `${Date.now().toString(16)}${randomBytes(8).toString("hex")}` : "";
  }

  log(value) {
    this.#add("logs", value);
  }

  error(value) {
    this.#add("errors", value);
  }

  /** A line that came from console.log and the like instead of context.log. */
  native(values) {
    if (!this.#native_seen) {
      this.#native_seen = true;
      this.log("Native logs detected. Use context.log() or context.error() for better experience.");
    }
    this.log(values.map(text_of).join(" "));
  }

  /** Runs the function so that its console output, and that of whatever it awaits, ends up here. */
  capture(run) {
    return current.run(this, run);
  }

  /** Writes both files; to be awaited before the answer names the id. */
  async end() {
    if (this.id === "") {
      return;
    }
    const write = (kind) => writeFile(`${folder}/${this.id}_${kind}.log`, this.#lines[kind].join(""));
    await Promise.all([write("logs"), write("errors")]);
  }

  #add(kind, value) {
    if (this.id !== "") {
      this.#lines[kind].push(`${text_of(value)}\n`);
    }
  }
}

for (const name of ["log", "info", "debug", "warn", "error"]) {
  const print = console[name].bind(console);
  console[name] = (...values) => {
    const log = current.getStore();
    if (log) {
      log.native(values);
    } else {
      print(...values);
    }
  };
}
