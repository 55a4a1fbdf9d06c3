extension Table {
    static let volume = Table(
        "volume",
        [
            Key("name", .string),
            Key("driver", .string),
            Key("driver_opts", .variables(.options)),
            Key("external", .external),
            Key("labels", .variables(.labels)),
        ]
    )

    static let secret = Table(
        "secret",
        [
            Key("name", .string),
            Key("file", .string),
            Key("environment", .string),
            Key("external", .external),
            Key("labels", .variables(.labels)),
            Key("driver", .string),
            Key("driver_opts", .variables(.options)),
            Key("template_driver", .string),
        ]
    )

    static let config = Table(
        "config",
        [
            Key("name", .string),
            Key("file", .string),
            Key("environment", .string),
            Key("content", .string),
            Key("external", .external),
            Key("labels", .variables(.labels)),
            Key("template_driver", .string),
        ]
    )

    static let fileMount = Table(
        "mount",
        [
            Key("source", .string),
            Key("target", .string),
            Key("uid", .string),
            Key("gid", .string),
            Key("mode", .fileMode, .unacted, .keptWhenEmpty),
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
            Key("propagation", .string, .refused),
            Key("create_host_path", .boolean, .acted, .trueByDefault),
            Key("recursive", .choice(["enabled", "disabled", "writable", "readonly"]), .refused),
        ]
    )

    static let volumeOptions = Table(
        "volume_options",
        [Key("labels", .variables(.labels)), Key("nocopy", .boolean), Key("subpath", .string)]
    )

    static let tmpfsOptions = Table("tmpfs", [Key("size", .size, .acted), Key("mode", .number, .acted)])
}
