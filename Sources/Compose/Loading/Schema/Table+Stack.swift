extension Table {
    /// The stack file itself.
    static let stack = Table(
        "stack",
        [
            Key("version", .string, .acted),
            Key("name", .string, .acted),
            Key("include", .list(.shorthand(.key("path"), include)), .acted),
            Key("services", .map(.table(service), .resource), .acted, [.keptWhenEmpty, .alwaysPrinted]),
            Key("networks", .map(.nullable(.table(network)), .resource)),
            Key("volumes", .map(.nullable(.table(volume)), .resource), .acted),
            Key("secrets", .map(.table(secret), .resource), .acted),
            Key("configs", .map(.table(config), .resource), .acted),
            Key("models", .map(.table(model), .resource), .unacted, .absentInJSON),
        ]
    )

    static let include = Table(
        "include", extensible: false,
        [
            Key("path", .stringOrList(), .acted),
            Key("project_directory", .string, .acted),
            Key("env_file", .stringOrList(), .acted),
        ]
    )

    static let model = Table(
        "model",
        [
            Key("name", .string),
            Key("model", .string, .unacted, .required),
            Key("context_size", .integer(nil)),
            Key("runtime_flags", .list(.string)),
        ]
    )
}
