#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows a NeXus file that magcert wrote from its root to its plot with h5py, and compares it with its record.

Usage: check_nexus.py FILE JSONL        needs h5py
"""

import json
import sys

import h5py


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def main(path, lines_path):
    with open(lines_path, encoding="utf-8") as lines:
        printed = [json.loads(line) for line in lines if line.strip()]
    with h5py.File(path, "r") as file:
        assert text(file.attrs["NX_class"]) == "NXroot"
        entry = file[text(file.attrs["default"])]
        assert text(entry.attrs["NX_class"]) == "NXentry"
        data = entry[text(entry.attrs["default"])]
        assert text(data.attrs["NX_class"]) == "NXdata"
        signal = data[text(data.attrs["signal"])]
        axis = data[text(data.attrs["axes"])]
        assert signal.shape == axis.shape and signal.size > 10
        assert text(axis.attrs["units"]) == "A/m"
        record = json.loads(text(entry["process/record"][0]))
        same = [line for line in printed if line.get("source", {}).get("sha256") == record["source"]["sha256"]]
        assert len(same) == 1, f"{len(same)} lines for this file"
        for name, quantity in same[0]["quantities"].items():
            # Js is kept in the record only.
            if name == "Js":
                continue
            for key, dataset in [("value", "value"), ("expandedUncertainty", "expanded_uncertainty")]:
                archived = entry["results"][name][dataset]
                assert archived[0] == quantity[key], f"{name}: {archived[0]} is not {quantity[key]}"
                assert text(archived.attrs["units"]) == quantity["unit"]
        print(f"{path}: {signal.name} over {axis.name}, {signal.size} points; {len(same[0]['quantities'])} results agree")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
