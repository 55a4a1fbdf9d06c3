import Linux

extension Program {
    /// Runs a shell script in a container on the common root file system; `options` go before it.
    func inside(
        _ options: String..., script: String, input: String = "", environment: [String] = []
    ) throws -> Outcome {
        try run(
            ["run", "--rootfs", TestFiles.rootfs] + options + ["/bin/sh", "-c", script], environment: environment,
            input: input)
    }

    /// Runs a shell script on the host, for which `$GOCKER` is this program and `$ROOTFS` the common root file system.
    func onHost(_ script: String, environment: [String] = []) throws -> Outcome {
        try Program(path: "/bin/sh").run(
            ["-c", script], environment: environment + ["GOCKER=\(path)", "ROOTFS=\(TestFiles.rootfs)"])
    }
}

/// Removes the empty cgroup that a killed `gocker run` could not take away itself, once the kernel has ended the container.
func removeCgroup(ofKilled name: String) throws {
    let mounts = try ["/sys/fs/cgroup"] + directoryEntries("/sys/fs/cgroup").map { "/sys/fs/cgroup/\($0)" }
    for directory in mounts.map({ "\($0)/gocker-\(name)" }) where (try? FileStatus.of(directory)) != nil {
        let deadline = MonotonicTime.now + .seconds(20)
        while (try? removeDirectory(directory)) == nil, .now < deadline {
            _ = try Poller().wait(timeout: .milliseconds(10))
        }
    }
}

/// The lines of `text` that begin with `prefix`.
func lines(of text: String, beginningWith prefix: String) -> [String] {
    text.split(separator: "\n").filter { $0.hasPrefix(prefix) }.map(String.init)
}
