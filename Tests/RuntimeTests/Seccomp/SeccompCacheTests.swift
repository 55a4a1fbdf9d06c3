import Linux
import Testing

@testable import Runtime

@Suite("The cache of compiled filters")
final class SeccompCacheTests {
    private let base: String
    private var directory: String { "\(base)/.cache/seccomp" }
    private let spec = SeccompSpec(defaultAction: .errno(1), rules: [.init(["read", "write"], .allow)])

    init() throws {
        base = "/tmp/gocker-test-\(try ContainerName.random())"
        try makeDirectory(base)
    }

    deinit {
        try? removeTree(base)
    }

    private func filter(_ spec: SeccompSpec) throws -> SeccompFilter? {
        try SeccompCache(runBase: base).filter(for: spec)
    }

    /// The only file there is.
    private func file() throws -> String {
        let names = try directoryEntries(directory)
        #expect(names.count == 1)
        return "\(directory)/\(names.first ?? "")"
    }

    @Test func givesWhatTheCompilerGives() throws {
        let compiled = try SeccompCompiler.compile(spec)
        #expect(try filter(spec) == compiled)
        #expect(try filter(spec) == compiled)
        #expect(try FileStatus.of(directory).mode == 0o700)
        #expect(try FileStatus.of(try file()).mode == 0o600)
    }

    @Test func isReadAndNotJustWritten() throws {
        _ = try filter(spec)
        // A file that says another program, and whose hash is right, is believed.
        let other = SeccompSpec(defaultAction: .errno(1), rules: [.init(["read", "write", "close"], .allow)])
        let path = try file()
        let mine = try readFile(path)
        try removeFile(path)
        _ = try filter(other)
        let theirs = try readFile(try file())
        let key = mine.prefix(4 + Int(mine[0]) + Int(mine[1]) << 8)
        let tail = theirs.dropFirst(4 + Int(theirs[0]) + Int(theirs[1]) << 8)
        try removeFile(try file())
        try replaceFile(path, with: key + tail)
        #expect(try filter(spec) == SeccompCompiler.compile(other))
    }

    @Test func keepsProfilesApart() throws {
        var specs = [spec]
        specs.append(SeccompSpec(defaultAction: .errno(2), rules: spec.rules))
        specs.append(SeccompSpec(defaultAction: .errno(1), flags: ["SECCOMP_FILTER_FLAG_LOG"], rules: spec.rules))
        specs.append(SeccompSpec(defaultAction: .errno(1), architectures: ["SCMP_ARCH_X86"], rules: spec.rules))
        specs.append(SeccompSpec(defaultAction: .errno(1), rules: [.init(["read"], .allow)]))
        for spec in specs { _ = try filter(spec) }
        #expect(try directoryEntries(directory).count == specs.count)
        for spec in specs { #expect(try filter(spec) == SeccompCompiler.compile(spec)) }
    }

    @Test func isMadeAnewWhereItIsDamaged() throws {
        let compiled = try SeccompCompiler.compile(spec)
        _ = try filter(spec)
        let path = try file()
        let whole = try readFile(path)
        for change in 0..<whole.count {
            var damaged = whole
            damaged[change] ^= 0x10
            try replaceFile(path, with: damaged)
            #expect(try filter(spec) == compiled)
            #expect(try readFile(path) == whole)
        }
        for count in [0, 1, 4, whole.count - 1] {
            try replaceFile(path, with: whole.prefix(count))
            #expect(try filter(spec) == compiled)
            #expect(try readFile(path) == whole)
        }
    }

    @Test(.enabled(if: effectiveUserID == 0, "changing owners needs root"))
    func isNotBelievedWhereSomebodyElseCouldHaveWrittenIt() throws {
        let compiled = try SeccompCompiler.compile(spec)
        _ = try filter(spec)
        let path = try file()
        let entry = path.split(separator: "/").last ?? ""
        let forged = SeccompSpec(defaultAction: .errno(1), rules: [.init(["read", "write", "mount"], .allow)])
        let mine = try readFile(path)
        let other = "\(base)/other"
        _ = try SeccompCache(runBase: other).filter(for: forged)
        let forgedName = try directoryEntries("\(other)/.cache/seccomp").first ?? ""
        let theirs = try readFile("\(other)/.cache/seccomp/\(forgedName)")
        let key = mine.prefix(4 + Int(mine[0]) + Int(mine[1]) << 8)
        let forgery = Array(key + theirs.dropFirst(4 + Int(theirs[0]) + Int(theirs[1]) << 8))

        try replaceFile(path, with: forgery)
        try FileDescriptor.open(path).setOwner(1000, group: 0)
        #expect(try filter(spec) == compiled)

        try replaceFile(path, with: forgery, mode: 0o600)
        try FileDescriptor.open(base).setMode(of: PathBytes(".cache/seccomp/\(entry)"), 0o622)
        #expect(try filter(spec) == compiled)

        try replaceFile(path, with: forgery)
        try FileDescriptor.open(base).setMode(of: PathBytes(".cache/seccomp"), 0o777)
        #expect(try filter(spec) == compiled)
    }

    @Test func isDoneWithoutWhereThereIsNoDirectory() throws {
        let compiled = try SeccompCompiler.compile(spec)
        #expect(try SeccompCache(runBase: "/proc/nothing").filter(for: spec) == compiled)
        try replaceFile("\(base)/.cache", with: [])
        #expect(try filter(spec) == compiled)
        #expect(try SeccompCache(runBase: base).filter(for: nil) == nil)
    }

    @Test func isEmptiedWhenItHasGrownLarge() throws {
        for error in 0..<300 { _ = try filter(SeccompSpec(defaultAction: .errno(UInt16(error)), rules: spec.rules)) }
        #expect((1...256).contains(try directoryEntries(directory).count))
        #expect(try filter(spec) == SeccompCompiler.compile(spec))
    }
}
