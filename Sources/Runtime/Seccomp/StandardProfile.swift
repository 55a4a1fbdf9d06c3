public import Linux

/// The profile of a container for which nobody asked for another one: equal in effect to Docker's, as of June 2026.
///
/// What is not listed fails with `EPERM`: calls that change the machine, calls that reach into other containers, and
/// those that few programs need and that have had holes (io_uring, keyrings, userfaultfd, …).
extension SeccompSpec {
    /// - Parameter capabilities: those that the container may have. A call that the kernel allows only with one of them
    ///   is allowed with it; without it there is no need for it.
    public static func standard(capabilities: CapabilitySet) -> SeccompSpec {
        var names = StandardCalls.unconditional
        for (capability, calls) in StandardCalls.byCapability where capabilities.contains(capability) { names += calls }
        var rules = [Rule(names, .allow)]
        rules += StandardCalls.sockets
        rules += StandardCalls.personalities
        if !capabilities.contains(.sysAdmin) { rules += StandardCalls.newProcesses }
        return SeccompSpec(defaultAction: .errno(1), architectures: nativeArchitectures, rules: rules)
    }

    /// The machine's own, and those of the older programs it can run too.
    private static var nativeArchitectures: [String] {
        #if arch(x86_64)
            ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]
        #elseif arch(arm64)
            ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"]
        #else
            []
        #endif
    }
}
