public import Linux

/// How a machine offers its cgroups: version 1 hierarchies, the unified hierarchy of version 2, or both.
///
/// On a hybrid machine a controller is on one side only, and it is that side which enforces.
public struct CgroupLayout: Hashable, Sendable {
    /// A version 1 controller and where it is mounted.
    public struct Hierarchy: Hashable, Sendable {
        public let controller: CgroupController
        public let path: String

        public init(_ controller: CgroupController, _ path: String) {
            self.controller = controller
            self.path = path
        }
    }

    public let hierarchies: [Hierarchy]
    /// Where version 2 is mounted, and which controllers it has.
    public let unified: Unified?

    /// The unified hierarchy.
    public struct Unified: Hashable, Sendable {
        public let path: String
        public let controllers: [CgroupController]

        public init(path: String, controllers: [CgroupController]) {
            self.path = path
            self.controllers = controllers
        }
    }

    public init(hierarchies: [Hierarchy], unified: Unified?) {
        self.hierarchies = hierarchies
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
        kind: (String) -> FileSystemKind? = { try? FileSystemKind.of($0) },
        read: (String) -> String? = { try? readText($0) }
    ) -> CgroupLayout {
        func unified(at path: String) -> Unified {
            let names = (read(path + "/cgroup.controllers") ?? "").split { $0 == " " || $0 == "\n" }
            return Unified(path: path, controllers: names.compactMap { CgroupController(rawValue: String($0)) })
        }

        if kind(root) == .cgroup2 {
            return CgroupLayout(hierarchies: [], unified: unified(at: root))
        }
        var hierarchies: [Hierarchy] = []
        for controller in CgroupController.allCases {
            // A hierarchy of several controllers has a name of several; not everybody links the single ones to it.
            let names = controller == .cpu ? ["cpu", "cpu,cpuacct"] : [controller.rawValue]
            if let path = names.map({ "\(root)/\($0)" }).first(where: { kind($0) == .cgroup1 }) {
                hierarchies.append(Hierarchy(controller, path))
            }
        }
        let hybrid = root + "/unified"
        return CgroupLayout(
            hierarchies: hierarchies, unified: kind(hybrid) == .cgroup2 ? unified(at: hybrid) : nil)
    }
}

extension CgroupLayout {
    /// Where `controller` is mounted as version 1; nil where it is not.
    func hierarchy(of controller: CgroupController) -> String? {
        hierarchies.first { $0.controller == controller }?.path
    }

    /// Whether anything can enforce a limit of this kind.
    public func has(_ controller: CgroupController) -> Bool {
        hierarchy(of: controller) != nil || unified?.controllers.contains(controller) == true
    }
}
