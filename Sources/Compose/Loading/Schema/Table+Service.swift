extension Table {
    /// A service: the 93 keys of the Compose Specification, and our own.
    static let service = Table(
        "service",
        [
            Key("profiles", .list(.string, .byName), .acted),
            Key("rootfs", .shorthand(.key("path"), rootfs), .acted),
            Key("ready", .table(ready), .acted),
            Key("on_unhealthy", .choice(["none", "restart", "stop"]), .acted),
            Key("schedule", .shorthand(.key("cron"), schedule), .acted),
            Key("annotations", .variables(.labels)),
            Key("attach", .boolean, .acted, .keptWhenEmpty),
            Key("build", .shorthand(.key("context"), build)),
            Key("develop", .nullable(.table(develop))),
            Key("blkio_config", .table(blockIO), .acted),
            Key("cap_add", .list(.string, .byName), .acted),
            Key("cap_drop", .list(.string, .byName), .acted),
            Key("cgroup_parent", .string, .refused),
            Key("cgroup", .choice(["host", "private"]), .acted),
            Key("cpu_count", .integer(0...Int64.max)),
            Key("cpu_percent", .number),
            Key("cpu_period", .integer(nil), .acted),
            Key("cpu_quota", .integer(nil), .acted),
            Key("cpu_rt_period", .integer(nil), .acted),
            Key("cpu_rt_runtime", .integer(nil), .acted),
            Key("cpus", .number, .acted),
            Key("cpuset", .string, .acted),
            Key("cpu_shares", .integer(nil), .acted),
            Key("command", .command, .acted, [.keptWhenEmpty, .alwaysInJSON]),
            Key("configs", .list(.shorthand(.key("source"), fileMount), .byMountPoint("")), .acted),
            Key("container_name", .matching(.containerName)),
            Key("credential_spec", .table(credentials)),
            Key("depends_on", .namedOrListed(.table(dependency), .dependency), .acted),
            Key("deploy", .nullable(.table(deploy)), .acted, .keptWhenEmpty),
            Key("device_cgroup_rules", .list(.string, .refused), .acted),
            Key("devices", .list(.shorthand(.device, device), .byDeviceTarget), .acted),
            Key("dns", .stringOrList(.byName), .acted),
            Key("dns_opt", .list(.string, .byName), .acted),
            Key("dns_search", .stringOrList(.byName), .acted),
            Key("domainname", .string, .acted),
            Key("entrypoint", .command, .acted, [.keptWhenEmpty, .alwaysInJSON]),
            Key("provider", .table(provider), .refused),
            Key("environment", .variables(.environment), .acted),
            Key("env_file", .environmentFiles, .acted),
            Key("expose", .list(.stringOrNumber, .byName)),
            Key("extends", .shorthand(.key("service"), extends), .acted),
            Key("external_links", .list(.string, .refused)),
            Key("extra_hosts", .hosts, .acted),
            Key("group_add", .list(.stringOrNumber, .refused), .acted),
            Key("gpus", .devices, .refused),
            Key("hostname", .string, .acted),
            Key("healthcheck", .table(healthCheck), .acted),
            Key("image", .string),
            Key("init", .boolean, .acted, .keptWhenEmpty),
            Key("ipc", .string, .acted),
            Key("isolation", .string),
            Key("labels", .variables(.labels)),
            Key("label_file", .stringOrList(.none)),
            Key("links", .list(.string, .byName)),
            Key("logging", .table(logging), .acted),
            Key("mem_limit", .bytes, .acted),
            Key("mem_reservation", .bytes, .acted),
            Key("memswap_limit", .bytes, .acted),
            Key("mem_swappiness", .bytes, .acted),
            Key("mac_address", .string),
            Key("models", .namedOrListed(.nullable(.table(serviceModel)), .null), .refused),
            Key("network_mode", .string, .acted),
            Key("networks", .namedOrListed(.nullable(.table(serviceNetwork)), .null), .refused),
            Key("oom_kill_disable", .boolean, .acted),
            Key("oom_score_adj", .integer(-1000...1000), .acted),
            Key("pid", .nullable(.string), .acted),
            Key("pids_limit", .integer(nil), .acted),
            Key("platform", .string),
            Key("ports", .ports(port), .refused),
            Key("privileged", .boolean, .acted),
            Key("pull_policy", .matching(.pullPolicy)),
            Key("pull_refresh_after", .string),
            Key("read_only", .boolean, .acted),
            Key("restart", .string, .acted),
            Key("runtime", .string),
            Key("scale", .integer(nil), .acted, .keptWhenEmpty),
            Key("secrets", .list(.shorthand(.key("source"), fileMount), .byMountPoint("/run/secrets")), .acted),
            Key("security_opt", .list(.string, .refused), .acted),
            Key("shm_size", .bytes, .acted),
            Key("stdin_open", .boolean, .acted),
            Key("stop_grace_period", .duration, .acted, .keptWhenEmpty),
            Key("stop_signal", .string, .acted),
            Key("storage_opt", .variables(.options)),
            Key("sysctls", .variables(.labels), .acted),
            Key("tmpfs", .stringOrList(.byName), .acted),
            Key("tty", .boolean, .acted),
            Key("ulimits", .map(.limit(limit), .word), .acted),
            Key("use_api_socket", .boolean, .refused),
            Key("user", .string, .acted),
            Key("userns_mode", .string, .acted),
            Key("uts", .string, .acted),
            Key("volumes", .list(.shorthand(.volume, mount), .byTarget), .acted),
            Key("volumes_from", .list(.string, .refused), .acted),
            Key("working_dir", .string, .acted),
            Key("pre_start", .list(.table(preStartHook)), .acted),
            Key("post_start", .list(.table(hook)), .acted),
            Key("pre_stop", .list(.table(hook)), .acted),
        ]
    )

    /// The keys that are Gocker's own. They may also stand under `x-gocker`, which other Compose tools skip.
    static let own: Set<String> = ["rootfs", "ready", "on_unhealthy", "schedule"]

    /// Those of a `pre_start` hook, likewise.
    static let ownOfHook: Set<String> = ["rootfs"]

    static let rootfs = Table(
        "rootfs", extensible: false,
        [
            Key("path", .string, .acted, .required),
            Key("overlay", .boolean, .acted, .keptWhenEmpty),
        ]
    )

    static let dependency = Table(
        "dependency",
        [
            Key(
                "condition", .choice(["service_started", "service_healthy", "service_completed_successfully"]), .acted),
            Key("restart", .boolean, .acted),
            Key("required", .boolean, .acted, .keptWhenEmpty),
        ]
    )

    static let extends = Table(
        "extends", extensible: false,
        [Key("file", .string, .acted), Key("service", .string, .acted, .required)]
    )

    static let environmentFile = Table(
        "env_file", extensible: false,
        [
            Key("path", .string, .acted, .required),
            Key("required", .boolean, .acted, .impliedWhenTrue),
            Key("format", .string, .acted),
        ]
    )

    static let hook = Table("hook", [Key("command", .command, .acted, [.required, .alwaysInJSON])] + hookKeys)

    static let preStartHook = Table(
        "pre_start",
        [
            Key("rootfs", .shorthand(.key("path"), rootfs), .acted),
            Key("command", .command, .acted, [.keptWhenEmpty, .alwaysInJSON]), Key("image", .string),
        ] + hookKeys + [Key("per_replica", .boolean, .acted)]
    )

    private static let hookKeys = [
        Key("user", .string, .acted),
        Key("privileged", .boolean, .acted),
        Key("working_dir", .string, .acted),
        Key("environment", .variables(.environment), .acted),
    ]

    static let logging = Table(
        "logging", identity: "driver",
        [Key("driver", .string, .acted), Key("options", .variables(.options), .acted)]
    )

    static let credentials = Table(
        "credential_spec",
        [Key("config", .string), Key("file", .string), Key("registry", .string)]
    )

    static let provider = Table(
        "provider",
        [Key("type", .string, .unacted, .required), Key("options", .variables(.multipleOptions))]
    )

    static let serviceModel = Table("service_model", [Key("endpoint_var", .string), Key("model_var", .string)])
}

extension Shape {
    static let environmentFiles: Shape = .listOrOne(.shorthand(.key("path"), Table.environmentFile), .byPath)

    /// Devices to be found by what they can do: `all`, or a list of what each has to be.
    static let devices: Shape = .allOrList(.table(Table.gpu))
}
