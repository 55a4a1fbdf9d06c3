internal import Linux

/// The second life of the binary: the fresh image that sets a container up from inside and becomes the payload.
public enum InitStage {
    /// The name it is executed by.
    static let name = "gocker-init"
    /// The descriptor that leads to the parent, after those that the payload keeps.
    static func controlDescriptor(preserving count: Int) -> CInt { CInt(3 + count) }

    /// What it is executed with.
    static func arguments(preserving count: Int) -> [String] { count == 0 ? [name] : [name, String(count)] }

    /// Becomes the init stage where the process was executed as one; otherwise returns at once.
    ///
    /// To be called before anything else in `main`.
    public static func runIfRequested() {
        guard CommandLine.argc <= 2, CommandLine.unsafeArgv[0].map({ String(cString: $0) }) == name else { return }
        let preserved = CommandLine.argc == 2 ? CommandLine.unsafeArgv[1].flatMap { Int(String(cString: $0)) } : 0
        run(preserving: preserved ?? 0)
    }

    private static func run(preserving count: Int) -> Never {
        let control = FileDescriptor(owning: controlDescriptor(preserving: count))
        do {
            try setDumpable(false)
            Linux.setFileModeMask(0)
            let size = Int(WireReader.size(try control.readExactly(4)))
            let program = try InitProgram(wire: try control.readExactly(size))
            execute(program, control: control)
        } catch {
            // Nobody sent a program: this was not started by the runtime.
            exitImmediately(125)
        }
    }

    private static func execute(_ program: InitProgram, control: consuming FileDescriptor) -> Never {
        var interpreter = InitInterpreter(control: control)
        for (index, operation) in program.operations.enumerated() {
            do {
                try interpreter.run(operation)
                interpreter.times?.append(.now)
            } catch {
                try? interpreter.control.writeAll(InitFailure(operation: index, error: error).wire)
                exitImmediately(125)
            }
        }
        exitImmediately(0)
    }
}

extension WireReader {
    fileprivate static func size(_ bytes: [UInt8]) -> UInt32 {
        var reader = WireReader(bytes)
        return (try? reader.number()) ?? 0
    }
}
