internal import OrderedCollections

extension Load {
    /// An absolute path; `~` is the user's home.
    func absolute(_ path: String, from directory: String) -> String {
        RelativePaths(directory: directory, home: environment.value("HOME")).absolute(path)
    }

    /// What to call a file that the user has not named: its path as seen from where the user is.
    func display(_ path: String) -> String {
        Path.display(path, from: request.workingDirectory)
    }

    /// Whether a file is being included already.
    func isIncluding(_ path: String, from file: SourceFile) -> Bool {
        (includedFrom + [file]).contains { $0.path == path }
    }

    /// The variables of env files, later files over earlier ones.
    mutating func readEnvFiles(_ files: [SourceFile]) -> OrderedDictionary<String, Environment.Variable> {
        let environment = environment
        var variables: OrderedDictionary<String, Environment.Variable> = [:]
        for file in files {
            var reader = EnvFile(file, earlier: variables) { environment.value($0) }
            reader.read()
            problems.add(reader.problems)
            variables = reader.variables
        }
        return variables
    }
}
