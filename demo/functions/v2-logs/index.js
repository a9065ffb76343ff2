// Prints to both streams; the payload `throw` makes it fail, `silent` return without an answer, `text` answer a string.
module.exports = async (req, res) => {
  console.log("A log line.");
  console.error("An error line.");
  if (req.payload === "throw") {
    throw new Error("Thrown on request.");
  }
  if (req.payload === "text") {
    res.send("logged");
  } else if (req.payload !== "silent") {
    res.json({ logged: true });
  }
};
