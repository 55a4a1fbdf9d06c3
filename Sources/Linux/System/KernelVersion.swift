internal import CLinux

/// The version of the running kernel, e.g. 6.1.
public struct KernelVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let major: Int
    public let minor: Int

    public init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads a release such as `6.1.0-50-amd64`.
    ///
    /// - Returns: nil where it does not begin with two numbers.
    public init?(_ release: String) {
        let numbers = release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        guard release.first?.isNumber == true, numbers.count == 2 else { return nil }
        self.init(major: numbers[0], minor: numbers[1])
    }

    /// See uname(2).
    public static var running: KernelVersion? {
        var name = utsname()
        guard uname(&name) == 0 else { return nil }
        return withUnsafeBytes(of: name.release) { bytes in
            KernelVersion(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
        }
    }

    public var description: String { "\(major).\(minor)" }

    public static func < (left: KernelVersion, right: KernelVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
