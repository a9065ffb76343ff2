// Greets whom the payload names.
module.exports = async (req, res) => {
  res.json({ message: `Hello, ${req.payload || "world"}!`, variables: req.variables });
};
