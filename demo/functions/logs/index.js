// Logs and fails in every way there is: ?lines=N adds N lines to the log, ?bytes=N one line of that length to both
// files, ?text=T one line of that text, ?native one by console.log, ?throw an exception, ?void a missing return.
module.exports = async ({ req, res, log, error }) => {
  log("A log line.");
  error("An error line.");
  for (let i = 0; i < Number(req.query.lines ?? 0); ++i) {
    log(`Line ${i}.`);
  }
  if ("bytes" in req.query) {
    log("l".repeat(Number(req.query.bytes)));
    error("e".repeat(Number(req.query.bytes)));
  }
  if ("text" in req.query) {
    log(decodeURIComponent(req.query.text));
  }
  if ("native" in req.query) {
    console.log("A native line.", { with: "an object" });
  }
  if ("throw" in req.query) {
    throw new Error("Thrown on request.");
  }
  return "void" in req.query ? undefined : res.text("logged");
};
