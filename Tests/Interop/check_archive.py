#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares an archive, read by h5py alone, with the JSON Lines that magcert printed for the same files.

Usage: check_archive.py ARCHIVE JSONL        needs h5py and numpy
"""

import hashlib
import json
import math
import sys

import h5py
import numpy

QUANTITY_COLUMNS = {
    "value": "value",
    "standard_uncertainty": "standardUncertainty",
    "expanded_uncertainty": "expandedUncertainty",
    "coverage_factor": "coverageFactor",
    "degrees_of_freedom": "degreesOfFreedom",
}
LIMIT_COLUMNS = {
    "limit": "limit",
    "value": "value",
    "expanded_uncertainty": "expandedUncertainty",
    "probability_of_conformity": "probabilityOfConformity",
}


class Checks:
    """Counts what agrees and prints a sentence for what does not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def equal(self, what, archived, printed):
        if archived == printed:
            self.passed += 1
        else:
            self.failed += 1
            print(f"{what}: the archive has {archived!r} and the JSON line has {printed!r}")

    def number(self, what, archived, printed, absent=math.isnan):
        """An absent number is a fill value in the archive and a missing key in the JSON line."""
        archived = float(archived)
        self.equal(what, None if absent(archived) else archived, printed)


def texts(dataset):
    return [text.decode() for text in dataset[...]]


def main(archive_path, lines_path):
    with open(lines_path, encoding="utf-8") as lines:
        printed = [json.loads(line) for line in lines if line.strip()]
    printed = [line for line in printed if line.get("schema") == "magcert.result/1"]
    checks = Checks()
    with h5py.File(archive_path, "r") as archive:
        checks.equal("schema is known", int(archive.attrs["magcert_schema"]) in (1, 2, 3, 4, 5), True)
        checks.equal("complete", int(archive.attrs["complete"]), 1)
        entry = archive["entry"]
        sources = check_sources(checks, entry["sources"])
        rows = entry["loops/source"].shape[0]
        checks.equal("number of results", rows, len(printed))
        for row in range(min(rows, len(printed))):
            check_row(checks, entry, row, sources, printed)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed or not checks.passed else 0


def check_sources(checks, group):
    """The digests of the files, computed from the archived bytes."""
    data = numpy.asarray(group["bytes"][...], dtype=numpy.uint8).tobytes()
    offsets = group["bytes_offset"][...]
    digests = []
    for place, stored in enumerate(texts(group["sha256"])):
        content = data[offsets[place] : offsets[place + 1]]
        digests.append((hashlib.sha256(content).hexdigest(), len(content)))
        checks.equal(f"source {place}, sha256", stored, digests[-1][0])
    return digests


def without_budget(record):
    kept = dict(record)
    kept["quantities"] = {
        name: {key: value for key, value in quantity.items() if key != "budget"}
        for name, quantity in record.get("quantities", {}).items()
    }
    return kept


def check_row(checks, entry, row, sources, printed):
    digest, size = sources[int(entry["loops/source"][row])]
    # The same file may have given several lines: the one printed for this row is the one archived with it.
    record = json.loads(entry["loops/record"][row].decode())
    # The printed line carries the uncertainty budget when it was asked for; the archive has tables for it.
    same = [line for line in printed if without_budget(line) == without_budget(record)]
    checks.equal(f"row {row}, lines equal to the archived record", len(same) > 0, True)
    line = same[0] if same else printed[row]
    checks.equal(f"row {row}, source sha256", digest, line["source"]["sha256"])
    checks.equal(f"row {row}, source bytes", size, line["source"].get("bytes", size))
    checks.equal(f"row {row}, analysed", bool(entry["loops/analysed"][row]), "error" not in line)
    check_quantities(checks, entry["results"], row, line.get("quantities", {}))
    # Archives of schema 1 do not have it.
    if "estimation" in entry:
        check_estimation(checks, entry["estimation"], row, line)
    # Archives of schemas 1 and 2 have neither.
    if "waveforms" in entry:
        check_waveform(checks, entry["waveforms"], row, line)
        check_companions(checks, entry, row, sources, line)
    check_verdict(checks, entry, row, line.get("verdict"))
    if "error" not in line:
        flags = [flag["code"] for flag in line.get("flags", [])]
        checks.equal(f"row {row}, flags", ragged(entry["flags"], "code", row), flags)
    if "grades" in line:
        # A grade is a name, or an object with a name.
        names = [grade["name"] if isinstance(grade, dict) else grade for grade in line["grades"]]
        checks.equal(f"row {row}, grades", ragged(entry["grades"], "name", row), names)
    for column, key in (("id", "id"), ("lot", "lot")):
        archived = entry["samples"][column][row].decode() or None
        stated = line.get("sample", {}).get(key)
        if isinstance(stated, dict):
            stated = stated.get("value")
        if "sample" in line:
            checks.equal(f"row {row}, sample {key}", archived, stated)


def check_quantities(checks, results, row, quantities):
    # Js stands with the estimation, because no grade limits it.
    unknown = set(quantities) - set(results) - {"Js"}
    for name in results:
        group = results[name]
        what = f"row {row}, {name}"
        quantity = quantities.get(name)
        checks.equal(f"{what}, present", bool(group["present"][row]), quantity is not None)
        for column, key in QUANTITY_COLUMNS.items():
            infinite = column == "degrees_of_freedom"
            checks.number(
                f"{what}, {column}", group[column][row], (quantity or {}).get(key),
                absent=(lambda x: not math.isfinite(x)) if infinite else math.isnan)
        if quantity is not None:
            checks.equal(f"{what}, units", group["value"].attrs["units"], quantity["unit"])
            if "method" in quantity:
                checks.equal(f"{what}, method", group["method"][row].decode(), quantity["method"])
        if "alternative_value" in group:
            other = (quantity or {}).get("alternative", {})
            checks.number(f"{what}, alternative", group["alternative_value"][row], other.get("value"))
            method = group["alternative_method"][row].decode() or None
            checks.equal(f"{what}, alternative method", method, other.get("method"))
    checks.equal(f"row {row}, quantities without a column", [], sorted(unknown))


def check_estimation(checks, group, row, line):
    estimation = line.get("estimation", {})
    blank = estimation.get("blank", {})
    for column, printed in (
        ("method", estimation.get("method")),
        ("recoil_method", estimation.get("recoilMethod")),
        ("blank_name", blank.get("path")),
        ("blank_sha256", blank.get("sha256")),
    ):
        checks.equal(f"row {row}, {column}", group[column][row].decode() or None, printed)
    components = int(group["ladder_components"][row])
    what = f"row {row}, ladder components"
    checks.equal(what, None if components < 0 else components, estimation.get("ladderComponents"))
    saturation = line.get("quantities", {}).get("Js", {})
    diagnostics = line.get("diagnostics", {})
    for column, printed in (
        ("saturation_polarisation", saturation.get("value")),
        ("saturation_polarisation_uncertainty", saturation.get("standardUncertainty")),
        ("signal_to_noise", diagnostics.get("signalToNoise")),
        ("recoil_linearity", diagnostics.get("recoilLinearity")),
        ("initial_susceptibility", diagnostics.get("initialSusceptibility", {}).get("value")),
    ):
        checks.number(f"row {row}, {column}", group[column][row], printed)


def check_waveform(checks, group, row, line):
    """As many samples as channels hold, and none where the file holds a loop."""
    count = int(group["sample_count"][row])
    channels = ragged(group, "channel", row, "channel_offset")
    units = ragged(group, "units", row, "channel_offset")
    samples = ragged(group, "samples", row, "sample_offset")
    checks.equal(f"row {row}, samples", len(samples), max(count, 0) * len(channels))
    checks.equal(f"row {row}, has channels", len(channels) > 0, count >= 0)
    checks.equal(f"row {row}, samples are numbers", all(map(math.isfinite, samples)), True)
    if "error" not in line:
        printed = [(channel["name"], channel["unit"]) for channel in line["source"].get("channels", [])]
        checks.equal(f"row {row}, channels", list(zip(channels, units)), printed)


def check_companions(checks, entry, row, sources, line):
    """Every companion is a source file that is there, and the one that was printed."""
    roles = ragged(entry["companions"], "role", row)
    places = [int(place) for place in ragged(entry["companions"], "source", row)]
    inside = [place for place in places if 0 <= place < len(sources)]
    checks.equal(f"row {row}, companions that exist", len(inside), len(places))
    if "error" not in line:
        archived = [(role, sources[place][0]) for role, place in zip(roles, places) if place in inside]
        printed = [(one["role"], one["sha256"]) for one in line["source"].get("companions", [])]
        checks.equal(f"row {row}, companions", archived, printed)


def check_verdict(checks, entry, row, verdict):
    group = entry["verdicts"]
    checks.equal(f"row {row}, judged", bool(group["judged"][row]), verdict is not None)
    if verdict is None:
        return
    for key in ("grade", "table", "rule", "result"):
        checks.equal(f"row {row}, verdict {key}", group[key][row].decode(), verdict[key])
    limits = entry["limits"]
    names = ragged(limits, "quantity", row)
    printed = verdict["characteristics"]
    checks.equal(f"row {row}, limits", names, [limit["quantity"] for limit in printed])
    sides = ragged(limits, "side", row)
    results = ragged(limits, "result", row)
    columns = {column: ragged(limits, column, row) for column in LIMIT_COLUMNS}
    for place, limit in enumerate(printed[: len(names)]):
        what = f"row {row}, limit {limit['quantity']}"
        checks.equal(f"{what}, side", sides[place], limit["side"])
        checks.equal(f"{what}, result", results[place], limit["result"])
        for column, key in LIMIT_COLUMNS.items():
            checks.number(f"{what}, {column}", columns[column][place], limit.get(key))


def ragged(group, column, row, index="offset"):
    """The cells of a row of a column with an index."""
    start, end = group[index][row : row + 2]
    cells = group[column][start:end]
    return [cell.decode() if isinstance(cell, bytes) else float(cell) for cell in cells]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
