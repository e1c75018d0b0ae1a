// swift-tools-version: 6.2
// SPDX-License-Identifier: GPL-3.0-or-later
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let toml = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")

/// Vector arithmetic without optimisation is a hundred times slower, and tests fit thousands of loops.
let optimised: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

func module(
  _ name: String, _ dependencies: [Target.Dependency], path: String? = nil, resources: [Resource]? = nil,
  settings: [SwiftSetting] = strict
) -> Target {
  .target(name: name, dependencies: dependencies, path: path, resources: resources, swiftSettings: settings)
}

/// In an optimised build the modules are under test, not the tests, whose optimisation takes as long as all else.
let unoptimised: [SwiftSetting] = strict + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies + ["TestSupport"], swiftSettings: unoptimised)
}

func benchmark(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: "Tests/Benchmarks/\(name)", swiftSettings: strict)
}

let package = Package(
  name: "magcert",
  products: [.executable(name: "magcert", targets: ["magcert"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
  ],
  targets: [
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CCairo", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),

    module("Fourier", ["CFFTW"]),
    module("HDF5", ["CHDF5"]),
    module("Drawing", ["CCairo"]),
    module("FolderEvents", []),
    module("TOMLText", [toml]),

    module("Quantities", [], settings: optimised),
    module("LotStatistics", ["Quantities", "TOMLText"], resources: [.copy("Plans")], settings: optimised),
    module("Measurements", ["Quantities", crypto]),
    module("Signal", ["Fourier"], settings: optimised),
    module("Analysis", ["Measurements", "Quantities", "Signal"], settings: optimised),
    module(
      "Certification", ["Analysis", "LotStatistics", "Measurements", "Quantities", "TOMLText"],
      resources: [.copy("GradeTables")]),
    module("Simulation", ["Fourier", "Measurements", "Quantities"], settings: optimised),
    module("Validation", ["Analysis", "Measurements", "Quantities", "Simulation"]),
    module(
      "Instruments", ["Measurements", "Quantities", "TOMLText"], path: "Instruments",
      resources: [.copy("TextProfile/Profiles")], settings: optimised),
    module(
      "Certificates", ["Analysis", "Certification", "Measurements", "Quantities", "TOMLText", crypto],
      resources: [.copy("Messages"), .copy("Schema")]),
    module("Archive", ["Analysis", "Certification", "HDF5", "Measurements", "Quantities"]),
    module(
      "Report",
      [
        "Analysis", "Certificates", "Certification", "Drawing", "LotStatistics", "Measurements", "Quantities",
        "Simulation", "Validation",
      ]),
    module(
      "Inspection",
      [
        "Analysis", "Archive", "Certificates", "Certification", "FolderEvents", "Instruments",
        "LotStatistics", "Measurements", "Quantities", "Report", "Simulation", "TOMLText", "Validation",
        system,
      ], resources: [.copy("Budgets"), .copy("Laboratory")]),
    .executableTarget(
      name: "magcert",
      dependencies: [
        "Analysis", "Certificates", "Certification", "Inspection", "LotStatistics", "Measurements",
        "Quantities", "Report", "Simulation", "Validation", argumentParser, system,
      ], swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["Analysis", "Measurements", "Quantities", "Simulation"],
      path: "Tests/TestSupport", swiftSettings: strict),
    tests("Quantities", ["Quantities"]),
    tests("Measurements", ["Measurements", "Quantities"]),
    tests("Fourier", ["Fourier"]),
    tests("Signal", ["Signal", "Simulation"]),
    tests("Analysis", ["Analysis", "Measurements", "Quantities", "Signal", "Simulation"]),
    tests("TOMLText", ["TOMLText"]),
    tests("LotStatistics", ["LotStatistics", "Quantities"]),
    tests(
      "Certification",
      ["Analysis", "Certification", "LotStatistics", "Measurements", "Quantities", "Simulation"]),
    tests("Certificates", ["Certificates", "Certification"]),
    tests("Simulation", ["Measurements", "Quantities", "Simulation"]),
    tests("Instruments", ["Instruments", "Measurements", "Quantities", "Simulation"]),
    tests("HDF5", ["HDF5"]),
    tests("Archive", ["Analysis", "Archive", "Certification", "HDF5", "Measurements", "Quantities"]),
    tests("Drawing", ["Drawing"]),
    tests("Validation", ["Analysis", "Measurements", "Quantities", "Simulation", "Validation"]),
    tests(
      "Report",
      [
        "Analysis", "Certificates", "Certification", "Drawing", "LotStatistics", "Measurements", "Quantities",
        "Report", "Simulation", "Validation",
      ]),
    tests(
      "Inspection",
      [
        "Analysis", "Archive", "Certification", "FolderEvents", "Inspection", "Instruments", "Measurements",
        "Quantities", "Simulation", "Validation",
      ]),
    tests("FolderEvents", ["FolderEvents"]),
    tests("EndToEnd", ["Measurements", "Simulation", "magcert"]),
    tests("Repository", []),

    benchmark("AnalysisSpeed", ["Analysis", "Measurements", "Quantities", "Simulation"]),
    .executableTarget(
      name: "ArchiveWriting",
      dependencies: [
        "Archive", "Certification", "Inspection", "Measurements", "PlainLoop", "Simulation", "TestSupport",
      ], path: "Tests/Benchmarks/ArchiveWriting", exclude: ["PlainLoop"], swiftSettings: strict),
    .executableTarget(
      name: "PlainLoop", dependencies: ["CHDF5"], path: "Tests/Benchmarks/ArchiveWriting/PlainLoop"),
    benchmark("WholeProcess", ["TestSupport"]),
    benchmark("ParsingMemory", ["Instruments", "Measurements"]),
    benchmark("ParsingSpeed", ["Instruments", "Measurements", "Quantities"]),
  ]
)
