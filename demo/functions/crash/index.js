// Ends its process in the middle of the request, with ?code=N (134 by default); /healthy answers.
module.exports = async ({ req, res }) => {
  if (req.path === "/healthy") {
    return res.text("healthy");
  }
  process.exit(Number(req.query.code ?? 134));
};
