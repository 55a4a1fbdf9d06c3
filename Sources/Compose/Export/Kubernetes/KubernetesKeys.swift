/// What becomes of each key of a stack file in Kubernetes, as far as that can be said without looking at its value.
///
/// Every key of every table is here, so that none is left out without a word; a test sees to that.
struct KubernetesKeys {
    enum Treatment: Sendable {
        /// It has a place in the manifests, or its value decides: the translation tells.
        case translated
        /// It is about commands on this machine.
        case local
        /// Kubernetes does otherwise, and no harm comes of it.
        case warned(String)
        /// Without it the service would be another one.
        case refused(String)
    }

    /// By the name of the table, then by that of the key.
    static let tables: [String: [String: Treatment]] = [
        "stack": translated("name services networks volumes secrets configs").merging([
            "version": .local, "include": .local, "models": .local,
        ]) { $1 },
        "service": service,
        "rootfs": translated("path overlay"),
        "ready": translated("tcp http unix file log notify interval timeout"),
        "schedule": translated("cron timezone missed"),
        "healthcheck": translated("test timeout interval retries start_period start_interval disable"),
        "hook": translated("command user privileged working_dir environment"),
        "dependency": translated("condition required").merging([
            "restart": .warned("services are not restarted with those they depend on")
        ]) { $1 },
        "mount": translated("source target uid gid mode"),
        "port": translated("name mode host_ip target published protocol app_protocol"),
        "volume_mount": translated("type source target read_only bind volume tmpfs image").merging([
            "consistency": .local
        ]) { $1 },
        "bind": translated("propagation create_host_path recursive").merging([
            "selinux": .warned("SELinux's labels are the cluster's business")
        ]) { $1 },
        "volume_options": translated("nocopy subpath").merging([
            "labels": .warned("only what is under \"volumes\" at the top has labels")
        ]) { $1 },
        "tmpfs": translated("size mode"),
        "image": translated("subpath"),
        "volume": translated("name driver driver_opts external labels"),
        "secret": translated("name file environment external labels").merging(drivers) { $1 },
        "config": translated("name file environment content external labels").merging(drivers) { $1 },
        "network": translated("name external internal").merging([
            "driver": .warned("the cluster's network is what it is"),
            "driver_opts": .warned("the cluster's network is what it is"),
            "ipam": .warned("the cluster gives addresses"),
            "attachable": .local, "labels": .local,
            "enable_ipv4": .warned("the cluster gives addresses"),
            "enable_ipv6": .warned("the cluster gives addresses"),
        ]) { $1 },
        "service_network": translated("aliases").merging([
            "driver_opts": .warned("the cluster's network is what it is"),
            "gw_priority": .warned("pods have one network"), "priority": .warned("pods have one network"),
            "interface_name": .warned("pods have one network"),
            "ipv4_address": .refused("the cluster gives addresses; use the service's name"),
            "ipv6_address": .refused("the cluster gives addresses; use the service's name"),
            "link_local_ips": .refused("the cluster gives addresses"),
            "mac_address": .refused("the cluster gives addresses"),
        ]) { $1 },
        "deploy": translated("mode replicas labels update_config resources restart_policy placement endpoint_mode")
            .merging(["rollback_config": .warned("an update is undone as it was done: kubectl rollout undo")]) { $1 },
        "update_config": translated("parallelism delay failure_action monitor order").merging([
            "max_failure_ratio": .warned("a rollout stops at the first pods that do not get ready")
        ]) { $1 },
        "resources": translated("limits reservations"),
        "limits": translated("cpus memory").merging(["pids": pidsLimit]) { $1 },
        "reservations": translated("cpus memory").merging([
            "devices": .refused(devices), "generic_resources": .refused(devices),
        ]) { $1 },
        "restart_policy": translated("condition max_attempts").merging([
            "delay": .warned("it waits from 10 s to 5 min between restarts, longer every time"),
            "window": .warned("a container that ran for 10 min begins anew with short waits"),
        ]) { $1 },
        "placement": translated("constraints preferences max_replicas_per_node"),
        "preferences": translated("spread"),
    ]

    private static let drivers: [String: Treatment] = [
        "driver": .refused("give it a \"file\", or make it external"),
        "driver_opts": .local,
        "template_driver": .refused("write what it is to hold"),
    ]

    private static let pidsLimit = Treatment.warned(
        "how many processes a pod may have is said on the node: podPidsLimit in the kubelet's configuration")
    private static let devices =
        "devices come from plugins of the cluster; ask for the plugin's resource in what is exported"
    private static let windows = Treatment.warned("it is about Windows")
    private static let swap = Treatment.warned("swap is said on the node: memorySwap in the kubelet's configuration")
    private static let realTime = Treatment.refused("pods have no share of real-time scheduling")

    private static let service = translated(
        """
        rootfs ready on_unhealthy schedule annotations cap_add cap_drop cgroup cpu_period cpu_quota cpus command configs \
        depends_on deploy dns dns_opt dns_search entrypoint environment expose extra_hosts group_add hostname healthcheck \
        image init ipc labels links mem_limit mem_reservation memswap_limit network_mode networks pid platform ports \
        privileged pull_policy read_only restart runtime scale secrets security_opt shm_size stdin_open stop_grace_period \
        stop_signal storage_opt sysctls tmpfs tty user uts volumes volumes_from working_dir post_start pre_stop
        """
    ).merging([
        "profiles": .local, "attach": .local, "build": .local, "develop": .local, "env_file": .local, "extends": .local,
        "label_file": .local, "userns_mode": .local,
        "blkio_config": .refused("a storage class may have limits"),
        "cgroup_parent": .refused("the kubelet says where cgroups are"),
        "cpu_count": windows, "cpu_percent": windows, "isolation": windows, "credential_spec": windows,
        "cpu_rt_period": realTime, "cpu_rt_runtime": realTime,
        "cpuset": .refused(
            "the kubelet gives processors, with cpuManagerPolicy static and a whole number of cpus"),
        "cpu_shares": .warned(
            "the weight follows from the reserved processors: say deploy.resources.reservations.cpus"),
        "container_name": .warned("pods have names of their own"),
        "device_cgroup_rules": .refused(devices), "devices": .refused(devices), "gpus": .refused(devices),
        "domainname": .refused("pods are in the cluster's domain"),
        "provider": .refused("nothing runs it there"),
        "external_links": .refused("give others their names with \"extra_hosts\""),
        "logging": .warned("output goes to the kubelet: kubectl logs"),
        "mem_swappiness": swap,
        "mac_address": .refused("the cluster gives addresses"),
        "models": .refused("nothing runs them there"),
        "oom_kill_disable": .refused("a container without memory is killed"),
        "oom_score_adj": .warned("it follows from the memory that is reserved and the limit"),
        "pids_limit": pidsLimit,
        "pull_refresh_after": .warned("an image is fetched as pull_policy says"),
        "ulimits": .refused(
            "the nodes' engine says it for all containers, or the program for itself"),
        "use_api_socket": .refused("there is no engine to reach"),
        "pre_start": .refused(
            "make it a service that this one waits for with \"condition: service_completed_successfully\""),
    ]) { $1 }

    private static func translated(_ keys: String) -> [String: Treatment] {
        Dictionary(uniqueKeysWithValues: keys.split(separator: " ").map { (String($0), .translated) })
    }

    /// Every key that can be ignored, in alphabetical order.
    static let names = Set(tables.values.flatMap(\.keys)).sorted()

    private var problems: ExportProblems

    /// Tells about every key of a stack that has no place in the manifests.
    static func report(_ model: Node, problems: inout ExportProblems) {
        var report = KubernetesKeys(problems: problems)
        report.check(model, .table(.stack))
        problems = report.problems
    }

    private mutating func check(_ node: Node, _ shape: Shape) {
        switch shape {
        case .table(let table), .shorthand(_, let table):
            for (name, entry) in node.mapping ?? Mapping() where !entry.value.isUnset {
                guard let key = table[name], let treatment = Self.tables[table.name]?[name] else { continue }
                check(name, key.shape, treatment, entry)
            }
        case .map(let shape, _), .namedOrListed(let shape, _):
            for (_, entry) in node.mapping ?? Mapping() { check(entry.value, shape) }
        case .ports(let table):
            for item in node.items ?? [] { check(item, .table(table)) }
        case .list(let shape, _), .listOrOne(let shape, _):
            for item in node.items ?? [] { check(item, shape) }
        case .nullable(let shape):
            check(node, shape)
        default:
            break
        }
    }

    private mutating func check(_ name: String, _ shape: Shape, _ treatment: Treatment, _ entry: Mapping.Entry) {
        switch treatment {
        case .translated: check(entry.value, shape)
        case .local: break
        case .warned(let reason):
            problems.warn("\"\(name)\" is left out: \(reason)", at: entry.key)
        case .refused(let advice):
            problems.refuse(name, at: entry.key, advice: advice, notes: entry.value.notes)
        }
    }
}
