# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: check-faults.py interrupt|compile|shrink FOLDER COMMAND...

Does to a running command what a terminal or another process does, and checks how
it ends.
  interrupt  SIGINT and SIGTERM once it has printed something: it ends within a
             second, by that signal
  compile    SIGTERM at several times: it ends within a second, and FOLDER holds
             what it held before, or the finished output
  shrink     cuts FOLDER/model.safetensors short once the command waits for input,
             then gives it some: it ends with status 1 and a message
"""

import os
import signal
import subprocess
import sys
import time


def end(process, wanted):
    """Sends `wanted` and gives the seconds until the process has ended."""
    begin = time.monotonic()
    process.send_signal(wanted)
    process.wait(timeout=20)
    return time.monotonic() - begin


def interrupt(_, command):
    for wanted in (signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout.read(1), "expects some output"
        seconds = end(process, wanted)
        assert process.returncode == -wanted, process.returncode
        assert seconds < 1, f"{seconds} s"


def compile(folder, command):
    before = sorted(os.listdir(folder))
    for delay in (0.05, 0.5, 1.0, 1.4, 1.7):
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        time.sleep(delay)
        seconds = end(process, signal.SIGTERM)
        assert process.returncode in (0, -signal.SIGTERM), process.returncode
        assert seconds < 1, f"{seconds} s"
        after = sorted(os.listdir(folder))
        left = [name for name in after if name not in before]
        assert all(name.endswith(".ingot") for name in left), left


def shrink(folder, command):
    process = subprocess.Popen(command, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)
    # The command maps its files, then waits for input.
    deadline = time.monotonic() + 20
    weights = os.path.join(folder, "model.safetensors")
    while weights not in open(f"/proc/{process.pid}/maps").read():
        assert time.monotonic() < deadline, "expects the weights to be mapped"
        time.sleep(0.01)
    time.sleep(0.5)
    os.truncate(weights, 4096)
    _, errors = process.communicate("And God said\n", timeout=20)
    sys.stdout.write(errors)
    assert process.returncode == 1, process.returncode


if __name__ == "__main__":
    globals()[sys.argv[1]](sys.argv[2], sys.argv[3:])
