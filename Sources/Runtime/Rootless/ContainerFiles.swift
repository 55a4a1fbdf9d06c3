public import Linux

/// Files that a container has written.
public enum ContainerFiles {
    /// Removes a directory with everything in it. Missing is not an error.
    ///
    /// What an ordinary user's container wrote may belong to one of its subordinate users: it is removed by whoever is
    /// root over these.
    public static func removeTree(_ path: String) throws(SystemError) {
        do {
            return try Linux.removeTree(path)
        } catch {
            guard case .ordinary(let mappings) = Privileges.current,
                error.errno == .permissionDenied || error.errno == .operationNotPermitted
            else { throw error }
            try removeTree(path, as: mappings)
        }
    }

    private static func removeTree(_ path: String, as mappings: IdentityMappings) throws(SystemError) {
        let program = InitProgram(
            operations: [.unshare(.user), .synchronize(.mappings), .becomeNamespaceRoot, .removeTree(path)],
            clonedNamespaces: [])
        do {
            let helper = try Launcher.start(program, cgroup: nil, mappings: mappings)
            try helper.waitUntilRunning()
            _ = try helper.process.wait()
        } catch RuntimeError.setup(let error) {
            throw error
        } catch {
            throw SystemError("remove", path, .inputOutput)
        }
    }
}
