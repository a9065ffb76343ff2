// Keeps its processor for ?ms=N (1000 by default) and answers nothing meanwhile, not even a time-out.
module.exports = async ({ req, res }) => {
  const ms = Number(req.query.ms ?? 1000);
  const end = Date.now() + ms;
  while (Date.now() < end);
  return res.text(`spun ${ms}`);
};
