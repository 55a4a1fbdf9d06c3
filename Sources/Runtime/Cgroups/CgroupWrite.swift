/// One write to a control file of a cgroup.
public struct CgroupWrite: Hashable, Sendable {
    /// What happens on a kernel without the file.
    public enum IfMissing: Hashable, Sendable {
        case fail
        /// Nothing is lost: without the file there is nothing to limit, or no limit to lift.
        case skip
        /// Another file says the same.
        case write(file: String, value: String)
    }

    /// The file, relative to the cgroup's directory.
    public let file: String
    public let value: String
    public let ifMissing: IfMissing

    public init(_ file: String, _ value: String, ifMissing: IfMissing = .fail) {
        self.file = file
        self.value = value
        self.ifMissing = ifMissing
    }
}
