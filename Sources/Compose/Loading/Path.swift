/// Paths as text. Nothing here looks at a file system.
enum Path {
    static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

    /// Everything before the last component: `/` for `/a`, `.` for `a`.
    static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : normalize(String(path[..<slash]))
    }

    /// The last component, or nothing for `/`.
    static func name(of path: String) -> String {
        String(path.split(separator: "/").last ?? "")
    }

    /// `path` itself where it is absolute, else below `base`; without `.`, `..` and doubled slashes either way.
    static func resolve(_ path: String, against base: String) -> String {
        normalize(isAbsolute(path) ? path : "\(base)/\(path)")
    }

    /// Takes `.`, `..` and doubled slashes out by text alone; `.` where nothing is left.
    static func normalize(_ path: String) -> String {
        let absolute = isAbsolute(path)
        var kept: [Substring] = []
        for component in path.split(separator: "/") where component != "." {
            if component != ".." {
                kept.append(component)
            } else if let last = kept.last, last != ".." {
                kept.removeLast()
            } else if !absolute {
                kept.append(component)
            }
        }
        let text = kept.joined(separator: "/")
        return absolute ? "/\(text)" : text.isEmpty ? "." : text
    }

    /// Whether `path` is `directory` or below it.
    static func contains(_ directory: String, _ path: String) -> Bool {
        path == directory || path.hasPrefix(directory == "/" ? "/" : "\(directory)/")
    }

    /// `path` as seen from `base` where it is below it, else as it is: the shortest name that is still clear.
    static func display(_ path: String, from base: String) -> String {
        let prefix = base == "/" ? "/" : "\(base)/"
        guard path.hasPrefix(prefix) else { return path }
        return String(path.dropFirst(prefix.count))
    }
}
