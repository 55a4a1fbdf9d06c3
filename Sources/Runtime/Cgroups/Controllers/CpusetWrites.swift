internal import Linux

extension Resources.CPU {
    /// See cpuset(7); the files are the same in both versions. An empty text is how engines leave it out.
    var cpusetWrites: [CgroupWrite] {
        var writes: [CgroupWrite] = []
        if let cpus, !cpus.isEmpty { writes.append(CgroupWrite("cpuset.cpus", cpus)) }
        if let mems, !mems.isEmpty { writes.append(CgroupWrite("cpuset.mems", mems)) }
        return writes
    }
}

/// The rule of version 1 that nothing can enter a cpuset without processors and memory nodes, and that a new one has
/// none.
enum CpusetInheritance {
    /// Gives `directory`, and what is above it up to `mount`, what the one above has, where it has nothing yet.
    static func complete(_ directory: String, mount: String) throws(SystemError) {
        let processors = try value(directory, "cpuset.cpus")
        let nodes = try value(directory, "cpuset.mems")
        guard processors.isEmpty || nodes.isEmpty, directory != mount, let parent = parentDirectory(of: directory)
        else { return }
        try complete(parent, mount: mount)
        for file in ["cpuset.cpus", "cpuset.mems"] {
            guard try value(directory, file).isEmpty else { continue }
            try writeControlFile("\(directory)/\(file)", try value(parent, file))
        }
    }

    private static func value(_ directory: String, _ file: String) throws(SystemError) -> String {
        try readText("\(directory)/\(file)").split(separator: "\n").first.map(String.init) ?? ""
    }
}
