extension Table {
    static let network = Table(
        "network",
        [
            Key("name", .string),
            Key("driver", .string),
            Key("driver_opts", .variables(.options)),
            Key("ipam", .table(addresses), .unacted, .alwaysInJSON),
            Key("external", .external),
            Key("internal", .boolean),
            Key("attachable", .boolean),
            Key("labels", .variables(.labels)),
            Key("enable_ipv4", .boolean, .unacted, .keptWhenEmpty),
            Key("enable_ipv6", .boolean, .unacted, .keptWhenEmpty),
        ]
    )

    static let addresses = Table(
        "ipam",
        [
            Key("driver", .string),
            Key("config", .list(.table(addressPool), .bySubnet)),
            Key("options", .variables(.options)),
        ]
    )

    static let addressPool = Table(
        "ipam_config",
        [
            Key("subnet", .string),
            Key("gateway", .string),
            Key("ip_range", .string),
            Key("aux_addresses", .variables(.options)),
        ]
    )

    static let serviceNetwork = Table(
        "service_network",
        [
            Key("aliases", .list(.string, .byName)),
            Key("driver_opts", .variables(.options)),
            Key("gw_priority", .integer(nil)),
            Key("interface_name", .string),
            Key("ipv4_address", .string),
            Key("ipv6_address", .string),
            Key("link_local_ips", .list(.string, .byName)),
            Key("mac_address", .string),
            Key("priority", .integer(nil)),
        ]
    )

    static let port = Table(
        "port",
        [
            Key("name", .string),
            Key("mode", .string),
            Key("host_ip", .string),
            Key("target", .integer(0...65535)),
            Key("published", .stringOrNumber),
            Key("protocol", .string),
            Key("app_protocol", .string),
        ]
    )
}
