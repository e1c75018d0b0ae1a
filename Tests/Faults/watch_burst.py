#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon `magcert watch` certifies files that come in a burst, and whether it loses one.

watch_burst.py MAGCERT FOLDER [FILES] [OPTION...]

MAGCERT is the program, FOLDER a new one to work in, FILES how many come at once (1000); what follows goes to
`magcert watch`. Every other file is written under another name and renamed, the others are written and closed, all as
fast as this program can; in the middle comes one more, as from another instrument. The time of a file is from its
completion to its line of JSON. None may be missing, and the archive has to be sound.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time


def main():
    program, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
    more = sys.argv[4:]
    os.makedirs(folder)
    os.chdir(folder)
    subprocess.run(
        [program, "simulate", "lot", "--name", "L", "--pieces", "50", "--seed", "3", "--instrument", "table",
         "--output", "made"], check=True, stdout=subprocess.DEVNULL)
    made = [open(os.path.join("made", name), "rb").read() for name in sorted(os.listdir("made"))]
    os.mkdir("in")
    watch = subprocess.Popen(
        [program, "watch", "in", "--lot", "L", "--grade", "N42SH", "--archive", "L.h5", "--pieces", str(count + 1),
         "--json", *more], stdout=subprocess.PIPE, stderr=open("errors.txt", "w"))
    # What is there before the watch has looked counts as found, not as noticed.
    while not os.path.exists("L.h5.status.json"):
        assert watch.poll() is None, open("errors.txt").read()
        time.sleep(0.01)
    time.sleep(0.5)

    certified = {}

    def read():
        for line in watch.stdout:
            now = time.monotonic()
            result = json.loads(line)
            if "source" in result:
                certified[os.path.basename(result["source"]["path"])] = now

    reader = threading.Thread(target=read)
    reader.start()
    completed = {}

    def write(name, number, renames):
        target = os.path.join("in", name)
        # One measurement counts as one piece, so that each has to be another one.
        with open(target + ".tmp" if renames else target, "wb") as file:
            file.write(b"# remark: %d\n" % number + made[number % len(made)])
        if renames:
            os.rename(target + ".tmp", target)
        completed[name] = time.monotonic()

    begun = time.monotonic()
    for number in range(count):
        write(f"p-{number}.txt", number, number % 2 == 1)
        if number == count // 2:
            write("single.txt", count, False)
    written = time.monotonic() - begun
    watch.wait()
    reader.join()

    missing = sorted(set(completed) - set(certified))
    assert not missing, f"{len(missing)} files are missing, such as {missing[0]}"
    assert watch.returncode in (0, 1), open("errors.txt").read()
    done = subprocess.run([program, "archive", "verify", "L.h5"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    times = [certified[name] - completed[name] for name in completed]
    whole = max(certified.values()) - begun
    print(f"{count + 1} files written in {written:.2f} s and certified in {whole:.2f} s, {(count + 1) / whole:.0f} a second")
    print(f"from completion to certification: median {statistics.median(times):.3f} s, largest {max(times):.3f} s, "
          f"the single one {certified['single.txt'] - completed['single.txt']:.3f} s")


main()
