// GET answers all 256 byte values, which aren't valid UTF-8; another method gets its body back byte for byte.
module.exports = async ({ req, res }) => {
  const bytes = req.method === "GET" ? Buffer.from(Array.from({ length: 256 }, (_, i) => i)) : req.bodyBinary;
  return res.binary(bytes, 200, { "content-type": "application/octet-stream" });
};
