import Linux

/// A system call of a program, by its name and how many of this name came before it and with it.
struct SystemCallPoint: Hashable, CustomStringConvertible {
    let name: String
    let count: Int

    var description: String { "\(name) \(count)" }
}

/// Kills programs at a system call that is chosen, by means of strace(1).
enum Strace {
    static let path = ["/usr/bin/strace", "/bin/strace", "/usr/local/bin/strace"].first {
        (try? FileStatus.of($0)) != nil
    }
    static let program = Program(path: path ?? "/usr/bin/strace")

    /// Whether it is here and may trace.
    static let isUsable: Bool = {
        guard path != nil else { return false }
        return (try? program.run("-o", "/dev/null", "/bin/true").exitCode) == 0
    }()

    /// Every so many points are tried; all of them where `GOCKER_EVERY_POINT` is set.
    static func selected<Point>(_ points: [Point], about number: Int) -> [Point] {
        guard environmentVariable("GOCKER_EVERY_POINT") == nil else { return points }
        let step = max(1, points.count / number)
        return stride(from: 0, to: points.count, by: step).map { points[$0] }
    }

    /// The points of a program run to its end. What it starts runs on.
    static func points(of path: String, _ arguments: [String]) throws -> [SystemCallPoint] {
        let directory = try TemporaryDirectory()
        let file = "\(directory.path)/calls"
        _ = try program.run(["-o", file, path] + arguments)
        return try points(in: file)
    }

    /// The points that strace has written down.
    static func points(in file: String) throws -> [SystemCallPoint] {
        var counts: [String: Int] = [:]
        // Lines are of the form `name(arguments) = result`.
        return try readText(file).split(separator: "\n").compactMap { line in
            let name = line.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            guard !name.isEmpty, line.dropFirst(name.count).first == "(" else { return nil }
            counts["\(name)", default: 0] += 1
            return SystemCallPoint(name: "\(name)", count: counts["\(name)"] ?? 0)
        }
    }

    /// Runs a program that is killed at `point`. What it has started by then runs on.
    static func run(_ path: String, _ arguments: [String], killedAt point: SystemCallPoint) throws -> Program.Outcome {
        let injection = "inject=\(point.name):signal=KILL:when=\(point.count)"
        return try program.run(["-o", "/dev/null", "-e", "trace=\(point.name)", "-e", injection, path] + arguments)
    }
}
