internal import Linux

/// Which run of the machine this is. See random(4), `/proc/sys/kernel/random/boot_id`.
enum BootID {
    static var current: String {
        ((try? readText("/proc/sys/kernel/random/boot_id")) ?? "").filter { !$0.isWhitespace }
    }
}
