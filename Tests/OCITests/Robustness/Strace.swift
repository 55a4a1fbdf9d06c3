import Linux

/// A system call of a program, by its name and how many of this name came before it and with it.
struct SystemCallPoint: Hashable, CustomStringConvertible {
    let name: String
    let count: Int

    var description: String { "\(name) \(count)" }
}

/// Kills programs at a system call that is chosen, by means of strace(1).
enum Strace {
    static let path = ["/usr/bin/strace", "/bin/strace", "/usr/local/bin/strace"].first { exists($0) }
    static let program = Program(path: path ?? "/usr/bin/strace")
    static let reason = "\(OCIRuntime.ownReason); killing at a system call needs strace, and leave to trace"

    /// Whether it is here and may trace.
    static let isUsable: Bool = {
        guard path != nil else { return false }
        return (try? program.run(["-o", "/dev/null", "/bin/true"]).succeeded) == true
    }()

    /// Every so many points are tried; all of them where `GOCKER_EVERY_POINT` is set.
    static func selected<Point>(_ points: [Point], about number: Int) -> [Point] {
        guard environmentVariable("GOCKER_EVERY_POINT") == nil else { return points }
        let step = max(1, points.count / number)
        return stride(from: 0, to: points.count, by: step).map { points[$0] }
    }

    /// The points of a program run to its end. What it starts runs on.
    static func points(of path: String, _ arguments: [String], in directory: TemporaryDirectory) throws
        -> [SystemCallPoint]
    {
        let file = "\(directory.path)/calls"
        _ = try program.run(["-o", file, path] + arguments)
        return points(try readText(file).split(separator: "\n"))
    }

    /// Lines are of the form `name(arguments) = result`.
    static func points(_ lines: [Substring]) -> [SystemCallPoint] {
        var counts: [String: Int] = [:]
        return lines.compactMap { line in
            let name = line.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            guard !name.isEmpty, line.dropFirst(name.count).first == "(" else { return nil }
            counts["\(name)", default: 0] += 1
            return SystemCallPoint(name: "\(name)", count: counts["\(name)"] ?? 0)
        }
    }

    /// Arguments with which whatever is traced is killed at `point`.
    static func killing(at point: SystemCallPoint) -> [String] {
        ["-o", "/dev/null", "-e", "trace=\(point.name)", "-e", "inject=\(point.name):signal=KILL:when=\(point.count)"]
    }

    /// Runs a program that is killed at `point`. What it has started by then runs on.
    @discardableResult
    static func run(_ path: String, _ arguments: [String], killedAt point: SystemCallPoint) throws -> Program.Outcome {
        try program.run(killing(at: point) + [path] + arguments)
    }
}
