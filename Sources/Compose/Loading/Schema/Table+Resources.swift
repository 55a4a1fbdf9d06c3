extension Table {
    static let deploy = Table(
        "deploy",
        [
            Key("mode", .string, .acted),
            Key("replicas", .integer(nil), .acted, .keptWhenEmpty),
            Key("labels", .variables(.labels)),
            Key("update_config", .table(update), .acted),
            Key("rollback_config", .table(update)),
            Key("resources", .table(resources), .acted, .alwaysInJSON),
            Key("restart_policy", .table(restartPolicy), .acted),
            Key("placement", .table(placement), .unacted, .alwaysInJSON),
            Key("endpoint_mode", .string),
        ]
    )

    static let update = Table(
        "update_config",
        [
            Key("parallelism", .integer(nil), .acted, .keptWhenEmpty),
            Key("delay", .duration, .acted),
            Key("failure_action", .string, .acted),
            Key("monitor", .duration, .acted),
            Key("max_failure_ratio", .number),
            Key("order", .choice(["start-first", "stop-first"]), .acted),
        ]
    )

    static let resources = Table(
        "resources",
        [
            Key("limits", .table(limits), .acted, .keptWhenEmpty),
            Key("reservations", .table(reservations), .acted, .keptWhenEmpty),
        ]
    )

    static let limits = Table(
        "limits",
        [Key("cpus", .number, .acted), Key("memory", .bytes, .acted), Key("pids", .integer(nil), .acted)]
    )

    static let reservations = Table(
        "reservations",
        [
            Key("cpus", .number),
            Key("memory", .bytes, .acted),
            Key("devices", .list(.table(deviceRequest))),
            Key("generic_resources", .list(.table(genericResource))),
        ]
    )

    static let genericResource = Table("generic_resources", [Key("discrete_resource_spec", .table(discreteResource))])

    static let discreteResource = Table(
        "discrete_resource_spec",
        [Key("kind", .string), Key("value", .integer(nil))]
    )

    static let restartPolicy = Table(
        "restart_policy",
        [
            Key("condition", .string, .acted),
            Key("delay", .duration, .acted, .keptWhenEmpty),
            Key("max_attempts", .integer(nil), .acted, .keptWhenEmpty),
            Key("window", .duration, .acted, .keptWhenEmpty),
        ]
    )

    static let placement = Table(
        "placement",
        [
            Key("constraints", .list(.string)),
            Key("preferences", .list(.table(Table("preferences", [Key("spread", .string)])))),
            Key("max_replicas_per_node", .integer(nil)),
        ]
    )

    static let deviceRequest = Table(
        "device_request", [Key("capabilities", .list(.string, .refused), .unacted, .required)] + requestKeys
    )

    static let gpu = Table("gpu", [Key("capabilities", .list(.string, .refused))] + requestKeys)

    private static let requestKeys = [
        Key("driver", .string),
        Key("count", .deviceCount),
        Key("device_ids", .list(.string, .refused)),
        Key("options", .variables(.labels)),
    ]

    static let device = Table(
        "device_mapping",
        [
            Key("source", .string, .acted, .required),
            Key("target", .string, .acted),
            Key("permissions", .string, .acted),
        ]
    )

    static let limit = Table(
        "ulimit",
        [
            Key("soft", .integer(nil), .acted, [.required, .keptWhenEmpty]),
            Key("hard", .integer(nil), .acted, [.required, .keptWhenEmpty]),
        ]
    )

    static let blockIO = Table(
        "blkio_config", extensible: false,
        [
            Key("weight", .integer(nil), .acted),
            Key("weight_device", .list(.table(blockWeight)), .acted),
            Key("device_read_bps", .list(.table(blockRate)), .acted),
            Key("device_read_iops", .list(.table(blockRate)), .acted),
            Key("device_write_bps", .list(.table(blockRate)), .acted),
            Key("device_write_iops", .list(.table(blockRate)), .acted),
        ]
    )

    static let blockRate = Table(
        "rate", extensible: false,
        [Key("path", .string, .acted, .capitalInJSON), Key("rate", .bytes, .acted, .capitalInJSON)]
    )

    static let blockWeight = Table(
        "weight", extensible: false,
        [Key("path", .string, .acted, .capitalInJSON), Key("weight", .integer(nil), .acted, .capitalInJSON)]
    )
}
