# What Debian's own cloud-init reads of a seed folder and a kernel line, as JSON: python3 nocloud.py FOLDER KERNEL-LINE
import json
import sys

from cloudinit import helpers
from cloudinit.net import cmdline
from cloudinit.sources import DataSourceNoCloud

folder, kernel_line = sys.argv[1:3]
paths = helpers.Paths({"cloud_dir": folder, "run_dir": folder})
read = {"kernel line": cmdline.read_kernel_cmdline_config(kernel_line)}
for stage, source in (("local", DataSourceNoCloud.DataSourceNoCloud), ("net", DataSourceNoCloud.DataSourceNoCloudNet)):
    found = source({"datasource": {"NoCloud": {"fs_label": None}}}, None, paths)
    read[stage] = found.get_data() and {
        "user-data": found.userdata_raw if isinstance(found.userdata_raw, str) else found.userdata_raw.decode(),
        "instance-id": found.get_instance_id(),
        "host name": found.metadata.get("local-hostname"),
        "network": found.network_config,
    }
print(json.dumps(read))
