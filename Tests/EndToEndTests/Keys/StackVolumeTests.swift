import Linux
import Testing

@Suite("Volumes of services", .enabled(if: TestFiles.isRoot, "containers need root"))
struct StackVolumeTests {
    /// What an instance printed, a line each.
    private func lines(_ up: Program.Outcome, of instance: String) -> [String] {
        up.lines.filter { $0.hasPrefix("\(instance) ") }.map { line in
            line.split(whereSeparator: \.isWhitespace).dropFirst(2).joined(separator: " ")
        }
    }

    @Test func outliveTheStackAndEndWithItWhereThatIsAsked() throws {
        let stack = try StackFixture(
            """
            services:
              a: {rootfs: rootfs, command: [sh, -c, "echo a >>/data/log; cat /data/log"], volumes: ["data:/data"]}
            volumes: {data: {labels: {purpose: test}}}
            """)
        let name = "\(stack.project)_data"
        #expect(lines(try stack.compose("up"), of: "a-1") == ["a"])
        #expect(try stack.compose("down").errors.contains("only its volumes are left"))
        #expect(lines(try stack.compose("up"), of: "a-1") == ["a", "a"])

        #expect(try stack.compose("volumes", "-q").output == "\(name)\n")
        #expect(try stack.compose("volumes", "-q", "a").output == "\(name)\n")
        #expect(try stack.compose("volumes", "--format", "json").output.contains("\"purpose\": \"test\""))
        #expect(try stack.compose("down", "-v").errors.contains("nothing of it is left"))
        #expect(try stack.compose("volumes", "-q").output == "")
        #expect((try? FileStatus.of(stack.dataBase)) == nil)
    }

    /// A root file system with so many files below `/many`.
    private func rootfs(_ count: Int, in stack: StackFixture) throws -> String {
        let rootfs = try stack.directory.makeRootfs(named: "many")
        try makeDirectory("\(rootfs)/many")
        for number in 0..<count {
            _ = try FileDescriptor.open("\(rootfs)/many/\(number)", [.write, .create], mode: 0o644)
        }
        return rootfs
    }

    @Test func aLongCopyHoldsNobodyUp() throws {
        let stack = try StackFixture(
            """
            services:
              slow: {rootfs: many, stop_signal: KILL, command: [sleep, "600"], volumes: ["data:/many"], scale: 2}
              other: {rootfs: rootfs, stop_signal: KILL, restart: always, command: [sleep, "600"]}
            volumes: {data: {}}
            """)
        let count = 30_000
        _ = try rootfs(count, in: stack)
        let up = try stack.start("up", "-d")
        #expect(try stack.eventually { try stack.states()["other-1"] == "running" })
        let other = try stack.processID(of: "other-1")
        try ProcessHandle(opening: other).send(.kill)
        #expect(try stack.eventually { try stack.firstProcesses()["other-1"].map { $0 != [other] } == true })
        #expect(try stack.states()["slow-1"] == "starting", "the copy was over too soon to tell")
        // A stop ends it, and the next start begins again.
        #expect(try stack.compose("stop", "slow", timeout: .seconds(20)).exitCode == 0)
        #expect(try stack.states()["slow-1"] == "created")
        _ = try up.finish()
        let again = try stack.compose("up", "-d", timeout: .seconds(120))
        #expect(again.exitCode == 0, "\(again)")
        let list = "ls /many | wc -l"
        #expect(try stack.compose("exec", "-T", "--index", "2", "slow", "sh", "-c", list).output == "\(count)\n")
        #expect(try stack.compose("down", "-v").exitCode == 0)
    }

    /// Also after the stack itself has been taken down.
    @Test func areRemovedByNameOfTheStack() throws {
        let stack = try StackFixture(
            "services: {a: {rootfs: rootfs, command: \"true\", volumes: [\"data:/data\"]}}\nvolumes: {data: {}}")
        try stack.compose("up")
        try stack.compose("down")
        #expect(try stack.compose("down").errors.contains("only its volumes are left"))
        #expect(try stack.compose("down", "-v").exitCode == 0)
        #expect((try? FileStatus.of("\(stack.dataBase)/.volumes")) == nil)
    }

    @Test func beginWithWhatTheRootFileSystemHas() throws {
        let stack = try StackFixture("")
        let rootfs = try stack.directory.makeRootfs(named: "own")
        try makeDirectories("\(rootfs)/srv/site/below")
        try stack.directory.write("own/srv/site/below/page", "hello\n")
        let site = try FileDescriptor.open("\(rootfs)/srv/site", .directory)
        try site.setOwner(7, group: 8)
        try site.setMode(0o750)
        try stack.write(
            """
            services:
              a:
                rootfs: own
                command: [sh, -c, "stat -c '%u:%g %a' /srv/site; cat /srv/site/below/page; rm -r /srv/site/below"]
                volumes: ["site:/srv/site"]
              bare:
                rootfs: own
                command: [ls, /srv/site]
                volumes: [{type: volume, source: bare, target: /srv/site, volume: {nocopy: true}}]
            volumes: {site: {}, bare: {}}
            """)
        let up = try stack.compose("up")
        #expect(lines(up, of: "a-1") == ["7:8 750", "hello"])
        #expect(lines(up, of: "bare-1") == [])
        try stack.compose("down", "-v")
    }

    @Test func areSharedAndSeenInPart() throws {
        let stack = try StackFixture(
            """
            services:
              writer:
                rootfs: rootfs
                volumes: ["data:/data", "/own"]
                command: [sh, -c, "mkdir -p /data/inner; echo one >/data/inner/file; echo own >/own/file"]
              reader:
                rootfs: rootfs
                depends_on: {writer: {condition: service_completed_successfully}}
                volumes: [{type: volume, source: data, target: /part, read_only: true, volume: {subpath: inner}}]
                command: [sh, -c, "cat /part/file; (echo x >/part/file) 2>/dev/null || echo kept"]
              heir:
                rootfs: rootfs
                depends_on: {writer: {condition: service_completed_successfully}}
                volumes_from: ["writer:ro"]
                command: [sh, -c, "cat /data/inner/file /own/file; (echo x >/data/x) 2>/dev/null || echo kept"]
            volumes: {data: {}}
            """)
        let up = try stack.compose("up")
        #expect(lines(up, of: "reader-1") == ["one", "kept"])
        #expect(lines(up, of: "heir-1") == ["one", "own", "kept"])
        let own = try stack.compose("volumes", "-q").lines.filter { $0.contains("writer-1") }
        #expect(own.count == 1)
        #expect(try stack.compose("rm", "-v", "writer").exitCode == 0)
        #expect(try stack.compose("volumes", "-q").output == "\(stack.project)_data\n")
        try stack.compose("down", "-v")
    }

    @Test func ofOthersAreKeptWhileTheyAreInUse() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("owner", "volumes: [/own, /given]")
                + StackFixture.sleeper("heir", "volumes_from: [owner]", "volumes: ['data:/own']")
                + "volumes: {data: {}}\n"
        )
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("exec", "-T", "heir", "touch", "/given/file").exitCode == 0)
        #expect(try stack.compose("volumes", "-q").lines.count == 3)
        #expect(try stack.compose("rm", "-f", "-s", "-v", "owner").exitCode == 0)
        #expect(try stack.compose("volumes", "-q").lines.count == 2)
        #expect(try stack.compose("exec", "-T", "heir", "ls", "/given").output == "file\n")
        #expect(try stack.compose("down", "-v").exitCode == 0)
        #expect(try stack.compose("volumes", "-q").output == "")
    }

    /// A link in a volume must not lead a later mount to the host.
    @Test func aPartNeverLeadsOutOfTheVolume() throws {
        let stack = try StackFixture(
            """
            services:
              liar: {rootfs: rootfs, command: [ln, -s, /etc, /data/part], volumes: ["data:/data"]}
              victim:
                rootfs: rootfs
                depends_on: {liar: {condition: service_completed_successfully}}
                volumes: [{type: volume, source: data, target: /part, volume: {subpath: part}}]
                command: [ls, /part]
            volumes: {data: {}}
            """)
        let up = try stack.compose("up")
        #expect(up.errors.contains("part of the volume for /part: No such file or directory"))
        #expect(lines(up, of: "victim-1") == [])
        try stack.compose("down", "-v")
    }

    @Test func areOfOtherKindsWhereTheirOptionsSaySo() throws {
        let stack = try StackFixture(
            """
            services:
              a:
                rootfs: rootfs
                volumes: ["host:/host", "memory:/memory"]
                command: [sh, -c, "cat /host/file; grep -c ' /memory tmpfs .*size=1024k' /proc/mounts"]
            volumes:
              host: {driver: local, driver_opts: {type: none, o: bind, device: ./here}}
              memory: {driver_opts: {type: tmpfs, device: tmpfs, o: size=1m}}
            """)
        try stack.directory.write("here/file", "mine\n")
        #expect(lines(try stack.compose("up"), of: "a-1") == ["mine", "1"])
        try stack.compose("down", "-v")
        #expect(try readText("\(stack.directory.path)/here/file") == "mine\n")
    }

    @Test func inMemoryIsOneForAllAndGoesWithTheStack() throws {
        let stack = try StackFixture(
            """
            services:
              a:
                rootfs: rootfs
                scale: 2
                stop_signal: KILL
                volumes: ["memory:/memory"]
                command: [sh, -c, "hostname >> /memory/names; sleep 1000"]
              b:
                rootfs: rootfs
                stop_signal: KILL
                volumes: ["memory:/m:ro", {type: volume, source: memory, target: /part, volume: {subpath: part}}]
                command: [sleep, "1000"]
                depends_on: {maker: {condition: service_completed_successfully}}
              maker: {rootfs: rootfs, volumes: ["memory:/m"], command: [mkdir, /m/part]}
            volumes: {memory: {driver_opts: {type: tmpfs, device: tmpfs, o: "size=1m,mode=1777,noexec"}}}
            """)
        #expect(try stack.compose("up", "-d", "--wait").exitCode == 0)
        func mounts() throws -> [String] { try stack.traces().mounts.filter { $0.hasPrefix(stack.runBase) } }
        #expect(try mounts().count == 1)
        func seen() throws -> [String] { try stack.compose("exec", "b", "sort", "/m/names").lines }
        #expect(try seen().count == 2)
        let denied = try stack.compose("exec", "b", "touch", "/m/x")
        #expect(denied.exitCode != 0 && denied.errors.contains("Read-only file system"))
        let mount = try stack.compose("exec", "a", "grep", "-c", " /memory tmpfs .*noexec.*size=1024k", "/proc/mounts")
        #expect(mount.output == "1\n")

        // The next supervisor's containers see the same, and those that people run.
        try stack.killSupervisor()
        #expect(try stack.compose("up", "-d", "--force-recreate", "--no-deps", "a").exitCode == 0)
        #expect(try stack.compose("run", "--rm", "-T", "maker", "sort", "/m/names").lines.count == 4)
        #expect(try stack.compose("down").exitCode == 0)
        #expect(try mounts() == [])

        // What is run without the stack leaves nothing either.
        #expect(try stack.compose("run", "--rm", "-T", "maker").exitCode == 0)
        #expect(try mounts() == [])
    }

    @Test func whoseAreElsewhereHaveToBeThereAndStay() throws {
        let name = "v\(try randomBytes(6).map { String($0, radix: 16) }.joined())"
        let user = "services: {a: {rootfs: rootfs, command: [ls, /data], volumes: [\"data:/data\"]}}\n"
        let stack = try StackFixture(user + "volumes: {data: {external: true, name: \(name)}}")
        let missing = try stack.compose("up", "-d")
        #expect(missing.exitCode != 0)
        #expect(missing.errors.contains("the volume \(name), which is external and has not been made"))

        let maker = try StackFixture(
            "services: {m: {rootfs: rootfs, command: [touch, /data/made], volumes: [\"data:/data\"]}}\n"
                + "volumes: {data: {name: \(name)}}")
        let environment = ["GOCKER_RUN_DIR=\(maker.runBase)", "GOCKER_DATA_DIR=\(stack.dataBase)"]
        let options = ["-f", maker.file, "-p", maker.project]
        #expect(try Program.compose.run(options + ["up"], environment: environment).exitCode == 0)
        #expect(lines(try stack.compose("up"), of: "a-1") == ["made"])
        try stack.compose("down", "-v")
        #expect((try? FileStatus.of("\(stack.dataBase)/.volumes/\(name)")) != nil)
        #expect(try Program.compose.run(options + ["down", "-v"], environment: environment).exitCode == 0)
        #expect((try? FileStatus.of("\(stack.dataBase)/.volumes/\(name)")) == nil)
    }

    @Test func bindMountsAreMadeAndPassedOnAsTheFileSays() throws {
        let stack = try StackFixture(
            """
            services:
              a:
                rootfs: rootfs
                volumes:
                  - ./new/directory:/new
                  - {type: bind, source: ./new, target: /slave, bind: {propagation: rslave}}
                  - {type: bind, source: ./, target: /flat, read_only: true, bind: {recursive: disabled}}
                command: [sh, -c, "touch /new/file; grep ' /slave ' /proc/self/mountinfo | grep -c master; (touch /flat/x) 2>/dev/null || echo kept"]
            """)
        let up = try stack.compose("up")
        #expect(lines(up, of: "a-1").last == "kept")
        #expect((try? FileStatus.of("\(stack.directory.path)/new/directory/file")) != nil)
    }
}
