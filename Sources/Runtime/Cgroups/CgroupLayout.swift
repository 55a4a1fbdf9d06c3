public import Linux

/// How a machine offers its cgroups: version 1 hierarchies, the unified hierarchy of version 2, or both.
///
/// On a hybrid machine a controller is on one side only, and it is that side which enforces.
public struct CgroupLayout: Sendable {
    /// A version 1 controller and where it is mounted.
    public struct Hierarchy: Hashable, Sendable {
        public let controller: CgroupController
        public let path: String

        public init(_ controller: CgroupController, _ path: String) {
            self.controller = controller
            self.path = path
        }
    }

    /// The unified hierarchy.
    public struct Unified: Hashable, Sendable {
        public let path: String
        public let controllers: [CgroupController]

        public init(path: String, controllers: [CgroupController]) {
            self.path = path
            self.controllers = controllers
        }
    }

    /// Where version 1 is: known, or looked for when somebody asks. A start that limits only processes asks for one
    /// hierarchy, not for all thirteen.
    private enum Version1: Sendable {
        case listed([Hierarchy], named: [String])
        case below(String, kind: @Sendable (String) -> FileSystemKind?)
    }

    private let version1: Version1
    /// Where version 2 is mounted, and which controllers it has.
    public let unified: Unified?

    /// - Parameter named: hierarchies without a controller, such as systemd's.
    public init(hierarchies: [Hierarchy], named: [String] = [], unified: Unified?) {
        version1 = .listed(hierarchies, named: named)
        self.unified = unified
    }

    private init(_ version1: Version1, unified: Unified?) {
        self.version1 = version1
        self.unified = unified
    }

    /// Looks at the machine. The kind of file system decides, never a name: a plain directory called `pids` on the tmpfs
    /// at `/sys/fs/cgroup` is left behind by more than one program.
    ///
    /// - Parameters:
    ///   - root: where distributions mount cgroups.
    ///   - kind: what a path is on; nil where it does not exist.
    ///   - read: the content of a file; nil where it cannot be read.
    public static func detect(
        root: String = "/sys/fs/cgroup",
        kind: @escaping @Sendable (String) -> FileSystemKind? = { try? FileSystemKind.of($0) },
        read: (String) -> String? = { try? readText($0) }
    ) -> CgroupLayout {
        func unified(at path: String) -> Unified {
            let names = (read(path + "/cgroup.controllers") ?? "").split { $0 == " " || $0 == "\n" }
            return Unified(path: path, controllers: names.compactMap { CgroupController(unifiedName: $0) })
        }

        if kind(root) == .cgroup2 {
            return CgroupLayout(hierarchies: [], unified: unified(at: root))
        }
        let hybrid = root + "/unified"
        return CgroupLayout(
            .below(root, kind: kind), unified: kind(hybrid) == .cgroup2 ? unified(at: hybrid) : nil)
    }
}

extension CgroupLayout {
    /// What of it the calling process may use: nothing, where it is not root; and nothing that is mounted read-only, as
    /// engines do it for containers without `--privileged`.
    public static func usable() -> CgroupLayout {
        guard effectiveUserID == 0 else { return CgroupLayout(hierarchies: [], unified: nil) }
        return detect(kind: { isWritable($0) ? try? FileSystemKind.of($0) : nil })
    }

    /// Where `controller` is mounted as version 1; nil where it is not.
    public func hierarchy(of controller: CgroupController) -> String? {
        switch version1 {
        case .listed(let hierarchies, _):
            return hierarchies.first { $0.controller == controller }?.path
        case .below(let root, let kind):
            for name in controller.mountNames where kind("\(root)/\(name)") == .cgroup1 { return "\(root)/\(name)" }
            return nil
        }
    }

    /// Every version 1 controller there is. Two of them may share a path.
    public var hierarchies: [Hierarchy] {
        switch version1 {
        case .listed(let hierarchies, _): hierarchies
        case .below:
            CgroupController.allCases.compactMap { controller in
                hierarchy(of: controller).map { Hierarchy(controller, $0) }
            }
        }
    }

    /// The version 1 hierarchies that have a name and no controller. Only systemd's is mounted anywhere.
    public var named: [String] {
        switch version1 {
        case .listed(_, let named): named
        case .below(let root, let kind): kind(root + "/systemd") == .cgroup1 ? [root + "/systemd"] : []
        }
    }

    /// Whether anything can enforce a limit of this kind.
    public func has(_ controller: CgroupController) -> Bool {
        hierarchy(of: controller) != nil || unified?.controllers.contains(controller) == true
    }
}

extension CgroupLayout: Equatable {
    /// Equal where the same is found.
    public static func == (left: Self, right: Self) -> Bool {
        left.unified == right.unified && left.hierarchies == right.hierarchies && left.named == right.named
    }
}
