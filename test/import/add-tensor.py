# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: add-tensor.py CHECKPOINT NAME OUT

Copies a checkpoint of one file and adds a tensor of 32 bf16 zeros, in a second file
with an index.
"""

import json
import os
import shutil
import struct
import sys

checkpoint, name, out = sys.argv[1:]
os.makedirs(out)
for file in ("config.json", "tokenizer.json", "tokenizer_config.json",
             "generation_config.json"):
    shutil.copy(os.path.join(checkpoint, file), out)
shutil.copy(os.path.join(checkpoint, "model.safetensors"),
            os.path.join(out, "a.safetensors"))
with open(os.path.join(out, "a.safetensors"), "rb") as file:
    size, = struct.unpack("<Q", file.read(8))
    names = [n for n in json.loads(file.read(size)) if n != "__metadata__"]
header = json.dumps({name: {"dtype": "BF16", "shape": [32],
                            "data_offsets": [0, 64]}}).encode()
with open(os.path.join(out, "b.safetensors"), "wb") as file:
    file.write(struct.pack("<Q", len(header)) + header + bytes(64))
files = {**{n: "a.safetensors" for n in names}, name: "b.safetensors"}
with open(os.path.join(out, "model.safetensors.index.json"), "w") as file:
    json.dump({"metadata": {}, "weight_map": files}, file)
