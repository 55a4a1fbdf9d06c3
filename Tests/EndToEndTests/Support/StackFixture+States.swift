import FoundationEssentials

extension StackFixture {
    /// The state of each instance there is.
    func states() throws -> [String: String] {
        struct Row: Decodable {
            let name: String
            let state: String
        }
        let rows = try JSONDecoder().decode(
            [Row].self, from: Data(try compose("ps", "-a", "--format", "json").output.utf8))
        return Dictionary(rows.map { ($0.name, $0.state) }, uniquingKeysWith: { first, _ in first })
    }

    /// Runs a command with options of the whole program before it.
    func compose(options: [String], _ arguments: String...) throws -> Program.Outcome {
        try Program.compose.run(["-f", file, "-p", project] + options + arguments, environment: environment)
    }

    /// A service that runs until it is stopped.
    static func sleeper(_ name: String, _ keys: String...) -> String {
        let all = ["rootfs: rootfs", "stop_signal: KILL", "command: [sleep, \"600\"]"] + keys
        return "  \(name): {\(all.joined(separator: ", "))}\n"
    }
}
