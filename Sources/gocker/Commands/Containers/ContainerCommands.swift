internal import Manual
internal import Runtime

/// The verbs of an OCI runtime.
enum ContainerCommands {
    private static var all: [any ContainerCommand.Type] {
        [
            CreateCommand.self, StartCommand.self, RunBundleCommand.self, StateCommand.self, KillCommand.self,
            DeleteCommand.self, ExecCommand.self, PsCommand.self, ListCommand.self, PauseCommand.self,
            ResumeCommand.self, UpdateCommand.self, EventsCommand.self, SpecCommand.self, FeaturesCommand.self,
        ]
    }

    /// Those of `run` are with its other meaning.
    static var pages: [CommandPage] { all.filter { $0.name != "run" }.map { $0.page } }

    /// Does what `verb` says; what goes wrong is in the log, too.
    static func run(_ verb: String, _ words: [String], _ options: GlobalOptions) throws -> Int32 {
        guard let command = all.first(where: { $0.name == verb }) else {
            throw UsageError("unknown command \"\(verb)\"")
        }
        let context = try ContainerContext(options)
        do {
            return try command.run(words, in: context)
        } catch let error as UsageError {
            context.log.write(.error, error.message)
        } catch let failure as Failure {
            context.log.write(.error, failure.message)
        } catch {
            context.log.write(.error, "\(error)")
        }
        return 1
    }
}
