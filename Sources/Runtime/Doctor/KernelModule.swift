/// A part of the kernel that may be built in, loaded, or to be loaded when it is first used.
struct KernelModule: Hashable, Sendable {
    /// With underscores, as `/proc/modules` has it.
    let name: String

    init(_ name: String) {
        self.name = name
    }

    enum Presence: Hashable, Sendable {
        case there
        case absent
        /// It is not loaded, and there are no lists of what could be: the case in a container.
        case unknown
    }

    func presence(on host: some Host) -> Presence {
        if host.exists("/sys/module/\(name)") { return .there }
        let lists = ["modules.builtin", "modules.dep"].map { host.text("/lib/modules/\(host.release)/\($0)") }
        if lists.contains(where: isListed) { return .there }
        return lists.contains { $0 == nil } ? .unknown : .absent
    }

    /// A line begins with the file: `kernel/net/bridge/bridge.ko.xz: …`; in file names a dash is as good as an underscore.
    /// See modules.dep(5).
    private func isListed(_ list: String?) -> Bool {
        guard let list else { return false }
        return list.split(separator: "\n").contains { line in
            let file = line.prefix { $0 != ":" }.split(separator: "/").last ?? ""
            return file.prefix { $0 != "." }.replacing("-", with: "_") == name
        }
    }
}
