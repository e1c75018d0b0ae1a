# SPDX-License-Identifier: GPL-3.0-or-later
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:

PREFIX ?= /usr/local
DESTDIR ?=
LOT := SampleData/QuantumDesignVSM/lot
CHECK := --explicit-target-dependency-import-check error

.PHONY: demo test fuzz faults install lint bench samples dependencies

# Certifies the lot of sample files. It holds a piece that does not conform, so exit code 1 is the right one.
demo: dependencies
	@swift build -c release --product magcert
	rm -rf demo && mkdir demo
	magcert="$$(swift build -c release --show-bin-path)/magcert"
	"$$magcert" certificate laboratory >demo/laboratory.toml
	"$$magcert" key new demo/key.pem
	status=0
	"$$magcert" certify $(LOT)/*.dat --grade N42SH --lot L42 --archive demo/lot.h5 --plot demo/lot.svg \
	  --certificate demo/certificate.pdf --laboratory demo/laboratory.toml --key demo/key.pem || status=$$?
	[ $$status -le 1 ] || exit $$status
	"$$magcert" verify demo/certificate.json --public-key demo/key.pem.pub --register demo/register
	for file in demo/lot.h5 demo/certificate.pdf demo/lot.svg; do
	  [ -s $$file ] || { echo "$$file was not written" >&2; exit 1; }
	done
	echo
	echo "demo/lot.h5           the archive: raw data, results and verdicts (HDF5)"
	echo "demo/certificate.pdf  the certificate, signed in demo/certificate.json, with a DCC in demo/certificate.xml"
	echo "demo/lot.svg          the demagnetisation curves"

test: dependencies
	@swift build --build-tests $(CHECK)
	swift test --disable-xctest $(CHECK)

# How long each parser is fed with mutated files, in s; PARSER=… feeds one alone, RUNS=… stops after so many files.
PARSER ?=
SECONDS ?= 5
RUNS ?= -1

# A file that makes a parser trap, hang or take too much memory stops the run and is left in .build-fuzz/found.
fuzz:
	@swift build -c release --package-path Tests/Fuzzing --scratch-path .build-fuzz
	Tests/Fuzzing/run "$(PARSER)" "$(SECONDS)" "$(RUNS)"

# How many runs of batch are killed at random times, and at chosen writes; h5py, which opens what they leave, comes from PyPI.
KILLS ?= 200

# What can go wrong around a run: it is killed, its disk fills up or goes away, its files and the clock change.
faults: dependencies
	@swift build -c release --product magcert
	scratch="$$(mktemp -d)"
	trap 'rm -rf "$$scratch"' EXIT
	python3 -m venv "$$scratch/venv"
	"$$scratch/venv/bin/pip" install --quiet h5py
	magcert="$$(swift build -c release --show-bin-path)/magcert"
	for fault in disk changing_files clock kill_every_write kill_batch; do
	  "$$scratch/venv/bin/python" "Tests/Faults/$$fault.py" "$$magcert" "$$scratch/$$fault" $(KILLS)
	done

# The resource folders have to stay beside the binary; the command in bin is a link to it.
install: dependencies
	@swift build -c release --product magcert
	built="$$(swift build -c release --show-bin-path)"
	bin="$(DESTDIR)$(PREFIX)/bin"
	libexec="$(DESTDIR)$(PREFIX)/libexec/magcert"
	install -d "$$bin" "$$libexec"
	rm -rf "$$libexec"/*.resources
	install -m 755 "$$built/magcert" "$$libexec/magcert"
	cp -R "$$built"/*.resources "$$libexec/"
	ln -sf ../libexec/magcert/magcert "$$bin/magcert"
	units="$(DESTDIR)$(PREFIX)/lib/systemd/system"
	install -d "$$units"
	sed 's|@bin@|$(PREFIX)/bin|' 'Sources/Inspection/Inspection.docc/magcert-watch@.service' \
	  >"$$units/magcert-watch@.service"
	echo "installed $$bin/magcert"

lint:
	@swift format lint --strict --parallel --recursive Package.swift Sources Instruments Tests

# Every benchmark, then one table of what is compared with something measured in the same run. PyPI is used if it is there.
bench: dependencies
	@swift build -c release
	log="$$(mktemp)"
	trap 'rm -f "$$log"' EXIT
	for folder in Tests/Benchmarks/*/; do
	  [ -d "$$folder" ] || { echo "there is no benchmark in Tests/Benchmarks" >&2; exit 1; }
	  swift run -c release --skip-build "$$(basename "$$folder")" | tee -a "$$log"
	done
	echo
	processor="$$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)"
	echo "$$(date -u +%F), $$(uname -sm), $$(nproc) × $${processor:-unknown processor}, magcert $$(git rev-parse --short HEAD)"
	echo
	echo "| what | magcert | compared with | ratio |"
	echo "| --- | --- | --- | --- |"
	grep '^|' "$$log"

# Writes SampleData anew; a test compares its bytes with what is committed.
samples: dependencies
	@swift build -c release --product magcert
	rm -rf SampleData/QuantumDesignVSM/lot SampleData/QuantumDesignVSM/truncated.dat SampleData/Table/reference-A.txt
	PATH="$$(swift build -c release --show-bin-path):$$PATH"
	magcert simulate lot --name L42 --pieces 12 --seed 42 --defect 5=low-coercivity --defect 9=soft-phase \
	  --output SampleData/QuantumDesignVSM/lot
	magcert simulate loop --truth A --cube 3mm --maximum-field 5000kA/m --noise 0.1 --seed 8 \
	  --instrument quantum-design-vsm --stop-after 20000 --output SampleData/QuantumDesignVSM/truncated.dat
	magcert simulate loop --truth A --noise 0.1 --seed 7 --output SampleData/Table/reference-A.txt

dependencies:
	@.ci/dependencies
