import Testing

@testable import Compose

/// What Kubernetes has no word for, or another meaning.
struct KubernetesRefusalTests {
    @Test(arguments: [
        (
            "ulimits: {nofile: 1024}", "5:5",
            "\"ulimits\": the nodes' engine says it for all containers, or the program for itself"
        ),
        ("devices: [/dev/fuse]", "5:5", "\"devices\": devices come from plugins"),
        ("blkio_config: {weight: 300}", "5:5", "\"blkio_config\": a storage class may have limits"),
        ("cpuset: 0-3", "5:5", "\"cpuset\": the kubelet gives processors"),
        ("domainname: example.org", "5:5", "\"domainname\": pods are in the cluster's domain"),
        ("cgroup: host", "5:5", "\"cgroup\": a container sees its own control groups only"),
        ("ipc: none", "5:5", "\"ipc\": only the containers of one pod share that"),
        ("uts: host", "5:5", "\"uts\": a pod has the node's host name only with its network"),
        ("user: www-data", "5:11", "\"user\": it has numbers only; write UID or UID:GID"),
        ("group_add: [staff]", "5:5", "\"group_add\": groups are numbers; write the one of \"staff\""),
        ("privileged: true", "5:5", "\"privileged\": privileged containers may gain privileges there"),
        ("security_opt: [\"systempaths=unconfined\"]", "5:5", "\"security_opt\": /proc is masked for all"),
        ("hostname: web.example.org", "5:15", "\"hostname\": it is lower-case letters, digits and \"-\""),
        ("extra_hosts: [\"my_db=192.0.2.1\"]", "5:5", "\"extra_hosts\": \"my_db\" is no name there"),
        ("pull_policy: daily", "5:5", "\"pull_policy\": an image is fetched \"always\""),
        ("volumes: [\"./a:/a\"]", "5:15", "\"volumes\": a pod may run on any node"),
        ("x-gocker: {ready: {unix: /a}}", "5:16", "\"ready\": it asks by tcp or http"),
        ("x-gocker: {ready: {log: a}}", "5:16", "\"ready\": it asks by tcp or http"),
        (
            "healthcheck: {test: a}\n    x-gocker: {on_unhealthy: stop}", "6:16",
            "\"on_unhealthy\": an unhealthy container"
        ),
        ("post_start: [{command: [a]}, {command: [b]}]", "5:34", "\"post_start\": it runs one command"),
        ("pre_stop: [{command: [a], user: \"1\"}]", "5:31", "\"pre_stop\": its hooks run as the service does"),
        (
            "ports: [{target: 80, published: \"80\", host_ip: 192.0.2.1}]", "5:52",
            "\"ports\": the cluster gives addresses"
        ),
        ("ports: [\"8000-8001:80\"]", "5:13", "\"ports\": a port is published at one port"),
        (
            "volumes: [data:/d]\n    deploy: {update_config: {order: start-first}}", "6:37",
            "\"order\": a service with volumes"
        ),
        ("deploy: {mode: global-job}", "5:20", "\"mode\": a Job runs a number of pods"),
        (
            "deploy: {placement: {constraints: [node.role==manager]}}", "5:40",
            "\"constraints\": nodes are chosen by labels"
        ),
        (
            "deploy: {placement: {max_replicas_per_node: 2}}", "5:49",
            "\"max_replicas_per_node\": there is a word for one"
        ),
        ("networks: {default: {ipv4_address: 192.0.2.1}}", "5:26", "\"ipv4_address\": the cluster gives addresses"),
        ("labels: {\"a b\": c}", "5:14", "\"labels\": a key has letters"),
        (
            "configs: [{source: c, uid: \"33\", mode: 0400}]", "5:32",
            "\"configs\": files are root's; let everybody read"
        ),
        ("scale: 2\n    volumes: [mem:/m]", "6:15", "\"driver_opts\": a volume in memory is another one in each pod"),
        ("storage_opt: {inodes: 5}", "5:19", "\"storage_opt\": only \"size\""),
    ])
    func isAnErrorWithItsPlaceUnlessItIsIgnored(service: String, place: String, message: String) throws {
        let rest = "volumes: {data: {}, mem: {driver_opts: {type: tmpfs}}}\nconfigs: {c: {content: a}}"
        let export = try #require(kubernetes(service: service, rest: rest))
        let errors = export.messages.filter { $0.contains(": error: ") }
        #expect(errors.count == 1)
        #expect(
            errors.first?.hasPrefix("stack.yaml:\(place): error: Kubernetes has no word for \(message)") == true,
            "\(errors)")
        #expect(export.objects.isEmpty)

        let key = try #require(message.split(separator: "\"").first.map(String.init))
        #expect(KubernetesExport.ignorable.contains(key))
        let ignored = try #require(kubernetes(service: service, rest: rest) { $0.ignored = [key] })
        #expect(!ignored.hasErrors, "\(ignored.messages)")
        #expect(
            ignored.messages.contains(
                "stack.yaml:\(place): warning: \"\(key)\" is left out: Kubernetes has no word for it"))
    }

    @Test(arguments: [
        ("pids_limit: 100", "5:5", "\"pids_limit\" is left out: how many processes a pod may have is said on the node"),
        ("logging: {driver: journald}", "5:5", "\"logging\" is left out: output goes to the kubelet"),
        ("container_name: one", "5:5", "\"container_name\" is left out: pods have names of their own"),
        ("cpu_shares: 512", "5:5", "\"cpu_shares\" is left out: the weight follows"),
        ("oom_score_adj: 100", "5:5", "\"oom_score_adj\" is left out"),
        ("mem_limit: 1m\n    memswap_limit: 2m", "6:5", "\"memswap_limit\" is left out: swap is said on the node"),
        ("stop_signal: INT", "5:5", "Kubernetes sends SIGINT only where it is 1.33 or newer"),
        ("attach: true", "3:3", "it becomes a Deployment, which starts it again whenever it ends"),
        ("restart: on-failure:3", "5:5", "it becomes a Deployment, which starts it again however it ended"),
        ("sysctls: {net.core.somaxconn: 1024}", "5:15", "nodes have to allow \"net.core.somaxconn\""),
        (
            "tmpfs: \"/run:noexec,mode=700\"", "5:12",
            "a file system in memory has a size and nothing else: noexec, mode=700"
        ),
        ("ports: [\"80\"]", "5:13", "port 80 is published at no port of its own"),
        ("ports: [\"127.0.0.1:80:80\"]", "5:13", "port 80 was for this machine only"),
        ("volumes: [data:/d]", "5:15", "the volume at \"/d\" begins empty"),
        (
            "deploy: {update_config: {failure_action: rollback}}", "5:46",
            "a rollout that fails stops, and is not undone"
        ),
        ("deploy: {restart_policy: {delay: 1s}}", "5:31", "\"delay\" is left out: it waits from 10 s to 5 min"),
        ("x-gocker: {schedule: \"@daily\"}", "5:26", "its time is that of the cluster's controller"),
        ("x-gocker: {ready: {tcp: \"192.0.2.1:80\"}}", "5:16", "Kubernetes asks at the address of the pod"),
        ("security_opt: [\"seccomp:/a/b.json\"]", "5:5", "the profile has to be on every node"),
        ("dns: 192.0.2.53", "5:5", "the cluster's own name server is asked first"),
        ("build: .", "5:5", "nothing is built: build \"web\", and push it"),
        ("volumes: [nfs:/d]", "5:15", "a pod mounts NFS as the node does: soft is left out"),
    ])
    func isAWarningWhereItDoesNoHarm(service: String, place: String, message: String) throws {
        let rest = """
            volumes:
              data: {}
              nfs: {driver_opts: {type: nfs, device: ":/e", o: "addr=192.0.2.1,soft"}}
            """
        let export = try #require(kubernetes(service: service, rest: rest))
        #expect(!export.hasErrors, "\(export.messages)")
        #expect(
            export.messages.contains { $0.hasPrefix("stack.yaml:\(place): warning: \(message)") }, "\(export.messages)")
    }

    @Test(arguments: [
        ("@every 5m", "it has no distances; write five fields"),
        ("0 0 */2 * 1", "days of the month and of the week are one or the other; write one of them as \"*\""),
    ])
    func someSchedulesCannotBeThatOfACronJob(schedule: String, reason: String) throws {
        let export = try #require(kubernetes(service: "x-gocker: {schedule: {cron: \"\(schedule)\", timezone: UTC}}"))
        #expect(
            export.messages == ["stack.yaml:5:33: error: this cannot be the schedule of a CronJob: \(reason)"])
    }

    /// To leave out a right is never to give more of them.
    @Test func whatIsIgnoredGivesNoMoreRights() throws {
        let export = try #require(kubernetes(service: "privileged: true") { $0.ignored = ["privileged"] })
        #expect(!export.hasErrors)
        #expect(export.container("securityContext.privileged") == nil)
        #expect(export.container("securityContext.allowPrivilegeEscalation") == "false")
        #expect(export.container("securityContext.seccompProfile.type") == #""RuntimeDefault""#)
        #expect(export.container("securityContext.capabilities.drop") == #"["ALL"]"#)
    }

    @Test(arguments: [
        (
            "ports: [{target: 80, published: \"80\", name: web}, {target: 81, published: \"81\", name: web}]", "5:55",
            "two ports of service \"web\" have the name \"web\""
        ),
        ("runtime: kata.io", "5:5", "a runtime cannot be called \"kata.io\" in Kubernetes"),
    ])
    func whatIsNoNameIsAnError(service: String, place: String, message: String) throws {
        let export = try #require(kubernetes(service: service))
        let errors = export.messages.filter { $0.contains(": error: ") }
        #expect(errors.count == 1 && errors[0].hasPrefix("stack.yaml:\(place): error: \(message)"), "\(errors)")
    }

    @Test func whatIsWrongAnywhereIsToldAtOnce() throws {
        let export = try #require(
            kubernetes(
                service:
                    "user: a\n    stop_signal: NO\n    environment: {\"a b\": c}\n    cap_add: [NO]\n    ulimits: {core: 0}"
            ))
        #expect(export.messages.filter { $0.contains(": error: ") }.count == 5)
    }

    /// A key that nobody has thought about would be left out without a word.
    @Test func everyKeyOfEveryTableHasItsTreatment() {
        var seen: Set<String> = []
        var missing: [String] = []
        func visit(_ shape: Shape) {
            switch shape {
            case .table(let table), .shorthand(_, let table), .ports(let table):
                guard seen.insert(table.name).inserted else { return }
                for key in table.keys {
                    switch KubernetesKeys.tables[table.name]?[key.name] {
                    case .translated: visit(key.shape)
                    case .local, .warned, .refused: break
                    case nil: missing.append("\(table.name).\(key.name)")
                    }
                }
            case .map(let shape, _), .namedOrListed(let shape, _), .list(let shape, _), .listOrOne(let shape, _),
                .allOrList(let shape), .nullable(let shape):
                visit(shape)
            default: break
            }
        }
        visit(.table(.stack))
        #expect(missing == [])
        #expect(seen.count > 25)
    }
}
