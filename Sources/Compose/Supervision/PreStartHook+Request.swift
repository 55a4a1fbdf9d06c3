internal import Linux
internal import Runtime

extension PreStartHook {
    /// The container that it runs in before an instance of `service`: the service's, but for what it says itself.
    func request(of service: Service) throws(RuntimeError) -> ContainerRequest {
        let rootfs = rootfs ?? service.rootfs
        // What it leaves behind is in volumes; the instance's own layer is not yet anybody's.
        var request = try service.request(changes: rootfs.overlay ? .temporary : .inPlace)
        request.root.path = rootfs.path
        request.command = hook.command
        request.terminal = false
        request.environment += hook.environment.map { ContainerRequest.Variable($0.key, $0.value) }
        if let directory = hook.workingDirectory { request.workingDirectory = directory }
        if let user = hook.user {
            guard let specifier = UserSpecifier(user) else {
                throw .setup(SystemError("user", user, .invalidArgument))
            }
            request.user = specifier
        } else if self.rootfs != nil {
            // Another root file system has other users.
            request.user = .root
        }
        if hook.isPrivileged {
            request.isPrivileged = true
            request.capabilities = boundingSet()
        }
        return request
    }
}
