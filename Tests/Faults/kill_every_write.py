#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills `magcert batch` at every change of its archive, one run after the other, and looks at what is left.

kill_every_write.py MAGCERT FOLDER [KILLS]

MAGCERT is the program, FOLDER a new one to work in, KILLS about how many runs are killed, evenly over all changes; by
default two at each: one before it, and one after half of its pages. What is left has to open in h5py with every digest right and no row lost that was
there after the change before, and --resume has to complete it to the rows and the lot of a run that nobody disturbed.
`kill_at.c`, which ends the runs, is compiled with cc.
"""

import os
import subprocess
import sys

from lot_runs import Lot


def main():
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kill_at.c")
    lot = Lot(sys.argv[1], sys.argv[2], pieces=6)
    subprocess.run(["cc", "-O", "-shared", "-fPIC", "-o", "kill_at.so", source, "-ldl"], check=True)

    def run(archive, **settings):
        environment = dict(os.environ, LD_PRELOAD=os.path.abspath("kill_at.so"), **settings)
        run = lot.start(archive, "--workers", "1", env=environment)
        run.wait()
        return run.returncode

    assert run("counted.h5", KILL_COUNT="count.txt") == 0, lot.complaint()
    with open("count.txt") as file:
        changes = int(file.read())
    step = max(1, 2 * changes // int(sys.argv[3])) if len(sys.argv) > 3 else 1
    numbers = range(1, changes + 1, step)
    failures, most = [], 0
    for number in numbers:
        for torn in {}, {"KILL_TORN": "1"}:
            code = run("a.h5", KILL_AT=str(number), **torn)
            assert code == -9, code
            name = f"change {number} of {changes}{', torn' if torn else ''}"
            try:
                rows = lot.whole_rows("a.h5") if os.path.exists("a.h5.partial") else 0
                assert rows >= most, f"{most} rows were there before, and {rows} are left"
                most = rows if os.path.exists("a.h5.partial") else most
                lot.resume("a.h5")
            except (AssertionError, OSError, subprocess.SubprocessError) as fault:
                failures.append(name)
                print(f"{name}: {fault}"[:300], flush=True)
                if os.path.exists("a.h5.partial"):
                    os.rename("a.h5.partial", f"left-{number}{'-torn' if torn else ''}.h5")
                if os.path.exists("a.h5"):
                    os.remove("a.h5")
            for left in os.listdir("."):
                if left.startswith("a.h5.partial."):
                    os.remove(left)
    print(f"{2 * len(numbers)} kills at the {changes} changes of an archive of 6 rows, "
          f"{len(failures)} of which left one that was not whole")
    sys.exit(1 if failures else 0)


main()
