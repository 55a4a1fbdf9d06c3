extension Table {
    static let volume = Table(
        "volume",
        [
            Key("name", .string, .acted),
            Key("driver", .string, .acted),
            Key("driver_opts", .variables(.options), .acted),
            Key("external", .external, .acted),
            Key("labels", .variables(.labels), .acted),
        ]
    )

    static let secret = Table(
        "secret",
        [
            Key("name", .string, .acted),
            Key("file", .string, .acted),
            Key("environment", .string, .acted),
            Key("external", .external, .acted),
            Key("labels", .variables(.labels)),
            Key("driver", .string, .refused),
            Key("driver_opts", .variables(.options)),
            Key("template_driver", .string, .refused),
        ]
    )

    static let config = Table(
        "config",
        [
            Key("name", .string, .acted),
            Key("file", .string, .acted),
            Key("environment", .string, .acted),
            Key("content", .string, .acted),
            Key("external", .external, .acted),
            Key("labels", .variables(.labels)),
            Key("template_driver", .string, .refused),
        ]
    )

    static let fileMount = Table(
        "mount",
        [
            Key("source", .string, .acted),
            Key("target", .string, .acted),
            Key("uid", .string, .acted),
            Key("gid", .string, .acted),
            Key("mode", .fileMode, .acted, .keptWhenEmpty),
        ]
    )

    static let mount = Table(
        "volume_mount",
        [
            Key("type", .choice(["bind", "volume", "tmpfs", "cluster", "npipe", "image"]), .acted, .required),
            Key("source", .string, .acted),
            Key("target", .string, .acted),
            Key("read_only", .boolean, .acted),
            Key("consistency", .string),
            Key("bind", .table(bindOptions), .acted, .keptWhenEmpty),
            Key("volume", .table(volumeOptions), .acted, .keptWhenEmpty),
            Key("tmpfs", .table(tmpfsOptions), .acted, .keptWhenEmpty),
            Key("image", .table(Table("image", [Key("subpath", .string)])), .refused, .keptWhenEmpty),
        ]
    )

    static let bindOptions = Table(
        "bind",
        [
            Key("selinux", .choice(["z", "Z"])),
            Key("propagation", .string, .acted),
            Key("create_host_path", .boolean, .acted, .trueByDefault),
            Key("recursive", .choice(["enabled", "disabled", "writable", "readonly"]), .acted),
        ]
    )

    static let volumeOptions = Table(
        "volume_options",
        [Key("labels", .variables(.labels)), Key("nocopy", .boolean, .acted), Key("subpath", .string, .acted)]
    )

    static let tmpfsOptions = Table("tmpfs", [Key("size", .size, .acted), Key("mode", .number, .acted)])
}
