extension Table {
    static let healthCheck = Table(
        "healthcheck",
        [
            Key("test", .healthTest, .acted),
            Key("timeout", .duration, .acted, .keptWhenEmpty),
            Key("interval", .duration, .acted, .keptWhenEmpty),
            Key("retries", .integer(nil), .acted, .keptWhenEmpty),
            Key("start_period", .duration, .acted, .keptWhenEmpty),
            Key("start_interval", .duration, .acted, .keptWhenEmpty),
            Key("disable", .boolean, .acted),
        ]
    )

    static let ready = Table(
        "ready", extensible: false,
        [
            Key("tcp", .stringOrNumber, .acted),
            Key("http", .stringOrNumber, .acted),
            Key("unix", .string, .acted),
            Key("file", .string, .acted),
            Key("log", .string, .acted),
            Key("notify", .boolean, .acted),
            Key("interval", .duration, .acted),
            Key("timeout", .duration, .acted),
        ]
    )

    static let schedule = Table(
        "schedule", extensible: false,
        [
            Key("cron", .string, .acted, .required),
            Key("timezone", .string, .acted),
            Key("missed", .choice(["run", "skip"]), .acted),
        ]
    )
}
