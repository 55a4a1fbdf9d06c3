internal import CLinux

/// Hands a program for `BPF_PROG_TYPE_CGROUP_DEVICE` to the kernel, which checks it. See bpf(2), BPF_PROG_LOAD.
///
/// - Parameter instructions: the kernel's `struct bpf_insn`, one after the other.
/// - Throws: `SystemError`, `.operationNotPermitted` without `CAP_SYS_ADMIN`.
public func loadDeviceProgram(_ instructions: [UInt8]) throws(SystemError) -> FileDescriptor {
    let size = 8  // of a struct bpf_insn
    guard instructions.count % size == 0, let count = UInt32(exactly: instructions.count / size) else {
        throw SystemError("bpf", "a program of \(instructions.count) bytes", .invalidArgument)
    }
    return FileDescriptor(
        owning: try system("bpf", "load a device program") {
            instructions.withUnsafeBytes { clinux_load_device_program($0.baseAddress, count) }
        })
}

/// Opens a program that is in the kernel already. See bpf(2), BPF_PROG_GET_FD_BY_ID.
public func openDeviceProgram(_ identifier: UInt32) throws(SystemError) -> FileDescriptor {
    FileDescriptor(owning: try system("bpf", "open program \(identifier)") { clinux_open_bpf_program(identifier) })
}

extension FileDescriptor {
    /// Attaches a program to this directory of a version 2 cgroup, beside those of the cgroups above. See bpf(2),
    /// BPF_PROG_ATTACH with BPF_F_ALLOW_MULTI.
    public func attachDeviceProgram(_ program: borrowing FileDescriptor) throws(SystemError) {
        try system("bpf", "attach a device program") {
            clinux_attach_device_program(number, program.number, -1)
        }
    }

    /// The same in place of another program, in one step. See BPF_F_REPLACE.
    public func attachDeviceProgram(
        _ program: borrowing FileDescriptor, replacing old: borrowing FileDescriptor
    ) throws(SystemError) {
        try system("bpf", "replace a device program") {
            clinux_attach_device_program(number, program.number, old.number)
        }
    }

    public func detachDeviceProgram(_ program: borrowing FileDescriptor) throws(SystemError) {
        try system("bpf", "detach a device program") { clinux_detach_device_program(number, program.number) }
    }

    /// The identifiers of the programs attached to this very cgroup, at most 64. See BPF_PROG_QUERY.
    public func attachedDevicePrograms() throws(SystemError) -> [UInt32] {
        var identifiers = [UInt32](repeating: 0, count: 64)
        var count = UInt32(identifiers.count)
        try system("bpf", "query device programs") { clinux_query_device_programs(number, &identifiers, &count) }
        return Array(identifiers.prefix(Int(count)))
    }
}
