// Takes memory until the kernel ends it; /healthy answers.
module.exports = async ({ req, res }) => {
  if (req.path === "/healthy") {
    return res.text("healthy");
  }
  // Buffers lie outside of the heap that Node itself limits; only touched pages count.
  const taken = [];
  for (;;) {
    taken.push(Buffer.alloc(16 * 1024 * 1024, 1));
  }
};
