/// The specification's `cgroupsPath`. See config-linux.md, "Cgroups Path".
public enum CgroupsPath {
    /// The path below the mount of each hierarchy, for `CgroupPlan`.
    ///
    /// Absolute or relative makes no difference: both begin at the mount, as with runc when it is started from outside
    /// any container. So the same value is the same place whoever calls.
    ///
    /// - Parameters:
    ///   - text: the value of the document; nil or empty for `gocker-ID`.
    ///   - identifier: the container's.
    /// - Throws: `CgroupError.path` for one that leads out of the hierarchy or to its root, and for systemd's form
    ///   `slice:prefix:name`, which is for `SystemdScope`.
    public static func resolve(_ text: String?, identifier: String) throws(CgroupError) -> String {
        guard let text, !text.isEmpty else { return "gocker-\(identifier)" }
        guard text.split(separator: ":", omittingEmptySubsequences: false).count != 3 || text.contains("/") else {
            throw .path(text, "this is systemd's form: add --systemd-cgroup, or write a path such as /\(identifier)")
        }
        let components = text.split(separator: "/").filter { $0 != "." }
        guard !components.contains("..") else { throw .path(text, "\"..\" leads out of what is the container's") }
        guard !components.isEmpty else { throw .path(text, "the root of the hierarchy is everybody's") }
        guard !text.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "\n") }) else {
            throw .path(text, "no directory has such a name")
        }
        return components.joined(separator: "/")
    }
}
