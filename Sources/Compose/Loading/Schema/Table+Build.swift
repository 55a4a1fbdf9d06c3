extension Table {
    static let build = Table(
        "build",
        [
            Key("context", .string),
            Key("dockerfile", .string),
            Key("dockerfile_inline", .string),
            Key("entitlements", .list(.string)),
            Key("args", .variables(.arguments)),
            Key("provenance", .stringOrBoolean),
            Key("sbom", .stringOrBoolean),
            Key("ssh", .variables(.keys)),
            Key("labels", .variables(.labels)),
            Key("cache_from", .list(.string)),
            Key("cache_to", .list(.string)),
            Key("no_cache", .boolean),
            Key("no_cache_filter", .stringOrList()),
            Key("additional_contexts", .variables(.contexts)),
            Key("pull", .boolean),
            Key("extra_hosts", .hosts),
            Key("isolation", .string),
            Key("network", .string),
            Key("target", .string),
            Key("secrets", .list(.shorthand(.key("source"), fileMount))),
            Key("shm_size", .bytes),
            Key("tags", .list(.string, .byName)),
            Key("ulimits", .map(.limit(limit), .word)),
            Key("platforms", .list(.string)),
            Key("privileged", .boolean),
        ]
    )

    static let develop = Table("develop", [Key("watch", .list(.table(watch)))])

    static let watch = Table(
        "watch",
        [
            Key("path", .string, .unacted, [.required, .keptWhenEmpty]),
            Key(
                "action", .choice(["rebuild", "sync", "restart", "sync+restart", "sync+exec"]), .unacted,
                [.required, .keptWhenEmpty]
            ),
            Key("target", .string),
            Key("exec", .table(hook), .unacted, .alwaysInJSON),
            Key("include", .stringOrList()),
            Key("ignore", .stringOrList()),
            Key("initial_sync", .boolean),
        ]
    )
}
