extension Busybox {
    /// One link per applet, in the order of their names.
    ///
    /// They are relative, so that they mean the same seen from the host; and they are links rather than further names of
    /// the file, so that a copy of the directory does not multiply it.
    var links: [(path: String, target: String)] {
        let targets = [
            "bin": "busybox", "sbin": "../bin/busybox", "usr/bin": "../../bin/busybox", "usr/sbin": "../../bin/busybox",
        ]
        // `linuxrc`, in the root itself, is for initial RAM disks; `bin/busybox` is the program.
        return Set(applets).subtracting(["bin/busybox"]).sorted().compactMap { applet in
            guard let slash = applet.lastIndex(of: "/"), applet.last != "/" else { return nil }
            return targets[String(applet[..<slash])].map { (applet, $0) }
        }
    }
}
