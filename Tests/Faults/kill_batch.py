#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills `magcert batch` at random times and looks at what is left.

kill_batch.py MAGCERT FOLDER [KILLS]

MAGCERT is the program, FOLDER a new one to work in, KILLS how many runs are killed (200). After every kill the
archive that is left has to open in h5py, every digest in it has to be right, and --resume has to complete it to the
rows and the lot of a run that nobody disturbed. The seed is fixed, the moments of the system are not.
"""

import collections
import os
import random
import subprocess
import sys
import time

import h5py


def main():
    program, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    kills = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    os.makedirs(folder)
    os.chdir(folder)
    subprocess.run(
        [program, "simulate", "lot", "--name", "L", "--pieces", "150", "--seed", "3", "--instrument", "table",
         "--output", "in"], check=True, stdout=subprocess.DEVNULL)

    def start(archive, *more):
        return subprocess.Popen(
            [program, "batch", "in", "--lot", "L", "--grade", "N42SH", "--archive", archive, "--json", *more],
            # Into a file: a run that nobody reads from would wait at a full pipe and not be killed while it writes.
            stdout=open("output.jsonl", "w"), stderr=subprocess.STDOUT)

    def last_line():
        with open("output.jsonl") as output:
            return output.read().splitlines()[-1]

    def records(archive):
        return subprocess.run(
            [program, "archive", "list", "--json", archive], check=True, capture_output=True, text=True).stdout

    def verify(archive):
        done = subprocess.run([program, "archive", "verify", archive], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout

    begun = time.monotonic()
    whole = start("whole.h5")
    whole.wait()
    lot = last_line()
    duration = time.monotonic() - begun
    assert whole.returncode == 0
    expected = records("whole.h5")

    chance = random.Random(1)
    found = collections.Counter()
    done = 0
    while done < kills:
        # As often as not a run that resumes is killed as well.
        while done < kills:
            run = start("a.h5", "--resume")
            time.sleep(chance.uniform(0, 1.1 * duration))
            run.kill()
            run.wait()
            if run.returncode != -9:
                break
            done += 1
            if os.path.exists("a.h5.partial"):
                with h5py.File("a.h5.partial", "r") as archive:
                    rows = len(archive["/entry/integrity/row_hash"])
                verify("a.h5.partial")
                found["rows" if rows else "no row yet"] += 1
            elif os.path.exists("a.h5"):
                found["complete"] += 1
            else:
                found["no archive yet"] += 1
            if chance.random() < 0.5:
                break
        if not os.path.exists("a.h5"):
            last = start("a.h5", "--resume")
            assert last.wait() == 0, last_line()
            assert last_line() == lot
        verify("a.h5")
        assert records("a.h5") == expected
        os.remove("a.h5")
    print(f"{done} kills, an undisturbed run takes {duration:.1f} s: {dict(found)}; every archive could be completed")


main()
