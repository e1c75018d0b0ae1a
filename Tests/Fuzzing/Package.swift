// swift-tools-version: 6.2
// SPDX-License-Identifier: GPL-3.0-or-later
import PackageDescription

// A package of its own, because libFuzzer brings instrumentation that no other build may have. The parsers are the
// folders of magcert itself; Crypto is not instrumented.
let instrumented: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-sanitize=fuzzer"]),
]

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: instrumented)
}

let package = Package(
  name: "Fuzzing",
  targets: [
    .target(name: "Crypto"),
    module("Quantities", []),
    module("Measurements", ["Crypto", "Quantities"]),
    module("Instruments", ["Measurements", "Quantities"]),
    .executableTarget(
      name: "Fuzzing", dependencies: ["Instruments", "Measurements", "Quantities"],
      swiftSettings: instrumented, linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
  ]
)
