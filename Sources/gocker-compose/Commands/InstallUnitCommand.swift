internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose install-unit`: a systemd unit for a stack.
struct InstallUnitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install-unit",
        abstract: "Write a systemd unit that brings the stack up at boot.",
        discussion: """
            The unit runs "gocker-compose supervise": up in order and health at boot, down in order at shutdown, and \
            where the supervisor dies it is started again and goes on with the services. "systemctl reload" makes the \
            stack what its file says by then. Its services are in cgroups of their own, named gocker-PROJECT. With \
            --template it is gocker@.service, which runs the stack in /etc/gocker/stacks/NAME as gocker@NAME.

            EXAMPLES:
              gocker-compose install-unit               then: systemctl enable --now gocker-NAME
              gocker-compose install-unit --print       look at it first
              gocker-compose install-unit --remove
              gocker-compose install-unit --template    then: systemctl enable --now gocker@NAME
            """
    )

    @OptionGroup var options: StackOptions

    @Option(help: ArgumentHelp("Where units are (default: /etc/systemd/system).", valueName: "dir"))
    var directory: String = "/etc/systemd/system"

    @Flag(help: "Print the unit, and write nothing.")
    var print = false

    @Flag(help: "Take the unit away.")
    var remove = false

    @Flag(help: "The unit for every stack in \(StackUnit.stacks), in place of one for this stack.")
    var template = false

    @Option(
        help: ArgumentHelp("The gocker-compose that the unit runs (default: this one).", valueName: "path"),
        completion: .file())
    var program: String?

    @Argument(help: "The stack file.")
    var stack: String?

    func validate() throws {
        if template, stack != nil { throw ValidationError("--template is for every stack; leave the stack file out") }
        if let program, !program.hasPrefix("/") {
            throw ValidationError("--program \(program): systemd takes an absolute path")
        }
    }

    func run() throws {
        let program = try self.program ?? readSymbolicLink("/proc/self/exe")
        let unit = try template ? StackUnit.template(program: program) : unitOfStack(program)
        if print { return writeBytes(unit.text.utf8, to: .standardOutput) }
        let path = "\(directory)/\(unit.name)"
        if options.dryRun { return writeLine("\(remove ? "-" : "+") \(path)", to: .standardOutput) }
        do {
            if remove {
                try removeFile(path)
                return writeLine("\(path) is gone; now: systemctl daemon-reload", to: .standardError)
            }
            try replaceFile(path, with: unit.text.utf8, mode: 0o644)
        } catch {
            throw Failure("\(error)")
        }
        let instance = template ? "gocker@NAME" : unit.name
        writeLine(
            "\(path) is written; now: systemctl daemon-reload && systemctl enable --now \(instance)",
            to: .standardError)
    }

    private func unitOfStack(_ program: String) throws -> StackUnit {
        let request = try options.request(stack: stack, purpose: .run)
        let stack = try options.loadStack(request)
        let here = try workingDirectory()
        let files = request.files.map { $0.hasPrefix("/") ? $0 : "\(here)/\($0)" }
        guard !request.files.contains("-") else {
            throw Failure("a unit needs stack files that are there at boot, not the standard input")
        }
        let environment = ["GOCKER_RUN_DIR", "GOCKER_DATA_DIR"].compactMap { name in
            environmentVariable(name).map { "\(name)=\($0)" }
        }
        return StackUnit(stack, files: files, program: program, environment: environment)
    }
}
