import OrderedCollections
import Testing

@testable import Compose

/// What a stack file says about volumes.
struct VolumeModelTests {
    private func service(_ volumes: String, _ top: String = "{}") throws -> Service {
        let text = "name: shop\nservices: {web: {rootfs: rootfs, command: sleep 1, \(volumes)}}\nvolumes: \(top)"
        return try #require(load(text).stack?.services.values.first)
    }

    private func problems(_ volumes: String, _ top: String = "{}") -> [String] {
        summaries("services:\n  web:\n    rootfs: rootfs\n    command: sleep 1\n    \(volumes)\nvolumes: \(top)")
    }

    @Test func areNamedAfterTheProjectUnlessTheyHaveANameOfTheirOwn() throws {
        let volumes = try service(
            "volumes: [\"data:/data:ro\", \"other:/other\", \"theirs:/theirs\", /own]",
            "{data: {labels: {a: b}}, other: {name: mine}, theirs: {external: true}}"
        ).volumes
        let named = volumes.compactMap { mount -> Volume? in
            if case .named(let volume) = mount.source { volume } else { nil }
        }
        #expect(named.map(\.name) == ["shop_data", "mine", "theirs"])
        #expect(named.map(\.isExternal) == [false, false, true])
        #expect(named.first?.labels.map { "\($0.name)=\($0.value)" } == ["a=b"])
        #expect(volumes.map(\.isReadOnly) == [true, false, false, false])
        #expect(volumes.last?.source == .anonymous(owner: nil))
        #expect(volumes.allSatisfy { $0.copiesContent && $0.subpath == nil })
    }

    @Test func optionsOfTheDriverMakeThemOtherThings() throws {
        func content(_ options: String) throws -> Volume.Content? {
            let mount = try service("volumes: [\"vol:/v\"]", "{vol: {driver: local, driver_opts: \(options)}}").volumes
                .first
            guard case .named(let volume)? = mount?.source else { return nil }
            return volume.content
        }
        #expect(try content("{type: none, o: bind, device: ./here}") == .bind("/stacks/here"))
        #expect(
            try content("{type: tmpfs, device: tmpfs, o: \"size=1m,uid=5\"}")
                == .memory(options: "size=1m,uid=5", isShared: false))
        #expect(
            try content("{type: nfs, device: \":/export\", o: \"addr=10.0.0.1,ro\"}")
                == .fileSystem(type: "nfs", device: ":/export", options: "addr=10.0.0.1,ro"))
        #expect(try content("{}") == .directory)
    }

    @Test func whatOthersHaveIsSeenToo() throws {
        let text = """
            services:
              a: {rootfs: rootfs, command: sleep 1, volumes: [/own, ./x:/x, "vol:/v"]}
              b: {rootfs: rootfs, command: sleep 1, volumes_from: ["a:ro"], volumes: [./y:/x]}
            volumes: {vol: {}}
            """
        let service = try #require(load(text).stack?.services.values.last)
        #expect(service.mounts.map(\.source) == ["/stacks/y"])
        #expect(service.volumes.map(\.target) == ["/own", "/v"] && service.volumes.allSatisfy(\.isReadOnly))
        #expect(service.volumes.first?.source == .anonymous(owner: ServiceName("a")))
        #expect(service.dependencies.map(\.service.text) == ["a"])
    }

    @Test func anotherVolumeMakesAnotherService() throws {
        func fingerprint(_ top: String) throws -> Fingerprint { try service("volumes: [\"vol:/v\"]", top).fingerprint }
        #expect(try fingerprint("{vol: {}}") == fingerprint("{vol: {labels: {a: b}}}"))
        #expect(try fingerprint("{vol: {}}") != fingerprint("{vol: {name: other}}"))
        #expect(
            try fingerprint("{vol: {driver_opts: {o: bind, device: /a}}}")
                != fingerprint("{vol: {driver_opts: {o: bind, device: /b}}}"))
    }

    @Test(
        arguments: [
            (
                "volumes: [\"vol:/v\"]", "{vol: {driver: nfs}}",
                "6:25: there is no driver \"nfs\" for volumes: leave it out, or write local"
            ),
            (
                "volumes: [\"vol:/v\"]", "{vol: {driver_opts: {size: 1g}}}",
                "6:31: the local driver has no option \"size\": known are type, device and o"
            ),
            (
                "volumes: [\"vol:/v\"]", "{vol: {name: ../x}}",
                "6:23: \"../x\" cannot be the name of a volume: use letters, digits, \".\", \"_\" and \"-\""
            ),
            (
                "volumes: [\"v:/data\"]", "{v: {}}",
                "5:15: a mount needs an absolute path as its target, found \"v:/data\": one letter before a colon is a "
                    + "drive of Windows; write a longer name"
            ),
            (
                "volumes_from: [\"container:x\"]", "{}",
                "5:20: \"container:x\": only services of this stack have volumes to share"
            ),
            (
                "volumes: [{type: volume, source: vol, target: /v, volume: {subpath: ../x}}]", "{vol: {}}",
                "5:73: expected a path within the volume for \"subpath\" in service \"web\", found \"../x\""
            ),
        ]
    )
    func whatCannotBeIsToldWithItsPlace(volumes: String, top: String, message: String) {
        #expect(problems(volumes, top) == ["stack.yaml:\(message)"])
    }
}
