#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets the clock of `magcert batch` back, between runs into one library and in the middle of them.

clock.py MAGCERT FOLDER

MAGCERT is the program, FOLDER a new one to work in. The clock is that of the process: a few lines of C, compiled here
and loaded before its libraries, answer for the system. Every archive has to hold what a run with the right clock holds,
and the library has to verify in the order in which the archives were finished, whatever their times say.
"""

import json
import os
import shutil
import subprocess
import sys

import h5py

from lot_runs import Lot

SOURCE = """
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Seconds to add: SHIFT, and STEP less with every question. */
static long shift(void) {
  static long asked;
  const char *shift = getenv("SHIFT"), *step = getenv("STEP");
  return (shift ? atol(shift) : 0) - (step ? atol(step) : 0) * __sync_fetch_and_add(&asked, 1);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  long result = syscall(SYS_clock_gettime, clock, now);
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += shift();
  return result;
}

time_t time(time_t *answer) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (answer) *answer = now.tv_sec;
  return now.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec precise;
  clock_gettime(CLOCK_REALTIME, &precise);
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}
"""

YEAR = 31_557_600


def main():
    compiler = shutil.which("cc") or shutil.which("clang")
    if sys.platform != "linux" or compiler is None:
        print("passed over: the clock that goes back, because there is no C compiler for Linux here")
        return
    lot = Lot(sys.argv[1], sys.argv[2], pieces=60)
    with open("clock.c", "w") as file:
        file.write(SOURCE)
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", "clock.so", "clock.c"], check=True)

    def start(years, step, *more):
        environment = dict(
            os.environ, LD_PRELOAD=os.path.abspath("clock.so"), SHIFT=str(years * YEAR), STEP=str(step))
        return lot.start("library", *more, place="--library", env=environment)

    order = []
    for years, step in [(5, 0), (0, 0), (-20, 0), (-3, 3600), (1, 86_400)]:
        # The second run is killed when it has begun to write, and resumed ten years earlier.
        if len(order) == 1:
            run = start(years, step)
            while not any(name.endswith(".partial") for name in os.listdir("library")) and run.poll() is None:
                pass
            run.kill()
            run.wait()
            run = start(years - 10, step, "--resume")
        else:
            run = start(years, step)
        assert run.wait() == 0, lot.complaint()
        assert lot.last_line() == lot.line
        made = {name for name in os.listdir("library") if name.endswith(".h5")} - set(order)
        assert len(made) == 1, made
        order += made
        assert lot.archived(f"library/{order[-1]}") == lot.content
    times = []
    for name in order:
        with h5py.File(f"library/{name}", "r") as archive:
            times.append(archive.attrs["file_time"])
    assert times != sorted(times) and order != sorted(order), (times, order)
    with open("library/library.jsonl") as index:
        assert [json.loads(line)["archive"] for line in index] == order
    text = lot.verify("library")
    assert f"5 archives in the order in which they were finished, the last one {order[-1]}" in text, text
    print("held out: a library of archives of", ", ".join(times))


main()
