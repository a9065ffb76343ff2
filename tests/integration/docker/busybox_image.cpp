#include "busybox_image.hpp"

#include "core/random_id.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdlib>
#include <stdexcept>

namespace opr::test {

namespace {

class image {
public:
  image() : name_("opr-test/busybox-" + random_hex(8) + ":v5-1.0") {
    temp_dir root;
    auto bin = (root.path() / "bin").string();
    run_shell("mkdir -p " + bin + " && cp /bin/busybox " + bin +
              " && for name in sh cat echo head kill ls sleep tail true; do ln -s busybox " + bin +
              "/$name; done");
    run_shell("tar -C " + root.path().string() +
              " -c bin | docker import --change 'CMD [\"tail\", \"-f\", \"/dev/null\"]' - " + name_ +
              " >/dev/null");
  }
  ~image() { std::system(("docker rmi --force " + name_ + " >/dev/null").c_str()); }

  image(const image&) = delete;
  image& operator=(const image&) = delete;

  const std::string& name() const { return name_; }

private:
  std::string name_;
};

} // namespace

void run_shell(const std::string& line) {
  if (std::system(line.c_str()) != 0)
    throw std::runtime_error("this failed: " + line);
}

const std::string& busybox_image() {
  static image made;
  return made.name();
}

} // namespace opr::test
