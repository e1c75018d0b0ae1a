#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a certificate with other people's programs: its schema, its content hash, its signature and its XML.

Usage: check_certificate.py SCHEMA CERTIFICATE PUBLIC_KEY        needs jsonschema; openssl on the PATH
"""

import base64
import copy
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import jsonschema


def broken(certificate):
    """Certificates that must not validate, each with what was done to it."""

    def changed(what, change):
        other = copy.deepcopy(certificate)
        change(other)
        return what, other

    sample = certificate["content"]["samples"][0]["quantities"]
    return [
        changed("an unknown member", lambda c: c["content"].update(extra=1)),
        changed("no issue date", lambda c: c["content"].pop("issued")),
        changed("a number as text", lambda c: c["content"]["samples"][0]["quantities"]["HcJ"].update(value="1")),
        changed("another unit", lambda c: c["content"]["samples"][0]["quantities"]["HcJ"].update(unit="T")),
        changed("no unit", lambda c: c["content"]["samples"][0]["quantities"]["HcJ"].pop("unit")),
        changed("a short hash", lambda c: c.update(contentSHA256="ab")),
        changed("another schema", lambda c: c.update(schema="magcert.certificate/2")),
        changed("an unknown quantity", lambda c: c["content"]["samples"][0]["quantities"].update(Hx=sample["Br"])),
        changed("an unknown verdict", lambda c: c["content"]["samples"][0]["verdict"].update(result="good")),
        changed("an unsigned signature", lambda c: c["signature"].pop("value")),
        changed("no representative", lambda c: c["content"]["delivery"].pop("inspectionRepresentative")),
    ]


def main():
    schema = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    path = pathlib.Path(sys.argv[2])
    text = path.read_text(encoding="utf-8")
    certificate = json.loads(text)

    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    faults = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(certificate)]
    assert not faults, "\n".join(faults)
    for what, other in broken(certificate):
        assert not validator.is_valid(other), f"a certificate with {what} validates"

    # In canonical JSON the content is a stretch of the file.
    start, end = len('{"content":'), text.rindex(',"contentSHA256":"')
    assert text.startswith('{"content":') and text.endswith("}\n")
    digest = hashlib.sha256(text[start:end].encode()).hexdigest()
    assert digest == certificate["contentSHA256"], "the content hash is another"

    signature = certificate["signature"]["value"]
    message = text[:-1].replace(f',"value":"{signature}"', "")
    with tempfile.TemporaryDirectory() as folder:
        signed, value = pathlib.Path(folder, "message"), pathlib.Path(folder, "signature")
        signed.write_bytes(message.encode())
        value.write_bytes(base64.b64decode(signature))
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", sys.argv[3], "-rawin"]
        subprocess.run([*command, "-in", signed, "-sigfile", value], check=True, stdout=subprocess.DEVNULL)

    for document in certificate["documents"]:
        content = path.with_name(document["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == document["sha256"], document["name"]
    root = xml.etree.ElementTree.parse(path.with_suffix(".xml")).getroot()
    assert root.tag == "{https://ptb.de/dcc}digitalCalibrationCertificate", root.tag
    real = "{https://ptb.de/si}real"
    values = {float(element.findtext("{https://ptb.de/si}value")) for element in root.iter(real)}
    for sample in certificate["content"]["samples"]:
        for name in ("Br", "HcB", "HcJ", "BHmax"):
            assert sample["quantities"][name]["value"] in values, f"{name} is not in the XML"
    print(f"{path.name}: schema, {len(broken(certificate))} broken ones, hash, signature, documents and XML hold")


main()
