internal import Linux
internal import Runtime

// How the values on the command line of `gocker run` are read.

extension ContainerRequest.Network {
    init?(_ text: String) {
        switch text {
        case "host": self = .host
        case "none": self = .none
        default: return nil
        }
    }
}

/// `no-new-privileges`, `seccomp` or `apparmor`, with `=` or `:` and a value, as in a stack file.
enum SecurityArgument {
    case noNewPrivileges(Bool)
    case seccomp(SeccompArgument)
    case appArmor(AppArmorArgument)

    init?(_ text: String) {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "=" || $0 == ":" }
        let value = parts.count == 2 ? String(parts[1]) : nil
        switch (parts.first, value) {
        case ("no-new-privileges", nil), ("no-new-privileges", "true"): self = .noNewPrivileges(true)
        case ("no-new-privileges", "false"): self = .noNewPrivileges(false)
        case ("seccomp", .some(let value)) where !value.isEmpty: self = .seccomp(SeccompArgument(value: value))
        case ("apparmor", .some(let value)) where !value.isEmpty: self = .appArmor(AppArmorArgument(value: value))
        default: return nil
        }
    }
}

/// `unconfined`, or a file with a profile.
struct SeccompArgument {
    let value: String

    func choice() throws -> SeccompChoice {
        guard value != "unconfined" else { return .unconfined }
        do {
            return .profile(try SeccompSpec(file: value))
        } catch {
            throw Failure("--security-opt seccomp=\(value): \(error)")
        }
    }
}

/// `unconfined`, or the name of a profile that is loaded.
struct AppArmorArgument {
    let value: String

    /// Nil where nobody is confined: this machine does without AppArmor.
    func profile() throws -> String? {
        guard SecurityModule.appArmor.isActive else {
            guard value != "unconfined" else { return nil }
            throw Failure("--security-opt apparmor=\(value): this machine does without AppArmor; leave it out")
        }
        return value
    }
}

/// `SRC:DST[:ro|rw]`.
struct VolumeArgument {
    private let source: String
    private let destination: String
    private let isReadOnly: Bool

    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), !parts[0].isEmpty, parts[1].hasPrefix("/") else { return nil }
        if parts.count == 3, parts[2] != "ro", parts[2] != "rw" { return nil }
        source = parts[0]
        destination = parts[1]
        isReadOnly = parts.count == 3 && parts[2] == "ro"
    }

    func mount() throws -> MountSpec {
        let absolute = source.hasPrefix("/") ? source : "\(try workingDirectory())/\(source)"
        guard (try? FileStatus.of(absolute)) != nil else {
            throw Failure("--volume \(source): no such file or directory on the host")
        }
        guard destination.contains(where: { $0 != "/" }) else {
            throw Failure("--volume \(source):\(destination): the root itself cannot be mounted over; use --rootfs")
        }
        return MountSpec(.bind(absolute), at: destination, flags: isReadOnly ? [.noDevices, .readOnly] : .noDevices)
    }
}

/// `NAME=value`, or `NAME` alone for the caller's value.
enum EnvironmentArgument {
    static func variable(_ argument: String) throws -> ContainerRequest.Variable? {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty else {
            throw Failure("--env \(argument): expected NAME=value or NAME")
        }
        if parts.count == 2 { return ContainerRequest.Variable(String(name), String(parts[1])) }
        return environmentVariable(String(name)).map { ContainerRequest.Variable(String(name), $0) }
    }
}

/// Where the root file system is.
enum RootfsArgument {
    /// The directory named, or the first default there is, as an absolute path.
    static func resolve(_ argument: String?) throws -> String {
        let named = argument ?? environmentVariable("GOCKER_ROOTFS")
        for path in named.map({ [$0] }) ?? ["rootfs", "/rootfs"] {
            let absolute = path.hasPrefix("/") ? path : "\(try workingDirectory())/\(path)"
            if let status = try? FileStatus.of(absolute), status.kind == .directory { return absolute }
        }
        if let named {
            throw Failure("root file system \(named): not a directory (make one with: gocker rootfs create \(named))")
        }
        throw Failure(
            "no root file system: ./rootfs and /rootfs are not there; name one with --rootfs or $GOCKER_ROOTFS, "
                + "or make one with: gocker rootfs create rootfs")
    }
}
