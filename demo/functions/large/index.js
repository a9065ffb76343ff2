// GET answers ?size=N characters (20 MiB by default); another method gets its body back.
module.exports = async ({ req, res }) => {
  if (req.method !== "GET") {
    return res.binary(req.bodyBinary, 200, { "content-type": "text/plain" });
  }
  return res.text("0123456789abcdef".repeat(Math.ceil(Number(req.query.size ?? 20 * 1024 * 1024) / 16)));
};
