# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of `magcert batch` over one simulated lot, and what has to hold after each of them."""

import fcntl
import os
import subprocess
import time

import h5py


class Lot:
    """The files of a lot in `in`, and what a run that nobody disturbs makes of them.

    The work is done in a new folder, which becomes the current one. An archive is written 16 MB at a time, so that it
    takes some hundred pieces for one of which a part is written.
    """

    def __init__(self, program, folder, pieces=500):
        self.program = os.path.abspath(program)
        os.makedirs(folder)
        os.chdir(folder)
        self.simulate("in", seed=3, pieces=pieces)
        begun = time.monotonic()
        run = self.start("whole.h5")
        assert run.wait() == 0, self.complaint()
        self.duration = time.monotonic() - begun
        self.byte_count = os.path.getsize("whole.h5")
        self.line = self.last_line()
        self.content = self.archived("whole.h5")

    def simulate(self, folder, seed, pieces):
        subprocess.run(
            [self.program, "simulate", "lot", "--name", "L", "--pieces", str(pieces), "--seed", str(seed),
             "--instrument", "table", "--output", folder], check=True, stdout=subprocess.DEVNULL)

    def start(self, archive, *more, place="--archive", output="output.jsonl", **settings):
        # Into files: a run that nobody reads from would wait at a full pipe.
        with open(output, "w") as out, open("errors.txt", "w") as errors:
            return subprocess.Popen(
                [self.program, "batch", "in", "--lot", "L", "--grade", "N42SH", place, archive, "--json", *more],
                stdout=out, stderr=errors, **settings)

    def start_held(self, archive, *more):
        """A run that has worked on some files, and goes on when its output is read."""
        with open("errors.txt", "w") as errors:
            run = subprocess.Popen(
                [self.program, "batch", "in", "--lot", "L", "--grade", "N42SH", "--archive", archive, "--json", *more],
                stdout=subprocess.PIPE, stderr=errors)
        fcntl.fcntl(run.stdout, 1031, 4096)  # F_SETPIPE_SZ, the least that there is
        run.stdout.readline()
        return run

    def last_line(self):
        with open("output.jsonl") as output:
            return output.read().splitlines()[-1]

    def complaint(self):
        """The one sentence on standard error."""
        with open("errors.txt") as errors:
            lines = errors.read().splitlines()
        assert len(lines) == 1, lines
        return lines[0]

    def assert_refused(self, run, *words):
        """The run ended with code 2 and a sentence with these words."""
        code = run.wait()
        sentence = self.complaint()
        assert code == 2, (code, sentence)
        for word in words:
            assert word in sentence, sentence

    def archived(self, archive):
        """The records of all rows, and a digest of every table of each; their chain begins with the time of the run."""
        records = subprocess.run(
            [self.program, "archive", "list", "--json", archive], check=True, capture_output=True, text=True).stdout
        with h5py.File(archive, "r") as file:
            return records, file["/entry/integrity/table_mark"][...].tolist(), file.attrs["lot_record"]

    def verify(self, *archives):
        done = subprocess.run([self.program, "archive", "verify", *archives], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows_left(self, archive):
        """How many rows a run has left, in h5py; every digest is right."""
        with h5py.File(f"{archive}.partial", "r") as file:
            rows = len(file["/entry/integrity/row_hash"])
        self.verify(f"{archive}.partial")
        return rows

    def whole_rows(self, archive):
        """How many rows of what a run has left count; h5py opens it and every digest is right."""
        self.rows_left(archive)
        listed = subprocess.run(
            [self.program, "archive", "list", "--json", f"{archive}.partial"], check=True, capture_output=True, text=True)
        return len(listed.stdout.splitlines())

    def assert_complete(self, archive):
        """What is in an archive is what is in that of the run that nobody disturbed."""
        self.verify(archive)
        assert self.archived(archive) == self.content
        assert not os.path.exists(f"{archive}.partial")

    def resume(self, archive):
        """Completes an archive, looks at what is in it, and removes it."""
        run = self.start(archive, "--resume")
        assert run.wait() == 0, self.complaint()
        assert self.last_line() == self.line
        self.assert_complete(archive)
        os.remove(archive)
