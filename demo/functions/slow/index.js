// Answers after ?ms=N, or after the number of milliseconds in the body; 1000 by default.
const { setTimeout: sleep } = require("node:timers/promises");

module.exports = async ({ req, res, log }) => {
  const ms = Number(req.query.ms ?? (req.bodyText || 1000));
  log(`Sleeping ${ms} ms.`);
  await sleep(ms);
  return res.text(`slept ${ms}`);
};
