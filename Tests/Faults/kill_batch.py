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
import sys
import time

from lot_runs import Lot


def main():
    lot = Lot(sys.argv[1], sys.argv[2])
    kills = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    chance = random.Random(1)
    found = collections.Counter()
    done = 0
    while done < kills:
        # As often as not a run that resumes is killed as well.
        while done < kills:
            run = lot.start("a.h5", "--resume")
            time.sleep(chance.uniform(0, 1.1 * lot.duration))
            run.kill()
            run.wait()
            if run.returncode != -9:
                break
            done += 1
            if done % 20 == 0:
                print(f"{done} of {kills} kills", flush=True)
            if os.path.exists("a.h5.partial"):
                found["rows" if lot.rows_left("a.h5") else "no row yet"] += 1
            elif os.path.exists("a.h5"):
                found["complete"] += 1
            else:
                found["no archive yet"] += 1
            if chance.random() < 0.5:
                break
        if os.path.exists("a.h5"):
            lot.assert_complete("a.h5")
            os.remove("a.h5")
        else:
            lot.resume("a.h5")
    print(f"{done} kills, an undisturbed run takes {lot.duration:.1f} s: {dict(found)}; "
          "every archive could be completed")


main()
