internal import Linux

/// The device program of a version 2 cgroup, in the kernel.
enum DeviceFilter {
    /// Lets `rules` decide in `directory` from now on, in place of what did before.
    static func install(_ rules: [DeviceRule], in directory: String) throws(SystemError) {
        let cgroup = try FileDescriptor.open(directory, .directory)
        let program = try loadDeviceProgram(DeviceProgram(rules).bytes)
        let present = try cgroup.attachedDevicePrograms()
        // In one step where it can be: between two programs neither would decide, or both.
        if present.count == 1, let only = present.first {
            try cgroup.attachDeviceProgram(program, replacing: try openDeviceProgram(only))
            return
        }
        try cgroup.attachDeviceProgram(program)
        for identifier in present { try cgroup.detachDeviceProgram(try openDeviceProgram(identifier)) }
    }
}
