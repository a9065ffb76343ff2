// Answers what it was sent, and sends one header several times; ?status=N chooses the status.
module.exports = async ({ req, res }) =>
  res.json(
    { method: req.method, path: req.path, query: req.queryString, headers: req.headers, body: req.bodyText },
    Number(req.query.status ?? 200),
    { "set-cookie": ["first=1", "second=2; Path=/"], "X-Mixed-Case": "kept" },
  );
