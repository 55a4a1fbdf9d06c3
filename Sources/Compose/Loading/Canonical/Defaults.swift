/// Sets what the specification says where a file says nothing.
enum Defaults {
    static func apply(_ model: Node) -> Node {
        model.mappingChild("services") { services in
            services.eachChild { service in service.changingMapping(applyToService) }
        }
    }

    private static func applyToService(_ service: inout Mapping) {
        service.modify("build") { build in
            build = build.changingMapping { $0.setDefault("context", .string(".", at: build.place)) }
        }
        service.modify("rootfs", completeRootfs)
        service.modify("pre_start") { $0 = $0.eachItem { $0.modify("rootfs", completeRootfs) } }
        service.modify("env_file") { files in
            files = files.eachItem { $0.setDefault("required", .boolean(true, at: files.place)) }
        }
        service.modify("secrets") { secrets in
            secrets = secrets.eachItem { secret in
                guard let source = secret["source"]?.string else { return }
                secret.setDefault("target", .string("/run/secrets/\(source)", at: secrets.place))
            }
        }
        service.modify("ports") { ports in
            ports = ports.eachItem { port in
                port.setDefault("protocol", .string("tcp", at: ports.place))
                port.setDefault("mode", .string("ingress", at: ports.place))
            }
        }
        service.modify("volumes") { volumes in
            volumes = volumes.eachItem { volume in
                volume.modify("bind") { bind in
                    bind = bind.changingMapping { $0.setDefault("create_host_path", .boolean(true, at: bind.place)) }
                }
            }
        }
        service.modify("gpus") { $0 = $0.eachItem(countAllDevices) }
        service.modify("deploy") { deploy in
            deploy = deploy.mappingChild("resources") { resources in
                resources.mappingChild("reservations") { reservations in
                    reservations.mappingChild("devices") { $0.eachItem(countAllDevices) }
                }
            }
        }
    }

    private static func completeRootfs(_ rootfs: inout Node) {
        rootfs = rootfs.changingMapping { $0.setDefault("overlay", .boolean(true, at: rootfs.place)) }
    }

    private static func countAllDevices(_ request: inout Mapping) {
        guard request["device_ids"] == nil, let place = request.first(where: { _ in true })?.value.key else { return }
        request.setDefault("count", .integer(-1, at: place))
    }
}

extension Mapping {
    /// Sets a key that is not set.
    mutating func setDefault(_ key: String, _ value: @autoclosure () -> Node) {
        guard self[key] == nil else { return }
        let value = value()
        set(key, value.through(.defaulted), at: value.place)
    }
}
