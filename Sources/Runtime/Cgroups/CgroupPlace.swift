public import Linux

/// A cgroup's directory in one hierarchy.
public struct CgroupPlace: Hashable, Sendable {
    /// Where the hierarchy is mounted.
    public let mount: String
    /// Below it, without a slash in front.
    public let path: String
    /// Whether the hierarchy is that of version 2.
    public let isUnified: Bool

    public init(mount: String, path: String, isUnified: Bool) {
        self.mount = mount
        self.path = path
        self.isUnified = isUnified
    }

    /// A place that was saved: the file system says which version it is of.
    public init(mount: String, path: String) throws(SystemError) {
        self.init(mount: mount, path: path, isUnified: try FileSystemKind.of(mount) == .cgroup2)
    }

    public var directory: String { path.isEmpty ? mount : "\(mount)/\(path)" }
}

extension CgroupPlace {
    /// The content of a control file; nil where there is none, or none to be read.
    func text(_ file: String) -> String? { try? readText("\(directory)/\(file)") }

    /// Carries out `writes` in their order.
    ///
    /// The kernel checks a new value of some files against the present one of another (memory against memory and swap,
    /// a quota against a period), so that which comes first depends on what is there. What is refused is tried again
    /// after the rest.
    ///
    /// - Throws: `CgroupError.refused`.
    func apply(_ writes: [CgroupWrite]) throws(CgroupError) {
        var refused: [CgroupWrite] = []
        var firstError: CgroupError?
        for write in writes {
            do {
                try carryOut(write)
            } catch  where write != writes.last && error.mayDependOnOrder {
                refused.append(write)
                firstError = firstError ?? error
            }
        }
        for write in refused { try carryOut(write) }
    }

    private func carryOut(_ write: CgroupWrite) throws(CgroupError) {
        do {
            try writeValue(write.file, write.value)
        } catch .refused(let file, let value, .noSuchFileOrDirectory) {
            switch write.ifMissing {
            case .fail: throw .refused(file: file, value: value, .noSuchFileOrDirectory)
            case .skip: return
            case .write(let file, let value): try writeValue(file, value)
            }
        }
    }

    private func writeValue(_ file: String, _ value: String) throws(CgroupError) {
        do {
            try writeControlFile("\(directory)/\(file)", value)
        } catch {
            throw .refused(file: "\(directory)/\(file)", value: value, error.errno)
        }
    }
}

extension CgroupError {
    fileprivate var mayDependOnOrder: Bool {
        guard case .refused(_, _, let errno) = self else { return false }
        return errno == .invalidArgument || errno == .busy
    }
}
