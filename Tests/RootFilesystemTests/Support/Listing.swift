import CLinux
import Linux

/// Everything below a directory, one line for each name: type, mode, owner and group where they are not root's, path,
/// and what there is to say about its kind. Sorted by path, `.` first.
func listing(_ root: String) throws -> [String] {
    var lines = [(".", try line(root, "."))]
    func walk(_ directory: String) throws {
        for name in try directoryEntries(directory.isEmpty ? root : "\(root)/\(directory)") {
            let path = directory.isEmpty ? name : "\(directory)/\(name)"
            lines.append((path, try line(root, path)))
            if try FileStatus.ofLink("\(root)/\(path)").kind == .directory { try walk(path) }
        }
    }
    try walk("")
    return lines.sorted { $0.0 < $1.0 }.map(\.1)
}

private func line(_ root: String, _ path: String) throws -> String {
    let status = try FileStatus.ofLink("\(root)/\(path)")
    let owner = status.owner == 0 && status.group == 0 ? "" : " \(status.owner):\(status.group)"
    let start = "\(String(status.mode, radix: 8))\(owner) \(path)"
    switch status.kind {
    case .regular: return "file \(start) \(status.size)"
    case .directory: return "dir \(start)"
    case .symbolicLink: return "link\(owner) \(path) -> \(linkTarget("\(root)/\(path)"))"
    case .fifo: return "fifo \(start)"
    case .characterDevice(let device): return "char \(start) \(device.major),\(device.minor)"
    case .blockDevice(let device): return "block \(start) \(device.major),\(device.minor)"
    case .socket, .unknown: return "? \(start)"
    }
}

/// What a symbolic link says.
func linkTarget(_ path: String) -> String {
    let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: 4096)
    defer { buffer.deallocate() }
    let count = readlink(path, buffer, 4096)
    return String(decoding: UnsafeRawBufferPointer(start: buffer, count: max(0, count)), as: UTF8.self)
}

/// What stat(2) says beyond `FileStatus`: the modification time, the number of names, the blocks in use.
func details(_ path: String) -> (time: FileTime, links: Int, blocks: Int) {
    var status = stat()
    _ = lstat(path, &status)
    let time = FileTime(seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
    return (time, Int(status.st_nlink), Int(status.st_blocks))
}
