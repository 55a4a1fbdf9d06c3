import Testing

@testable import Compose

@Suite("Units of stacks")
struct StackUnitTests {
    private static let text = """
        name: shop
        services:
          db: {rootfs: /r, command: [sleep, "9"], stop_grace_period: 1m}
        """

    private func stack(in directory: String = "/srv/shop") throws -> Stack {
        var host = FakeHost()
        host.directories.insert("/r")
        host.files["\(directory)/stack.yaml"] = Self.text
        let request = LoadRequest(
            files: ["\(directory)/stack.yaml"], workingDirectory: directory, environment: [:], purpose: .run)
        return try #require(StackLoader(host: host).load(request).stack)
    }

    @Test func runTheSupervisorAndKeepItAlive() throws {
        let unit = StackUnit(
            try stack(), files: ["/srv/shop/stack.yaml"], program: "/usr/bin/gocker-compose", environment: [])
        #expect(unit.name == "gocker-shop.service")
        let file = UnitFile(unit.text)
        let options = ["--project-name", "shop", "--project-directory", "/srv/shop", "--file", "/srv/shop/stack.yaml"]
        #expect(
            file.values("Service", "ExecStart").map(UnitFile.command)
                == [["/usr/bin/gocker-compose"] + options + ["supervise"]])
        #expect(
            file.values("Service", "ExecReload").map(UnitFile.command)
                == [["/usr/bin/gocker-compose"] + options + ["up", "-d"]])
        // A supervisor that dies is started again, and its services are left alone meanwhile, with what is known of them.
        for (key, value) in [
            ("Type", "notify"), ("NotifyAccess", "main"), ("Restart", "on-failure"), ("KillMode", "process"),
            ("FileDescriptorStoreMax", "4096"), ("WatchdogSec", "60"), ("TimeoutStartSec", "infinity"),
            ("Delegate", "yes"),
        ] {
            #expect(file.values("Service", key) == [value], "\(key)")
        }
        #expect(file.values("Install", "WantedBy") == ["multi-user.target"])
        #expect(file.values("Unit", "Description") == ["Stack shop (/srv/shop)"])
        #expect(Set(file.keys.keys) == ["Unit", "Service", "Install"])
    }

    static let odd = [
        "/srv/a b", "/srv/100%", "/srv/$HOME", "/srv/%n $x \"q\" \\", "/srv/'single'", "/srv/a;b#c", "/srv/ümläut",
        "/srv/a\tb",
        "/srv/a\nExecStart=/bin/false",
    ]

    @Test(arguments: odd) func nameAnyPath(directory: String) throws {
        let program = "\(directory)/bin/gocker-compose"
        let unit = StackUnit(
            try stack(in: directory), files: ["\(directory)/stack.yaml", "\(directory)/more.yaml"], program: program,
            environment: ["GOCKER_RUN_DIR=\(directory)/run"])
        let file = UnitFile(unit.text)
        #expect(
            file.values("Service", "ExecStart").map(UnitFile.command) == [
                [
                    program, "--project-name", "shop", "--project-directory", directory, "--file",
                    "\(directory)/stack.yaml", "--file", "\(directory)/more.yaml", "supervise",
                ]
            ])
        // Here a dollar sign means nothing, and two would be two.
        #expect(file.values("Service", "Environment").map(UnitFile.words) == [["GOCKER_RUN_DIR=\(directory)/run"]])
        let description = try #require(file.values("Unit", "Description").first)
        #expect(UnitFile.words(description.replacing("\\", with: "\\\\")).first == "Stack")
        #expect(description.replacing("%%", with: "").contains("%") == false)
        // A backslash at the end of a line would go on with the next one.
        #expect(unit.text.split(separator: "\n").allSatisfy { !$0.hasSuffix("\\") })
        #expect(file.keys["Service"]?.filter { $0 == "ExecStart" }.count == 1)
    }

    @Test func haveATemplateForAllStacksInOneDirectory() throws {
        let unit = StackUnit.template(program: "/usr/bin/gocker-compose")
        #expect(unit.name == "gocker@.service")
        let file = UnitFile(unit.text)
        #expect(file.values("Service", "WorkingDirectory") == ["/etc/gocker/stacks/%i"])
        #expect(file.values("Service", "ExecStart") == ["/usr/bin/gocker-compose supervise"])
        #expect(file.values("Service", "ExecReload") == ["/usr/bin/gocker-compose up -d"])
        // Everything else is as in the unit of one stack.
        let other = UnitFile(
            StackUnit(try stack(), files: ["/s"], program: "/usr/bin/gocker-compose", environment: []).text)
        let own: Set = ["Description", "ExecStart", "ExecReload", "WorkingDirectory"]
        for (section, keys) in file.keys {
            for key in keys where !own.contains(key) {
                #expect(file.values(section, key) == other.values(section, key), "\(key)")
            }
        }
    }
}
