"""swift_s3.py FOLDER: OpenStack Swift behind its S3 front, which checks signatures, on a free port of 127.0.0.1, with the
buckets `bucket` and `dotted.bucket`. All four servers of it in one process, with one disk, which is FOLDER. The access
key is test:tester, the secret testing."""
import eventlet

eventlet.patcher.monkey_patch(all=True)

import array
import os
import sys

from swift.common import swob, utils, wsgi
from swift.common.ring import RingData

folder = os.path.abspath(sys.argv[1])

COMMON = """
[DEFAULT]
swift_dir = {folder}
devices = {folder}
mount_check = false
log_level = ERROR
[app:main]
use = egg:swift#{name}
"""
FRONT = """
[DEFAULT]
swift_dir = {folder}
log_level = ERROR
[pipeline:main]
pipeline = s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:slo]
use = egg:swift#slo
"""


class Cache:
    """What memcached would keep, which the front asks for."""

    def __init__(self):
        self.kept = {}

    def get(self, key, **_):
        return self.kept.get(key)

    def set(self, key, value, **_):
        self.kept[key] = value

    def delete(self, key, **_):
        self.kept.pop(key, None)


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as out:
        out.write(text)
    return path


def load(name, template):
    inner = wsgi.loadapp(write(name + ".conf", template.format(folder=folder, name=name)), global_conf={})
    cache = Cache()
    return lambda env, start: inner({**env, "swift.cache": cache}, start)


def serve(app):
    """Returns the port."""
    socket = eventlet.listen(("127.0.0.1", 0))
    eventlet.spawn(eventlet.wsgi.server, socket, app, log_output=False)
    return socket.getsockname()[1]


os.makedirs(os.path.join(folder, "disk"))
utils.SWIFT_CONF_FILE = write(
    "swift.conf", "[swift-hash]\nswift_hash_path_suffix = test\n[storage-policy:0]\nname = only\ndefault = yes\n"
)
utils.validate_hash_conf()
for name in ("account", "container", "object"):
    where = {"ip": "127.0.0.1", "port": serve(load(name, COMMON))}
    disk = {"id": 0, "zone": 1, "region": 1, "device": "disk", "weight": 1, **where}
    disk.update({"replication_" + key: value for key, value in where.items()})
    RingData([array.array("H", [0] * 4)], [disk], 30).save(os.path.join(folder, name + ".ring.gz"))
front = load("proxy", FRONT)
for bucket in ("bucket", "dotted.bucket"):
    request = swob.Request.blank("/v1/AUTH_test/" + bucket, {"REQUEST_METHOD": "PUT", "swift.authorize_override": True})
    assert request.get_response(front).is_success
print(f"listens on {serve(front)}.", file=sys.stderr, flush=True)
eventlet.event.Event().wait()
