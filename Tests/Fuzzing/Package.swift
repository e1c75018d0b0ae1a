// swift-tools-version: 6.2
// SPDX-License-Identifier: GPL-3.0-or-later
import PackageDescription

// A package of its own, because libFuzzer brings instrumentation that no other build may have. The parsers are the
// folders of magcert itself; what comes from elsewhere is not instrumented.
let instrumented: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-sanitize=fuzzer"]),
]

func module(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil
) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: instrumented)
}

let package = Package(
  name: "Fuzzing",
  dependencies: [.package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0")],
  targets: [
    .target(name: "Crypto"),
    module("Quantities", []),
    module("Measurements", ["Crypto", "Quantities"]),
    module("TOMLText", [.product(name: "TOMLKit", package: "TOMLKit")]),
    module(
      "Instruments", ["Measurements", "Quantities", "TOMLText"], resources: [.copy("TextProfile/Profiles")]),
    .executableTarget(
      name: "Fuzzing", dependencies: ["Instruments", "Measurements", "Quantities"],
      swiftSettings: instrumented, linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
  ]
)
