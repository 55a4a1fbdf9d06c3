import JSON
import Linux
import Testing

@Suite("The runtime's own process", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct BinaryTests {
    /// A copy of the runtime that may come to harm, and a container that runs its own busybox.
    private struct Victim {
        let container: Container
        let runtime: String
        let before: [UInt8]

        init(_ script: String, capabilities: [String] = []) throws {
            container = try Container(script)
            runtime = "\(container.directory.path)/runtime"
            before = try readFile(OCIRuntime.path, limit: 1 << 30)
            try replaceFile(runtime, with: before, mode: 0o755)
            let busybox = "\(container.rootfs)/bin/busybox"
            try replaceFile(busybox, with: try readFile(busybox), mode: 0o755)
            for set in ["bounding", "effective", "permitted"] {
                for capability in capabilities {
                    container.config.append(.string(capability), to: "process.capabilities.\(set)")
                }
            }
            try container.writeConfig()
        }

        func run(_ arguments: String..., timeout: Duration = .seconds(20)) throws -> Program.Outcome {
            try Program(path: runtime).run(
                ["--root", container.stateRoot] + arguments, .init(timeout: timeout))
        }

        func isUnchanged() throws -> Bool { try readFile(runtime, limit: 1 << 30) == before }
    }

    /// Writes to the executable of every process that is not busybox, for as long as the container runs.
    private static let attack = """
        echo up
        while :; do
            for exe in /proc/[0-9]*/exe; do
                case $(readlink $exe) in */busybox|'') continue;; esac
                (echo evil > $exe) 2>/dev/null && echo "WROTE $exe"
                (exec 7<$exe; echo evil > /proc/self/fd/7) 2>/dev/null && echo "WROTE $exe"
            done
        done
        """

    /// CVE-2019-5736: the container makes the runtime execute itself, and overwrites the binary.
    /// CVE-2016-9962: the same with the right to trace, by which descriptors of the entering runtime can be taken.
    @Test(arguments: [[], ["CAP_SYS_PTRACE"]]) func cannotBeOverwritten(capabilities: [String]) throws {
        let victim = try Victim(Self.attack, capabilities: capabilities)
        let container = victim.container
        #expect(try victim.run("run", "--detach", "--bundle", container.bundle, container.id).succeeded)
        let started = try container.status()
        #expect(started == "running")
        try makeSymbolicLink(to: "/proc/self/exe", at: "\(container.rootfs)/self")
        try container.directory.write("bundle/rootfs/script", "#!/proc/self/exe\n", mode: 0o755)
        for round in 0..<24 {
            let command = ["/proc/self/exe", "/self", "/script", "/bin/true"][round % 4]
            _ = try victim.run("exec", container.id, command)
        }
        #expect(try victim.isUnchanged())
        // What the attack printed went to the first program; a write would have been to the copy.
        #expect(try container.runtime("kill", container.id, "KILL").succeeded)
    }

    /// CVE-2019-5736: the payload itself is the runtime's binary.
    @Test(arguments: ["/proc/self/exe", "/self", "/script"]) func cannotBeThePayload(command: String) throws {
        let victim = try Victim("true")
        let container = victim.container
        try makeSymbolicLink(to: "/proc/self/exe", at: "\(container.rootfs)/self")
        try container.directory.write("bundle/rootfs/script", "#!/proc/self/exe\n", mode: 0o755)
        container.config["process.args"] = [.string(command)]
        try container.writeConfig()
        _ = try victim.run("run", "--bundle", container.bundle, container.id)
        #expect(try victim.isUnchanged())
    }

    /// CVE-2016-9962: nobody in the container can look into the runtime while it is inside.
    @Test func cannotBeReadWhileItEnters() throws {
        let container = try Container.running(
            """
            while :; do
                for process in /proc/[0-9]*; do
                    case $(readlink $process/exe) in */busybox) continue;; esac
                    for descriptor in $process/fd/*; do
                        target=$(readlink $descriptor) || continue
                        case $target in
                        /dev/null|pipe:*|socket:*|anon_inode:*|/memfd:*|'') ;;
                        *) [ -d $descriptor/ ] && ls $descriptor/etc >/dev/null 2>&1 && echo "$target" >> /seen;;
                        esac
                    done
                done
            done
            """)
        for _ in 0..<12 { _ = try container.exec(script: "true") }
        let seen = (try? readText("\(container.rootfs)/seen")) ?? ""
        #expect(seen == "")
    }

    /// CVE-2020-5291, CVE-2026-41163: a runtime with set-user-id is an invitation.
    @Test func isNotSetUserID() throws {
        let mode = try FileStatus.of(OCIRuntime.path).mode
        #expect(mode & 0o6000 == 0)
    }
}
