// Greets whom the query names.
export default async ({ req, res, log }) => {
  const name = decodeURIComponent(req.query.name ?? "world");
  log(`Greeting ${name}.`);
  return res.json({ message: `Hello, ${name}!`, method: req.method, path: req.path });
};
