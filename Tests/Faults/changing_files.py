#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes instrument files while `magcert` reads them.

changing_files.py MAGCERT FOLDER

MAGCERT is the program, FOLDER a new one to work in. A file that is written to all the time is refused in one sentence. While
a lot is certified its files grow, shrink and are replaced: what is archived has to be the bytes that were hashed and
analysed, so every digest has to be right, every printed one archived, and computing all rows again from the archived
bytes must change nothing.
"""

import json
import os
import random
import subprocess
import sys

import h5py

from lot_runs import Lot


def disturbed(change, run):
    """Goes on changing until the process ends."""
    changes = 0
    while run.poll() is None:
        change()
        changes += 1
    return changes


def one_large_file(lot):
    """Large, so that reading takes longer than a change."""
    with open(f"in/{min(os.listdir('in'))}", "rb") as file:
        piece = file.read()
    with open("large.txt", "wb") as file:
        file.write(piece * (50_000_000 // len(piece)))

    def grow():
        with open("large.txt", "ab") as file:
            file.write(b"1 2\n")

    def shrink():
        os.truncate("large.txt", os.path.getsize("large.txt") - 1)

    for change in grow, shrink:
        # Seldom nothing happens to the file for as long as it is read, and that is right as well.
        for attempt in range(20):
            with open("errors.txt", "w") as errors:
                run = subprocess.Popen(
                    [lot.program, "analyze", "large.txt"], stdout=subprocess.DEVNULL, stderr=errors)
            changes = disturbed(change, run)
            if "changes while it is read" in lot.complaint():
                break
        lot.assert_refused(run, "changes while it is read")
        print(f"held out: a file that changed {changes} times ({change.__name__})")


def a_lot(lot):
    names = sorted(os.listdir("in"))
    lot.simulate("others", seed=8, pieces=150)
    pieces = []
    for folder in "in", "others":
        for name in os.listdir(folder):
            with open(f"{folder}/{name}", "rb") as file:
                pieces.append(file.read())
    chance = random.Random(2)

    def change():
        path = f"in/{chance.choice(names)}"
        kind = chance.randrange(3)
        piece = chance.choice(pieces)
        if kind == 0:
            with open("new.txt", "wb") as file:
                file.write(piece)
            os.replace("new.txt", path)
        elif kind == 1:
            os.truncate(path, chance.randrange(os.path.getsize(path) + 1))
        else:
            with open(path, "ab") as file:
                file.write(piece[-chance.randrange(5000):])

    run = lot.start("a.h5")
    changes = disturbed(change, run)
    assert run.returncode in (0, 1, 2), run.returncode
    lot.verify("a.h5")
    with open("output.jsonl") as output:
        printed = [json.loads(line) for line in output]
    sources = [line["source"] for line in printed if "source" in line]
    assert len(sources) >= len(names)
    with h5py.File("a.h5", "r") as archive:
        stored = {digest.decode() for digest in archive["/entry/sources/sha256"][...]}
    for source in sources:
        assert source.get("sha256") is None or source["sha256"] in stored, source
    again = subprocess.run([lot.program, "archive", "reprocess", "a.h5"], capture_output=True, text=True)
    assert again.returncode == 0, again.stdout + again.stderr
    print(f"held out: a lot of {len(names)} files with {changes} changes while it was certified, "
          f"{sum('error' in line for line in printed)} of them without a result")


def main():
    lot = Lot(sys.argv[1], sys.argv[2], pieces=150)
    one_large_file(lot)
    a_lot(lot)


main()
