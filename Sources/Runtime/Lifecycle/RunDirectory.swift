internal import Linux

/// Where everything is that does not outlive the machine's running.
public enum RunDirectory {
    /// `GOCKER_RUN_DIR`, else a directory that a reboot empties: the machine's, or an ordinary user's own.
    public static var standard: String {
        if let directory = environmentVariable("GOCKER_RUN_DIR") { return directory }
        guard effectiveUserID != 0 else { return "/run/gocker" }
        return (environmentVariable("XDG_RUNTIME_DIR") ?? "/tmp/gocker-\(effectiveUserID)") + "/gocker"
    }
}
