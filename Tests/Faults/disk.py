#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the disk away from `magcert batch` while it writes: full, read-only, moved, removed, unmounted.

disk.py MAGCERT FOLDER

MAGCERT is the program, FOLDER a new one to work in. Every run has to end with code 2 and one sentence, what it leaves
has to open in h5py with every digest right, and --resume has to complete it to the rows and the lot of a
run that nobody disturbed. Disks are mounted in a name space of their own, which is gone with the process; where that is
not permitted, a sentence says what was passed over.
"""

import os
import resource
import shutil
import subprocess
import sys

from lot_runs import Lot


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def full_disk(lot):
    os.mkdir("small")
    left = []
    for byte_count in [lot.byte_count * share // 100 for share in (5, 40, 70, 95)]:
        mount("-t", "tmpfs", "-o", f"size={byte_count}", "none", "small")
        lot.assert_refused(lot.start("small/a.h5"), "No space left on device")
        left.append(lot.rows_left("small/a.h5") if os.path.exists("small/a.h5.partial") else 0)
        assert os.listdir("small") == (["a.h5.partial"] if os.path.exists("small/a.h5.partial") else [])
        mount("-o", f"remount,size={10 * lot.byte_count}", "small")
        lot.resume("small/a.h5")
        subprocess.run(["umount", "small"], check=True)
    assert any(left), "no run left a row"

    # The results go to the full disk, the archive does not.
    mount("-t", "tmpfs", "-o", "size=64k", "none", "small")
    lot.assert_refused(lot.start("b.h5", output="small/output.jsonl"), "No space left on device")
    subprocess.run(["umount", "small"], check=True)
    lot.resume("b.h5")
    return f"a full disk, with {left} rows left of a run of 500"


def read_only_folder(lot):
    os.mkdir("fixed")
    mount("-t", "tmpfs", "none", "fixed")
    os.mkdir("fixed/library")
    mount("-o", "remount,ro", "fixed")
    for place, archive in [("--archive", "fixed/a.h5"), ("--library", "fixed/library"), ("--library", "fixed/new")]:
        for more in [], ["--resume"]:
            lot.assert_refused(lot.start(archive, *more, place=place), "fixed")
    assert os.listdir("fixed") == ["library"] and not os.listdir("fixed/library")
    subprocess.run(["umount", "fixed"], check=True)
    return "a read-only folder"


def unmounted_disk(lot):
    os.mkdir("disk")
    os.mkdir("place")
    mount("--bind", "disk", "place")
    run = lot.start_held("place/a.h5")
    subprocess.run(["umount", "--lazy", "place"], check=True)
    run.stdout.read()
    lot.assert_refused(run, "is not there any more")
    assert not os.listdir("place")
    left = lot.rows_left("disk/a.h5")
    assert left
    mount("--bind", "disk", "place")
    lot.resume("place/a.h5")
    subprocess.run(["umount", "place"], check=True)
    return f"a disk that is unmounted, with {left} rows left"


def moved_folder(lot):
    os.mkdir("out")
    run = lot.start_held("out/a.h5")
    os.rename("out", "moved")
    run.stdout.read()
    lot.assert_refused(run, "is not there any more")
    left = lot.rows_left("moved/a.h5")
    assert left and not os.path.exists("out")
    os.rename("moved", "out")
    lot.resume("out/a.h5")
    os.rmdir("out")
    return f"a folder that is moved, with {left} rows left"


def removed(lot):
    left = []
    for remove in (lambda: os.remove("gone/a.h5.partial")), (lambda: shutil.rmtree("gone")):
        os.makedirs("gone", exist_ok=True)
        run = lot.start_held("gone/a.h5")
        remove()
        run.stdout.read()
        lot.assert_refused(run, "was removed while it was written and is put back")
        left.append(lot.rows_left("gone/a.h5"))
        lot.resume("gone/a.h5")
    assert all(left)
    return f"an archive that is removed, alone and with its folder, with {left} rows put back"


def largest_file(lot):
    left = []
    for byte_count in [lot.byte_count * share // 100 for share in (5, 60, 95)]:
        limits = (byte_count, resource.RLIM_INFINITY)
        run = lot.start("c.h5", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits))
        lot.assert_refused(run, "File too large")
        left.append(lot.rows_left("c.h5") if os.path.exists("c.h5.partial") else 0)
        lot.resume("c.h5")
    assert any(left), "no run left a row"
    return f"a file that may not grow, with {left} rows left"


def may_mount(options):
    """Whether a disk can be mounted in a name space of its own."""
    command = ["unshare", "--mount", *options, "mount", "-t", "tmpfs", "none", "/tmp"]
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        return False


def main():
    mounts = "--mounts" in sys.argv
    if not mounts:
        for options in [], ["--map-root-user"]:
            if may_mount(options):
                os.execvp("unshare", ["unshare", "--mount", *options, sys.executable, *sys.argv, "--mounts"])
    lot = Lot(sys.argv[1], sys.argv[2])
    for fault in moved_folder, removed, largest_file:
        print("held out:", fault(lot))
    for fault in full_disk, read_only_folder, unmounted_disk:
        if mounts:
            print("held out:", fault(lot))
        else:
            print(f"passed over: {fault.__name__}, because mounting is not permitted here")


main()
