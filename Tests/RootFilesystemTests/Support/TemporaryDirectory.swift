import Linux

/// Runs `body` with the path of an empty directory of its own, and removes it afterwards.
func withTemporaryDirectory<Value>(_ body: (String) throws -> Value) throws -> Value {
    let random = try randomBytes(8).map { String($0, radix: 36) }.joined()
    let path = "/tmp/gocker-rootfs-\(random)"
    try makeDirectory(path, mode: 0o755)
    defer {
        if let directory = try? FileDescriptor.open(path, .directory) { try? directory.removeAllEntries() }
        try? removeDirectory(path)
    }
    return try body(path)
}

/// Writes a file for a test.
func write(_ path: String, _ bytes: [UInt8]) throws {
    try FileDescriptor.open(path, [.write, .create, .truncate]).writeAll(bytes)
}
