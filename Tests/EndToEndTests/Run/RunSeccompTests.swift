import Linux
import Testing

@Suite("Which system calls gocker run lets its command make", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RunSeccompTests {
    private let unconfined = "--security-opt=seccomp=unconfined"
    private let gaining = "--security-opt=no-new-privileges=false"

    private func mode(_ options: String...) throws -> [String] {
        let words = ["run", "--rootfs", TestFiles.rootfs] + options + ["grep", "-E", "^Seccomp", "/proc/self/status"]
        return try Program.gocker.run(words).lines
    }

    @Test func theyAreFilteredUnlessSomebodySaysOtherwise() throws {
        let filtered = ["Seccomp:\t2", "Seccomp_filters:\t1"]
        #expect(try mode() == filtered)
        #expect(try mode("--user", "1000") == filtered)
        #expect(try mode(gaining) == filtered)
        #expect(try mode(gaining, "--user", "1000") == filtered)
        #expect(try mode(unconfined) == ["Seccomp:\t0", "Seccomp_filters:\t0"])
    }

    /// A user without any capability may make user namespaces, so that nothing but the filter is in the way.
    @Test func noNewNamespacesByDefault() throws {
        for options in [[], [gaining]] {
            let words = ["run", "--rootfs", TestFiles.rootfs, "--user", "1000"] + options + ["unshare", "-U", "true"]
            let outcome = try Program.gocker.run(words)
            #expect(outcome.exitCode == 1)
            #expect(outcome.errors.contains("Operation not permitted"))
            let free = try Program.gocker.run(Array(words.prefix(5)) + [unconfined] + Array(words.dropFirst(5)))
            #expect(free.exitCode == 0)
        }
    }

    @Test func everydayWorkIsNotInTheWay() throws {
        let script = """
            cd /tmp && mkdir a && echo x > a/b && cp a/b c && mv c d && ln -s d e && chmod 600 d && chown 1:1 d
            mkfifo f && (echo y > f & cat f) && chroot / true && sleep 0.01 && kill -0 $$ && date > d
            mknod g c 1 3 && tar cf h a && rm -r a c d e f g h 2>&1
            """
        let outcome = try Program.gocker.inside("--overlay", script: script)
        #expect(outcome.output == "y\nrm: can't remove 'c': No such file or directory\n")
        #expect(outcome.errors == "")
    }

    // MARK: Profiles

    private func profile(_ text: String, in directory: TemporaryDirectory) throws -> String {
        "--security-opt=seccomp=\(try directory.write("profile.json", text))"
    }

    @Test func aProfileSaysWhatACallReturns() throws {
        let directory = try TemporaryDirectory()
        let option = try profile(
            """
            {"defaultAction": "SCMP_ACT_ALLOW",
             "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28},
                          {"names": ["sync"], "action": "SCMP_ACT_KILL_PROCESS"}]}
            """, in: directory)
        for options in [[option], [option, gaining]] {
            let outcome = try Program.gocker.run(
                ["run", "--overlay", "--rootfs", TestFiles.rootfs] + options
                    + ["sh", "-c", "mkdir /tmp/x; rmdir /tmp/x; sync"])
            #expect(
                outcome.errors.hasPrefix(
                    "mkdir: can't create directory '/tmp/x': No space left on device\n"
                        + "rmdir: '/tmp/x': No such file or directory\n"))
            #expect(outcome.exitCode == 128 + 31)
        }
    }

    /// Allows the execve, and what a static busybox calls to do nothing.
    @Test func aProfileNeedNotAllowWhatOnlyTheRuntimeDoes() throws {
        let directory = try TemporaryDirectory()
        let option = try profile(
            """
            {"defaultAction": "SCMP_ACT_KILL_PROCESS", "syscalls": [{"action": "SCMP_ACT_ALLOW", "names":
              ["execve", "brk", "arch_prctl", "set_tid_address", "set_robust_list", "rseq", "prlimit64", "readlink",
               "getrandom", "mprotect", "prctl", "getuid", "exit_group"]}]}
            """, in: directory)
        let outcome = try Program.gocker.run("run", "--rootfs", TestFiles.rootfs, option, "true")
        #expect(outcome.exitCode == 0)
        // Without no_new_privs the runtime still has to give capabilities up after that.
        let early = try Program.gocker.run("run", "--rootfs", TestFiles.rootfs, option, gaining, "true")
        #expect(early.exitCode == 125)
        #expect(
            early.errors
                == "gocker: the container's first process ended before it ran the command: it was killed by SIGSYS\n")
    }

    @Test func aProfileThatForbidsTheCommandItselfIsSaidToDoSo() throws {
        let directory = try TemporaryDirectory()
        let option = try profile(
            #"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["execve"], "action": "SCMP_ACT_ERRNO"}]}"#,
            in: directory)
        let outcome = try Program.gocker.run("run", "--rootfs", TestFiles.rootfs, option, "/bin/true")
        #expect(outcome.exitCode == 126)
        #expect(outcome.errors == "gocker: exec /bin/true: Operation not permitted\n")
    }

    @Test func aProfileThatIsNoneIsAnErrorBeforeAnythingRuns() throws {
        let directory = try TemporaryDirectory()
        for (text, message) in [
            ("{", "1:2: expected a key in quotes"),
            (#"{"defaultAction": "SCMP_ACT_NOTIFY"}"#, "SCMP_ACT_NOTIFY asks a listener, which is not acted on"),
            (#"{"defaultAction": "SCMP_ACT_LOG", "architectures": ["VAX"]}"#, "unknown architecture \"VAX\""),
            (#"{"defaultAction": "SCMP_ACT_LOG", "flags": ["FAST"]}"#, "unknown flag \"FAST\""),
        ] {
            let option = try profile(text, in: directory)
            let outcome = try Program.gocker.run("run", "--rootfs", TestFiles.rootfs, option, "echo", "ran")
            #expect(outcome.exitCode == 125)
            #expect(outcome.errors.contains(message))
            #expect(outcome.output == "")
        }
        let missing = try Program.gocker.run(
            "run", "--rootfs", TestFiles.rootfs, "--security-opt", "seccomp=\(directory.path)/none", "true")
        #expect(missing.exitCode == 125)
        #expect(missing.errors.contains("\(directory.path)/none: No such file or directory"))
    }

    // MARK: The cache

    @Test func filtersAreCompiledOnceAndADamagedOneAgain() throws {
        let directory = try TemporaryDirectory()
        let environment = ["GOCKER_RUN_DIR=\(directory.path)/run"]
        let cache = "\(directory.path)/run/.cache/seccomp"
        func check() throws {
            let outcome = try Program.gocker.inside(
                script: "grep '^Seccomp:' /proc/self/status", environment: environment)
            #expect(outcome.output == "Seccomp:\t2\n")
        }
        try check()
        let names = try directoryEntries(cache)
        #expect(names.count == 1)
        let file = "\(cache)/\(names.first ?? "")"
        let inode = try FileStatus.of(file).inode
        let whole = try readFile(file)
        try check()
        #expect(try FileStatus.of(file).inode == inode)

        try replaceFile(file, with: whole.dropLast(20) + [UInt8](repeating: 0xFF, count: 20))
        try check()
        #expect(try readFile(file) == whole)
        #expect(try directoryEntries(cache).count == 1)
    }

    @Test func noPlaceForACacheOnlyMeansNone() throws {
        let outcome = try Program.gocker.inside(
            script: "grep '^Seccomp:' /proc/self/status", environment: ["GOCKER_RUN_DIR=/proc/nowhere"])
        #expect(outcome.output == "Seccomp:\t2\n")
        #expect(outcome.errors == "")
    }
}
