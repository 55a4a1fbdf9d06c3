import JSON
import Linux
import Testing

@Suite("Nothing of the caller's comes along", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct DescriptorTests {
    /// What `ls -l` of a directory of descriptors shows, less the directory itself, which `ls` has open.
    private static func descriptors(in listing: String) -> [String: String] {
        let links = listing.split(separator: "\n").compactMap { line -> (String, String)? in
            guard let arrow = line.firstRange(of: " -> "), !line[arrow.upperBound...].hasPrefix("/proc/"),
                let number = line[..<arrow.lowerBound].split(separator: " ").last
            else { return nil }
            return (String(number), String(line[arrow.upperBound...]))
        }
        return Dictionary(links, uniquingKeysWith: { first, _ in first })
    }

    private static let listing: JSONValue = ["ls", "-l", "/proc/self/fd"]

    /// Runs the container while the caller has the root of the host open as descriptor 9.
    private func runLeaking(_ container: Container) throws -> Program.Outcome {
        try container.onHost(#"exec 9</; exec "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID""#)
    }

    /// runtime-linux.md, File descriptors; CVE-2024-21626: only the standard streams are open.
    @Test func onlyTheStandardStreamsAreOpen() throws {
        let outcome = try runLeaking(Container { $0["process.args"] = Self.listing })
        #expect(Self.descriptors(in: outcome.output).keys.sorted() == ["0", "1", "2"], "\(outcome.report)")
    }

    @Test func onlyTheStandardStreamsAreOpenForExec() throws {
        let container = try Container.running()
        let outcome = try container.onHost(
            #"exec 9</; exec "$RUNTIME" --root "$ROOT" exec "$ID" ls -l /proc/self/fd"#)
        #expect(Self.descriptors(in: outcome.output).keys.sorted() == ["0", "1", "2"], "\(outcome.report)")
    }

    /// Also when the payload is started by another process than the one that created it.
    @Test func onlyTheStandardStreamsAreOpenAfterCreateAndStart() throws {
        let container = try Container { $0["process.args"] = Self.listing }
        #expect(
            try container.onHost(
                #"exec 9</; exec 8</etc; exec "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID""#
            ).succeeded)
        #expect(try container.start().succeeded)
        #expect(try container.waitUntil("stopped"))
        #expect(Self.descriptors(in: container.output).keys.sorted() == ["0", "1", "2"], "\(container.output)")
    }

    /// CVE-2024-21626: a working directory that is a descriptor of the runtime, or of its caller.
    @Test(arguments: [3, 4, 5, 6, 7, 8, 9, 10, 11]) func aDescriptorIsNoWorkingDirectory(number: Int) throws {
        let container = try Container("echo ran; pwd -P; cat ../../../../etc/hostname; ls") {
            $0["process.cwd"] = .string("/proc/self/fd/\(number)")
        }
        let outcome = try runLeaking(container)
        #expect(!outcome.succeeded, "\(outcome.report)")
        #expect(!outcome.output.contains("ran"))
    }

    /// CVE-2024-21626, by a link in the image.
    @Test func aLinkToADescriptorIsNoWorkingDirectory() throws {
        let container = try Container("echo ran; ls") { $0["process.cwd"] = "/place" }
        for number in [6, 7, 8, 9] {
            try? removeFile("\(container.rootfs)/place")
            try makeSymbolicLink(to: "/proc/self/fd/\(number)", at: "\(container.rootfs)/place")
            let outcome = try runLeaking(container)
            #expect(!outcome.output.contains("ran"), "\(outcome.report)")
        }
    }

    /// CVE-2024-21626, by exec.
    @Test func aDescriptorIsNoWorkingDirectoryForExec() throws {
        let container = try Container.running()
        for number in 3...11 {
            let outcome = try container.onHost(
                #"exec 9</; exec "$RUNTIME" --root "$ROOT" exec --cwd /proc/self/fd/\#(number) "$ID" sh -c 'echo ran; ls'"#
            )
            #expect(!outcome.output.contains("ran"), "\(number): \(outcome.report)")
            #expect(!outcome.succeeded)
        }
    }

    /// Streams that the caller has closed are nothing, and not the next file that the runtime opens.
    @Test func closedStreamsAreNotSomeOtherFile() throws {
        let container = try Container("for d in 0 1 2; do readlink /proc/$$/fd/$d; done > /result; true")
        let outcome = try container.onHost(
            #"exec "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" <&- >&- 2>&-"#)
        #expect(outcome.succeeded, "\(outcome.report)")
        // A runtime that copies the streams makes pipes.
        let targets = try readText("\(container.rootfs)/result").split(separator: "\n")
        #expect(targets.allSatisfy { ["/dev/null", "/result"].contains($0) || $0.hasPrefix("pipe:") }, "\(targets)")
    }

    /// config.md, `env`: what is configured, and nothing of the caller's.
    @Test func theEnvironmentIsTheConfiguredOne() throws {
        let container = try Container("env") { $0["process.env"] = ["PATH=/bin", "A=b", "EMPTY=", "C=d e"] }
        let outcome = try container.run(
            with: .init(environment: ["PATH=/usr/bin:/bin", "SECRET=leaked", "GOCKER_SECRET=leaked"]))
        let entries = Set(outcome.lines).subtracting(["PWD=/", "SHLVL=1"]).filter { !$0.hasPrefix("HOME=") }
        #expect(entries == ["PATH=/bin", "A=b", "EMPTY=", "C=d e"], "\(outcome.report)")
    }

    /// No path of the host is to be seen, but for the root of a mount and the source of a file system.
    @Test func mountsShowNoPathOfTheHost() throws {
        let container = try Container("cat /proc/self/mountinfo; cat /proc/mounts; cat /proc/self/maps")
        let volume = try container.directory.makeSubdirectory("volume")
        container.config.bind(volume, on: "/volume", "rw")
        let outcome = try container.run()
        #expect(outcome.succeeded)
        for line in outcome.lines {
            var fields = line.split(separator: " ").map(String.init)
            // The fourth field of mountinfo is where in its file system a mount begins.
            if fields.count > 9, fields[2].contains(":") { fields.remove(at: 3) }
            #expect(!fields.contains { $0.contains(container.directory.path) }, "\(line)")
        }
    }

    /// Signals are as a new program has them.
    @Test func signalsAreNotIgnoredOrBlocked() throws {
        let container = try Container("exec grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status")
        let outcome = try container.onHost(
            #"trap '' TERM INT HUP PIPE USR1; exec "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID""#)
        #expect(outcome.lines.count == 3)
        for line in outcome.lines {
            let mask = try #require(UInt64(line.suffix(16), radix: 16))
            // Signals 32 and 33 are the C library's own: it lets nobody change them.
            #expect(mask & ~(3 << 31) == 0, "\(line)")
        }
    }

    @Test func theEnvironmentOfExecIsTheConfiguredOne() throws {
        let container = try Container.running()
        let outcome = try container.runtime(
            "exec", container.id, "env",
            with: .init(environment: ["PATH=/usr/bin:/bin", "SECRET=leaked", "LD_PRELOAD=no"]))
        #expect(outcome.succeeded, "\(outcome.report)")
        #expect(!outcome.output.contains("SECRET") && !outcome.output.contains("LD_PRELOAD"), "\(outcome.report)")
    }

    /// CVE-2016-9962: a container that waits to be started, looked at by its neighbour in the same PID namespace, which
    /// may trace: there is no way from it to a directory of the host.
    @Test func aWaitingContainerIsNoDoor() throws {
        let neighbour = try Container.running {
            for set in ["bounding", "effective", "permitted"] {
                $0.append("CAP_SYS_PTRACE", to: "process.capabilities.\(set)")
            }
        }
        let path = "/proc/\(try neighbour.processID())/ns/pid"
        let container = try Container {
            $0.remove(from: "linux.namespaces", where: "type", is: "pid")
            $0.append(["type": "pid", "path": .string(path)], to: "linux.namespaces")
        }
        #expect(try container.create().succeeded)
        let status = try readText("/proc/\(try container.processID())/status")
        let numbers = status.split(separator: "\n").first { $0.hasPrefix("NSpid:") }?.split(separator: "\t") ?? []
        let process = try #require(numbers.last)
        let up = String(repeating: "../", count: 24) + container.directory.path
        let script = """
            for way in /proc/\(process)/fd/*/ /proc/\(process)/root/ /proc/\(process)/cwd/; do
                ls -d $way\(up) 2>/dev/null && readlink ${way%/}
            done
            (echo evil > /proc/\(process)/exe) 2>/dev/null && echo written; true
            """
        let outcome = try neighbour.runtime("exec", neighbour.id, "sh", "-c", script)
        #expect(outcome.succeeded, "\(outcome.report)")
        #expect(outcome.output == "", "\(outcome.report)")
    }
}
