import Compose
import Testing

/// What becomes of each clause about one service.
struct KubernetesPodTests {
    @Test(
        arguments: [
            ("command: [a, b]", "args", #"["a","b"]"#),
            ("entrypoint: [a]", "command", #"["a"]"#),
            ("command: [sh, -c, \"echo $$HOME $$(id) $$$$\"]", "args.2", #""echo $HOME $$(id) $$$""#),
            (
                "environment: {B: 2, A: \"$$(B)\", C: }", "env",
                #"[{"name":"A","value":"$$(B)"},{"name":"B","value":"2"}]"#
            ),
            ("working_dir: /srv/../app", "workingDir", #""/app""#),
            ("pull_policy: always", "imagePullPolicy", #""Always""#),
            ("pull_policy: if_not_present", "imagePullPolicy", #""IfNotPresent""#),
            ("tty: true", "tty", "true"),
            ("stdin_open: true", "stdin", "true"),
            // What it may use.
            ("mem_limit: 64m", "resources", #"{"limits":{"memory":"64Mi"}}"#),
            ("mem_limit: 1000", "resources.limits.memory", #""1000""#),
            ("cpus: 0.5", "resources.limits.cpu", #""500m""#),
            ("cpus: 0.0001", "resources.limits.cpu", #""1m""#),
            ("cpu_quota: 200000", "resources.limits.cpu", #""2""#),
            ("cpu_quota: 5000, cpu_period: 10000", "resources.limits.cpu", #""500m""#),
            (
                "deploy: {resources: {limits: {cpus: \"2\", memory: 1g}, reservations: {cpus: \"0.25\", memory: 64m}}}",
                "resources", #"{"limits":{"cpu":"2","memory":"1Gi"},"requests":{"cpu":"250m","memory":"64Mi"}}"#
            ),
            ("mem_reservation: 32m", "resources.requests", #"{"memory":"32Mi"}"#),
            ("storage_opt: {size: 10g}", "resources.limits", #"{"ephemeral-storage":"10Gi"}"#),
            // What it may do.
            ("security_opt: [\"no-new-privileges:false\"]", "securityContext.allowPrivilegeEscalation", "true"),
            ("security_opt: [\"seccomp:unconfined\"]", "securityContext.seccompProfile", #"{"type":"Unconfined"}"#),
            (
                "security_opt: [\"seccomp:/p/calls.json\"]", "securityContext.seccompProfile",
                #"{"localhostProfile":"calls.json","type":"Localhost"}"#
            ),
            (
                "security_opt: [\"apparmor=web\"]", "securityContext.appArmorProfile",
                #"{"localhostProfile":"web","type":"Localhost"}"#
            ),
            ("cap_drop: [ALL]", "securityContext.capabilities", #"{"drop":["ALL"]}"#),
            (
                "cap_drop: [ALL], cap_add: [CAP_SYS_TIME]", "securityContext.capabilities",
                #"{"add":["SYS_TIME"],"drop":["ALL"]}"#
            ),
            ("cap_add: [ALL]", "securityContext.capabilities", #"{"add":["ALL"]}"#),
            ("read_only: true", "securityContext.readOnlyRootFilesystem", "true"),
            ("user: \"1000:50\"", "securityContext.runAsUser", "1000"),
            ("user: \"1000:50\"", "securityContext.runAsGroup", "50"),
            ("user: \"1000\"", "securityContext.runAsNonRoot", "true"),
            ("user: \"0\"", "securityContext.runAsUser", "0"),
            (
                "privileged: true, security_opt: [\"no-new-privileges:false\"]", "securityContext",
                #"{"allowPrivilegeEscalation":true,"privileged":true,"readOnlyRootFilesystem":false,"#
                    + #""seccompProfile":{"type":"Unconfined"}}"#
            ),
            // Ports.
            (
                "expose: [80, \"53/udp\"]", "ports",
                #"[{"containerPort":80,"protocol":"TCP"},{"containerPort":53,"protocol":"UDP"}]"#
            ),
            (
                "ports: [{target: 80, published: \"8080\", mode: host, host_ip: 192.0.2.1}]", "ports.0",
                #"{"containerPort":80,"hostIP":"192.0.2.1","hostPort":8080,"protocol":"TCP"}"#
            ),
            // Turns of its life.
            ("post_start: [{command: [a, \"$$(b)\"]}]", "lifecycle.postStart", #"{"exec":{"command":["a","$(b)"]}}"#),
            ("pre_stop: [{command: [a]}]", "lifecycle.preStop", #"{"exec":{"command":["a"]}}"#),
            ("stop_signal: INT", "lifecycle", #"{"stopSignal":"SIGINT"}"#),
        ]
    )
    func inItsContainer(service: String, path: String, expected: String) throws {
        let export = try #require(kubernetes(service: flow(service)))
        #expect(!export.hasErrors, "\(export.messages)")
        #expect(export.container(path) == expected)
    }

    /// Several keys on one line.
    private func flow(_ text: String) -> String { "<<: {\(text)}" }

    @Test(arguments: [
        ("stop_grace_period: 1m30s", "terminationGracePeriodSeconds", "90"),
        ("attach: true", "terminationGracePeriodSeconds", "10"),
        ("stop_signal: INT", "os", #"{"name":"linux"}"#),
        ("hostname: front", "hostname", #""front""#),
        ("network_mode: host", "hostNetwork", "true"),
        ("network_mode: host", "dnsPolicy", #""ClusterFirstWithHostNet""#),
        ("pid: host", "hostPID", "true"),
        ("ipc: host", "hostIPC", "true"),
        ("init: true", "shareProcessNamespace", "true"),
        ("extra_hosts: [a=192.0.2.1, b=192.0.2.1]", "hostAliases", #"[{"hostnames":["a","b"],"ip":"192.0.2.1"}]"#),
        (
            "dns: [192.0.2.53], dns_search: [example.org], dns_opt: [\"ndots:2\", rotate]", "dnsConfig",
            #"{"nameservers":["192.0.2.53"],"options":[{"name":"ndots","value":"2"},{"name":"rotate"}],"#
                + #""searches":["example.org"]}"#
        ),
        ("group_add: [44, \"45\"]", "securityContext", #"{"supplementalGroups":[44,45]}"#),
        (
            "sysctls: {net.ipv4.tcp_syncookies: 0}", "securityContext.sysctls",
            #"[{"name":"net.ipv4.tcp_syncookies","value":"0"}]"#
        ),
        ("platform: linux/arm64", "nodeSelector", #"{"kubernetes.io/arch":"arm64","kubernetes.io/os":"linux"}"#),
        ("platform: linux/x86_64", "nodeSelector", #"{"kubernetes.io/arch":"amd64","kubernetes.io/os":"linux"}"#),
        ("platform: linux/arm/v7", "nodeSelector", #"{"kubernetes.io/arch":"arm","kubernetes.io/os":"linux"}"#),
        ("platform: aarch64", "nodeSelector", #"{"kubernetes.io/arch":"arm64"}"#),
        ("platform: linux", "nodeSelector", #"{"kubernetes.io/os":"linux"}"#),
        ("deploy: {placement: {constraints: [node.labels.disk==ssd]}}", "nodeSelector", #"{"disk":"ssd"}"#),
        (
            "deploy: {placement: {constraints: [node.hostname!=a]}}",
            "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.0",
            #"{"key":"kubernetes.io/hostname","operator":"NotIn","values":["a"]}"#
        ),
        (
            "deploy: {placement: {max_replicas_per_node: 1}}",
            "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.topologyKey",
            #""kubernetes.io/hostname""#
        ),
        (
            "deploy: {placement: {preferences: [{spread: node.labels.zone}]}}",
            "topologySpreadConstraints.0.topologyKey", #""zone""#
        ),
        ("runtime: kata", "runtimeClassName", #""kata""#),
        ("attach: true", "automountServiceAccountToken", "false"),
    ])
    func inItsPod(service: String, path: String, expected: String) throws {
        let export = try #require(kubernetes(service: flow(service)))
        #expect(!export.hasErrors, "\(export.messages)")
        #expect(export.pod(path) == expected)
    }

    /// The same rights as here, where nothing is said.
    @Test func rightsAreFewUnlessMoreAreAskedFor() throws {
        let export = try #require(kubernetes(service: "restart: always"))
        #expect(export.messages == [])
        #expect(
            export.container("securityContext") == #"{"allowPrivilegeEscalation":false,"capabilities":{"add":["CHOWN","#
                + #""DAC_OVERRIDE","FOWNER","FSETID","KILL","SETGID","SETUID","SETPCAP","NET_BIND_SERVICE","NET_RAW","#
                + #""SYS_CHROOT","MKNOD","AUDIT_WRITE","SETFCAP"],"drop":["ALL"]},"readOnlyRootFilesystem":false,"#
                + #""seccompProfile":{"type":"RuntimeDefault"}}"#)
    }

    @Test func aRootFileSystemIsAnImage() throws {
        let registry = try #require(ImageRegistry("registry.example/team"))
        let image = ImageReference(registry: registry, name: "shop-web", digest: "0123456789abcdef")
        let text = "services: {web: {rootfs: rootfs, command: web, restart: always}}"
        let export = try #require(kubernetes(text, images: ["/stacks/rootfs": image]))
        #expect(export.container("image") == #""registry.example/team/shop-web:0123456789ab""#)
    }

    @Test(arguments: [
        // Nothing asks.
        ("attach: true", nil, nil, nil),
        (
            "x-gocker: {ready: {tcp: 80}}", nil,
            #"{"failureThreshold":3,"periodSeconds":1,"tcpSocket":{"port":80},"timeoutSeconds":5}"#, nil
        ),
        (
            "x-gocker: {ready: {http: 80/ok, interval: 2s, timeout: 1s}}", nil,
            #"{"failureThreshold":3,"httpGet":{"path":"/ok","port":80},"periodSeconds":2,"timeoutSeconds":1}"#, nil
        ),
        // Docker's numbers, and nothing follows.
        (
            "healthcheck: {test: [CMD, a, \"$$(b)\"]}", nil,
            #"{"exec":{"command":["a","$$(b)"]},"failureThreshold":3,"periodSeconds":30,"timeoutSeconds":30}"#, nil
        ),
        // It is restarted as late as here: after the first interval, then after so many failures.
        (
            "healthcheck: {test: a, interval: 5s, retries: 2}, x-gocker: {on_unhealthy: restart}", nil,
            #"{"exec":{"command":["/bin/sh","-c","a"]},"failureThreshold":2,"periodSeconds":5,"timeoutSeconds":30}"#,
            #"{"exec":{"command":["/bin/sh","-c","a"]},"failureThreshold":2,"initialDelaySeconds":5,"periodSeconds":5,"#
                + #""timeoutSeconds":30}"#
        ),
        // 20 s and three times 5 s, asked every 2 s.
        (
            "healthcheck: {test: [CMD, a], interval: 5s, timeout: 1s, start_period: 20s, start_interval: 2s}, "
                + "x-gocker: {on_unhealthy: restart}",
            #"{"exec":{"command":["a"]},"failureThreshold":18,"periodSeconds":2,"timeoutSeconds":1}"#,
            #"{"exec":{"command":["a"]},"failureThreshold":3,"periodSeconds":5,"timeoutSeconds":1}"#,
            #"{"exec":{"command":["a"]},"failureThreshold":3,"periodSeconds":5,"timeoutSeconds":1}"#
        ),
        // Where nothing follows from failing, the start may take as long as it wants.
        (
            "healthcheck: {test: [CMD, a], interval: 5s, timeout: 1s}, x-gocker: {ready: {tcp: 80}}",
            #"{"failureThreshold":2147483647,"periodSeconds":1,"tcpSocket":{"port":80},"timeoutSeconds":5}"#,
            #"{"exec":{"command":["a"]},"failureThreshold":3,"periodSeconds":5,"timeoutSeconds":1}"#, nil
        ),
        ("healthcheck: {test: [NONE]}", nil, nil, nil),
        ("healthcheck: {disable: true}", nil, nil, nil),
    ])
    func healthIsProbes(service: String, startup: String?, readiness: String?, liveness: String?) throws {
        let export = try #require(kubernetes(service: flow(service)))
        #expect(!export.hasErrors, "\(export.messages)")
        #expect(export.container("startupProbe") == startup)
        #expect(export.container("readinessProbe") == readiness)
        #expect(export.container("livenessProbe") == liveness)
    }

    @Test func timesAreWholeSeconds() throws {
        let export = try #require(
            kubernetes(service: "restart: always\n    healthcheck: {test: a, interval: 1500ms, timeout: 1s}"))
        #expect(
            export.messages == [
                "stack.yaml:6:38: warning: Kubernetes counts whole seconds: 1.5s becomes 2s"
            ])
        #expect(export.container("readinessProbe.periodSeconds") == "2")
    }

    @Test func labelsThatNoLabelMayHoldBecomeAnnotations() throws {
        let export = try #require(
            kubernetes(service: "labels: {team: a, rule: \"Host(`a`)\"}\n    annotations: {example.org/a: \"b c\"}"))
        #expect(
            export.text("Deployment", "web", "spec.template.metadata")
                == #"{"annotations":{"example.org/a":"b c","rule":"Host(`a`)"},"labels":{"app.kubernetes.io/instance":"shop","#
                + #""app.kubernetes.io/name":"web","team":"a"}}"#)
    }
}
