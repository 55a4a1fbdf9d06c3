internal import CLinux

/// Where the symbolic link at `path` leads. The corresponding C function is `readlink`.
public func readSymbolicLink(_ path: String) throws(SystemError) -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = try system("readlink", path) {
        buffer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { readlink(path, $0, text.count) } ?? -1
            }
        }
    }
    return String(decoding: buffer[..<count], as: UTF8.self)
}

/// Creates a symbolic link. The corresponding C function is `symlink`.
public func makeSymbolicLink(to target: String, at path: String) throws(SystemError) {
    try system("symlink", path) { symlink(target, path) }
}
