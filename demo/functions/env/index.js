// Shows its environment variables, and how the container is set up.
const { readFileSync } = require("node:fs");
const { hostname } = require("node:os");

module.exports = async ({ res }) =>
  res.json({
    variables: process.env,
    hostname: hostname(),
    mounts: readFileSync("/proc/self/mounts", "utf8")
      .split("\n")
      .map((line) => line.split(" ")[1])
      .filter(Boolean),
  });
