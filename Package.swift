// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every Swift target: Swift 6 mode, explicit existentials, imports that do not leak, and no
/// warning left standing.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    // Every module of C must see the same C library: a struct that looks different in two of them does not compile,
    // and which one is asked first is a matter of luck.
    .unsafeFlags(["-Xcc", "-D_GNU_SOURCE"]),
]

/// Release binaries are fully static: the init stage re-executes this very file inside a half-made container, and a
/// static image starts in a fifth of the time of a dynamic one. Debug builds and tests stay dynamic.
let fullyStatic: [LinkerSetting] = [
    .unsafeFlags(["-static-executable"], .when(configuration: .release))
]

let package = Package(
    name: "gocker",
    products: [
        .executable(name: "gocker", targets: ["gocker"]),
        .executable(name: "gocker-compose", targets: ["gocker-compose"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: [
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CArchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CSeccomp", providers: [.apt(["libseccomp-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CLinux"),
        // libm: the rounding functions that Swift's own become in an unoptimised build.
        .target(
            name: "Linux", dependencies: ["CLinux"], swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),
        .target(name: "JSON", swiftSettings: strict),
        .target(name: "Manual", swiftSettings: strict),
        .target(name: "RootFilesystem", dependencies: ["CArchive", "JSON", "Linux"], swiftSettings: strict),
        .target(name: "Runtime", dependencies: ["CSeccomp", "JSON", "Linux"], swiftSettings: strict),
        .target(
            name: "Compose",
            dependencies: [
                "CYAML", "CZlib", "JSON", "Linux", "Runtime",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "gocker",
            dependencies: [
                "JSON", "Linux", "Manual", "RootFilesystem", "Runtime",
            ],
            swiftSettings: strict,
            linkerSettings: fullyStatic
        ),
        .executableTarget(
            name: "gocker-compose",
            dependencies: [
                "Compose", "JSON", "Linux", "Manual", "RootFilesystem", "Runtime",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict,
            linkerSettings: fullyStatic
        ),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: strict),
        .testTarget(name: "ManualTests", dependencies: ["Manual"], swiftSettings: strict),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "gocker", "gocker-compose", "Compose", "JSON", "Linux", "Manual",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .testTarget(name: "LinuxTests", dependencies: ["Linux"], swiftSettings: strict),
        .testTarget(
            name: "RootFilesystemTests",
            dependencies: ["CArchive", "CLinux", "Linux", "RootFilesystem"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RuntimeTests", dependencies: ["CSeccomp", "JSON", "Linux", "Runtime"], swiftSettings: strict),
        .testTarget(
            name: "ComposeTests",
            dependencies: [
                "Compose", "JSON", "Linux", "Runtime",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests", dependencies: ["gocker", "gocker-compose", "JSON", "Linux"], swiftSettings: strict),
        .testTarget(name: "OCITests", dependencies: ["gocker", "JSON", "Linux"], swiftSettings: strict),
    ]
)

// The fuzz target needs the sanitizer's runtime in place of a main function: it is there when it is asked for.
if Context.environment["GOCKER_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz-loader", dependencies: ["Compose"], path: "fuzz", exclude: ["run"], swiftSettings: strict,
            linkerSettings: [.linkedLibrary("stdc++")]))
}
