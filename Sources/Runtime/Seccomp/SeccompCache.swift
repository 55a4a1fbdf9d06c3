internal import Linux

/// Compiled filters on disk: making one takes longer than a whole container.
///
/// Nothing depends on it. Where there is no directory to write to, or what is found there is not to be trusted, filters
/// are compiled each time.
public struct SeccompCache: Hashable, Sendable {
    private let base: String
    private var directory: String { "\(base)/seccomp" }

    /// What is made in the directory that is given.
    public static let name = ".cache"

    /// - Parameter runBase: the directory that a reboot empties, e.g. `/run/gocker`.
    public init(runBase: String) {
        base = "\(runBase)/\(Self.name)"
    }

    /// Removes it, as far as nobody else writes to it at this moment.
    public func remove() {
        try? removeTree(base)
    }

    /// The filter for a profile; nil for none.
    public func filter(for spec: SeccompSpec?) throws(RuntimeError) -> SeccompFilter? {
        guard let spec else { return nil }
        let key = Self.key(of: spec)
        let name = Self.hexadecimal(Self.hash(key))
        if let filter = read(name, key) { return filter }
        do {
            let filter = try SeccompCompiler.compile(spec)
            try? write(filter, name, key)
            return filter
        } catch {
            throw .seccomp(error)
        }
    }

    /// To be changed with everything that changes what is made of a profile.
    private static let format: UInt32 = 2

    /// All that a filter depends on. It stands in the file, so that the name need not be more than likely to be right.
    private static func key(of spec: SeccompSpec) -> [UInt8] {
        var wire = WireWriter()
        wire.write(format)
        for number in SeccompCompiler.libraryVersion { wire.write(number) }
        wire.write(SeccompCompiler.nativeArchitecture)
        spec.write(to: &wire)
        return wire.bytes
    }

    /// FNV-1a. See draft-eastlake-fnv.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for shift in stride(from: UInt64(60), through: 0, by: -4) { text.append(digits[Int(number >> shift & 15)]) }
        return String(decoding: text, as: UTF8.self)
    }
}

// MARK: The file: the key, the filter, and the filter's hash

extension SeccompCache {
    private func read(_ name: String, _ key: [UInt8]) -> SeccompFilter? {
        guard let directory = try? FileDescriptor.open(directory, [.path, .directory, .noFollow]),
            Self.isOurs(try? directory.status()),
            let file = try? directory.open(name, [.noFollow, .nonBlocking]),
            let status = try? file.status(), status.kind == .regular, Self.isOurs(status),
            (0..<1 << 20).contains(status.size), let bytes = try? file.readExactly(Int(status.size))
        else { return nil }
        return Self.parse(bytes, key)
    }

    /// Whether nobody else could have written it.
    private static func isOurs(_ status: FileStatus?) -> Bool {
        guard let status else { return false }
        return status.owner == effectiveUserID && status.mode & 0o022 == 0
    }

    private static func parse(_ bytes: [UInt8], _ key: [UInt8]) -> SeccompFilter? {
        var wire = WireReader(bytes)
        guard (try? wire.content()) == key, let value = try? wire.content(),
            (try? wire.number(UInt64.self)) == hash(value), wire.isAtEnd
        else { return nil }
        var reader = WireReader(value)
        guard let flags = try? reader.number(UInt32.self), let program = try? reader.content() else { return nil }
        return SeccompFilter(program: program, flags: flags)
    }

    /// More profiles than anybody uses at a time.
    private static let mostFilters = 256

    /// Empties it when it has grown large: what is still in use is compiled once more.
    private func cut() {
        guard let names = try? directoryEntries(directory), names.count >= Self.mostFilters else { return }
        for name in names { try? removeFile("\(directory)/\(name)") }
    }

    private func write(_ filter: SeccompFilter, _ name: String, _ key: [UInt8]) throws(SystemError) {
        try makeDirectories(directory, mode: 0o700)
        guard Self.isOurs(try FileStatus.ofLink(directory)) else { return }
        cut()
        var value = WireWriter()
        value.write(filter.flags)
        value.write(filter.program)
        var wire = WireWriter()
        wire.write(key)
        wire.write(value.bytes)
        wire.write(Self.hash(value.bytes))
        // A name of its own: two that start at once would otherwise write into the same file.
        let temporary = "\(directory)/.\(name).\(ownProcessID)"
        try? removeFile(temporary)
        do {
            try FileDescriptor.open(temporary, [.write, .create, .exclusive, .noFollow], mode: 0o600)
                .writeAll(wire.bytes)
            try renameFile(temporary, to: "\(directory)/\(name)")
        } catch {
            try? removeFile(temporary)
            throw error
        }
    }
}
