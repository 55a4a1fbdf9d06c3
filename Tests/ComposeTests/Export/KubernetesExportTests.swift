import Compose
import JSON
import Linux
import Testing

/// What a stack is made of in Kubernetes.
struct KubernetesExportTests {
    // MARK: Workloads

    @Test(arguments: [
        ("restart: always", "Deployment"),
        ("restart: unless-stopped", "Deployment"),
        ("attach: true", "Deployment"),
        ("restart: on-failure", "Deployment"),
        ("restart: \"no\"", "Job"),
        ("deploy: {restart_policy: {condition: none}}", "Job"),
        ("deploy: {mode: replicated-job}", "Job"),
        ("deploy: {mode: global}", "DaemonSet"),
        ("volumes: [\"data:/data\"]", "StatefulSet"),
        ("volumes: [/data]", "StatefulSet"),
        ("x-gocker: {schedule: \"@daily\"}", "CronJob"),
    ])
    func aServiceIsWhatItsRestartsMakeIt(service: String, kind: String) throws {
        let export = try #require(kubernetes(service: service, rest: "volumes: {data: {}}"))
        #expect(!export.hasErrors, "\(export.messages)")
        #expect(export.objects.last?.kind == kind)
        #expect(export.objects.last?.name == "web")
    }

    @Test(arguments: [
        ("restart: always", #"{"type":"Recreate"}"#),
        (
            "deploy: {update_config: {order: start-first, parallelism: 2}}",
            #"{"rollingUpdate":{"maxSurge":2,"maxUnavailable":0},"type":"RollingUpdate"}"#
        ),
        (
            "deploy: {update_config: {order: start-first}}",
            #"{"rollingUpdate":{"maxSurge":"100%","maxUnavailable":0},"type":"RollingUpdate"}"#
        ),
        (
            "deploy: {update_config: {parallelism: 1}}",
            #"{"rollingUpdate":{"maxSurge":0,"maxUnavailable":1},"type":"RollingUpdate"}"#
        ),
        ("deploy: {update_config: {parallelism: 0}}", #"{"type":"Recreate"}"#),
    ])
    func updatesAreDoneInTheSameOrder(service: String, strategy: String) throws {
        let export = try #require(kubernetes(service: service))
        #expect(export.text("Deployment", "web", "spec.strategy") == strategy)
    }

    @Test func replicasAndPausesAreKept() throws {
        let export = try #require(
            kubernetes(service: "deploy: {replicas: 3, update_config: {delay: 5s, monitor: 1m}, labels: {a: b}}"))
        #expect(export.text("Deployment", "web", "spec.replicas") == "3")
        #expect(export.text("Deployment", "web", "spec.minReadySeconds") == "60")
        #expect(export.text("Deployment", "web", "spec.progressDeadlineSeconds") == "660")
        #expect(export.text("Deployment", "web", "metadata.labels.a") == #""b""#)
        // What "deploy" says counts.
        let any = try #require(
            kubernetes(service: "restart: \"no\"\n    deploy: {restart_policy: {condition: any}}"))
        #expect(any.text("Deployment", "web", "spec.replicas") == "1")
        let job = try #require(kubernetes(service: "restart: \"no\"\n    scale: 2"))
        #expect(job.text("Job", "web", "spec.completions") == "2")
        #expect(job.text("Job", "web", "spec.parallelism") == "2")
    }

    @Test(arguments: [
        ("30 2 * * mon-fri", "30 2 * * 1,2,3,4,5"),
        ("*/15 * 1 jan,jul *", "*/15 * 1 jan,jul *"),
        ("0 0 * * fri-sun", "0 0 * * 0,5,6"),
        ("0 0 * * 7", "0 0 * * 0"),
        ("@hourly", "@hourly"),
    ])
    func schedulesAreSpelledAsCronJobsTakeThem(cron: String, expected: String) throws {
        let export = try #require(kubernetes(service: "x-gocker: {schedule: {cron: \"\(cron)\", timezone: UTC}}"))
        #expect(export.messages == [])
        #expect(export.text("CronJob", "web", "spec.schedule") == "\"\(expected)\"")
        #expect(export.text("CronJob", "web", "spec.timeZone") == #""UTC""#)
        #expect(export.text("CronJob", "web", "spec.concurrencyPolicy") == #""Forbid""#)
        #expect(export.text("CronJob", "web", "spec.startingDeadlineSeconds") == "60")
    }

    @Test func whatWasMissedIsMadeUpForWhereItIsHere() throws {
        let export = try #require(
            kubernetes(
                service:
                    "restart: on-failure:2\n    x-gocker: {schedule: {cron: \"@daily\", timezone: UTC, missed: run}}"))
        #expect(export.text("CronJob", "web", "spec.startingDeadlineSeconds") == nil)
        #expect(export.text("CronJob", "web", "spec.jobTemplate.spec.backoffLimit") == "2")
        #expect(export.text("CronJob", "web", "spec.jobTemplate.spec.template.spec.restartPolicy") == #""OnFailure""#)
    }

    // MARK: Order

    @Test func whatHasToBeThroughIsRunInThePodsThatWait() throws {
        let export = try #require(
            kubernetes(
                """
                name: shop
                services:
                  web:
                    image: web
                    restart: always
                    depends_on: {seed: {condition: service_completed_successfully}}
                  seed:
                    image: seed
                    depends_on: {schema: {condition: service_completed_successfully}}
                  schema: {image: schema, volumes: ["data:/data"], restart: on-failure}
                volumes: {data: {}}
                """
            ) { $0.volumeSize = .gibibytes(2) })
        #expect(export.names == ["PersistentVolumeClaim shop-data", "Service web", "Deployment web"])
        #expect(export.pod("initContainers.0.image") == #""schema""#)
        #expect(export.pod("initContainers.1.image") == #""seed""#)
        #expect(export.pod("initContainers.2") == nil)
        #expect(export.pod("initContainers.0.volumeMounts.0.name") == export.pod("volumes.0.name"))
        #expect(
            export.messages.contains(
                "stack.yaml:6:36: warning: \"seed\" is run in each pod of \"web\" before it starts, so again for each, and at "
                    + "each start"))
    }

    @Test func otherOrderIsTold() throws {
        let text = """
            services:
              web: {image: web, restart: always, depends_on: [db]}
              db: {image: db, restart: always}
            """
        #expect(
            kubernetes(text)?.messages == [
                "stack.yaml:2:51: warning: everything is started at once in Kubernetes: \"web\" has to bear that \"db\" is not "
                    + "there yet"
            ])
        let endless = text.replacing("[db]", with: "{db: {condition: service_completed_successfully}}")
        #expect(
            kubernetes(endless)?.messages == [
                "stack.yaml:2:67: error: \"db\" does not end by itself in Kubernetes, so nothing can wait for that: give it "
                    + "\"restart: \\\"no\\\"\" or on-failure, and no schedule"
            ])
    }

    @Test func containersOfAPodShareItsNetwork() throws {
        let export = try #require(
            kubernetes(
                """
                services:
                  web: {image: a, restart: always, depends_on: {seed: {condition: service_completed_successfully}}}
                  seed: {image: b, network_mode: host, post_start: [{command: [a]}]}
                """))
        #expect(
            export.messages.filter { $0.contains("error") } == [
                "stack.yaml:3:3: error: \"seed\" is run in the pods of \"web\", whose containers share \"hostNetwork\": give "
                    + "both the same",
                "stack.yaml:3:3: error: \"seed\" is run in the pods of \"web\", whose containers share \"dnsPolicy\": give "
                    + "both the same",
                "stack.yaml:3:40: error: Kubernetes has no word for \"post_start\": \"seed\" is run in the pods of others "
                    + "before they start, and has no hooks there, or leave it out with --ignore post_start",
            ])
    }

    @Test func containersOfAPodReachTheSame() throws {
        let text = """
            services:
              web: {image: a, restart: always, depends_on: {seed: {condition: service_completed_successfully}}}
              seed: {image: b, networks: [back]}
            networks: {back: {}}
            """
        #expect(
            try #require(kubernetes(text)).messages.contains(
                "stack.yaml:3:3: error: \"seed\" is run in the pods of \"web\", which are not in all of its networks: put "
                    + "both in the same"))
        let same = text.replacing("web: {", with: "web: {networks: [default, back], ")
        #expect(try #require(kubernetes(same)).hasErrors == false)
    }

    // MARK: Names

    @Test func namesAreLabelsOfDNS() throws {
        #expect(
            kubernetes(
                """
                services:
                  My_Web: {image: web, restart: always}
                  my-web: {image: web, restart: always}
                  1st: {image: web, restart: always}
                  \(String(repeating: "a", count: 51)): {image: web, restart: always}
                """
            )?.messages.map { String($0.prefix(84)) } == [
                "stack.yaml:2:3: warning: service \"My_Web\" is called \"my-web\" in Kubernetes, and has ",
                "stack.yaml:3:3: error: service \"my-web\" would be called \"my-web\" in Kubernetes, as t",
                "stack.yaml:4:3: error: service \"1st\" cannot be called \"1st\" in Kubernetes: use at mo",
                "stack.yaml:5:3: error: service \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
            ])
    }

    @Test func everythingIsInTheNamespaceThatIsAskedFor() throws {
        let export = try #require(
            kubernetes(service: "ports: [\"80:80\"]\n    runtime: kata") { $0.namespace = "shop" })
        #expect(export.names == ["RuntimeClass kata", "Service web", "Service web-published", "Deployment web"])
        for (kind, name) in [("Service", "web"), ("Service", "web-published"), ("Deployment", "web")] {
            #expect(export.text(kind, name, "metadata.namespace") == #""shop""#)
        }
        #expect(export.text("RuntimeClass", "kata", "metadata.namespace") == nil)
        #expect(export.text("RuntimeClass", "kata", "handler") == #""kata""#)
    }

    // MARK: Services

    @Test func aNameLeadsToThePods() throws {
        let bare = try #require(kubernetes(service: "restart: always"))
        let selector = #"{"app.kubernetes.io/instance":"shop","app.kubernetes.io/name":"web"}"#
        #expect(bare.text("Service", "web", "spec") == #"{"clusterIP":"None","selector":\#(selector)}"#)

        let open = try #require(kubernetes(service: "expose: [80]\n    networks: {default: {aliases: [www]}}"))
        for name in ["web", "www"] {
            #expect(
                open.text("Service", name, "spec")
                    == #"{"ports":[{"name":"tcp-80","port":80,"protocol":"TCP","targetPort":80}],"selector":\#(selector)}"#
            )
        }
        let robin = try #require(kubernetes(service: "expose: [80]\n    deploy: {endpoint_mode: dnsrr}"))
        #expect(robin.text("Service", "web", "spec.clusterIP") == #""None""#)
        // What ends is nobody's server, unless it says a port.
        #expect(try #require(kubernetes(service: "restart: \"no\"")).names == ["Job web"])
        #expect(
            try #require(kubernetes(service: "restart: \"no\"\n    expose: [80]")).names == ["Service web", "Job web"])
    }

    @Test func portsArePublishedAsAskedFor() throws {
        let ports =
            "ports: [\"80:8080\", \"81:8080\", \"30053:53/udp\", \"127.0.0.1:9000:9000\", {target: 443, published: 443, name: tls}]"
        let balanced = try #require(kubernetes(service: ports))
        #expect(balanced.text("Service", "web-published", "spec.type") == #""LoadBalancer""#)
        #expect(
            balanced.text("Service", "web-published", "spec.ports")
                == #"[{"name":"tcp-80","port":80,"protocol":"TCP","targetPort":8080},"#
                + #"{"name":"tcp-81","port":81,"protocol":"TCP","targetPort":8080},"#
                + #"{"name":"udp-30053","port":30053,"protocol":"UDP","targetPort":53},"#
                + #"{"name":"tls","port":443,"protocol":"TCP","targetPort":443}]"#)
        #expect(balanced.text("Service", "web", "spec.ports.3.port") == "443")
        #expect(
            try #require(kubernetes(service: ports) { $0.publishing = .none }).names == [
                "Service web", "Deployment web",
            ])

        let nodes = try #require(kubernetes(service: ports) { $0.publishing = .nodePort })
        #expect(nodes.messages.filter { $0.contains("cannot be one of every node") }.count == 3)
        let fitting = try #require(kubernetes(service: "ports: [\"30053:53/udp\"]") { $0.publishing = .nodePort })
        #expect(
            fitting.text("Service", "web-published", "spec.ports")
                == #"[{"name":"udp-30053","nodePort":30053,"port":30053,"protocol":"UDP","targetPort":53}]"#)
    }

    @Test func networksArePolicies() throws {
        let text = """
            name: shop
            services:
              web: {image: web, restart: always, networks: [front, back], ports: ["80:80"]}
              db: {image: db, restart: always, networks: [back]}
              lone: {image: lone, restart: always, network_mode: none}
            networks: {front: {}, back: {internal: true}}
            """
        let export = try #require(kubernetes(text))
        #expect(
            export.names.prefix(4) == [
                "NetworkPolicy shop-back", "NetworkPolicy shop-front", "NetworkPolicy lone-none",
                "NetworkPolicy web-published",
            ])
        #expect(export.text("NetworkPolicy", "shop-back", "spec.policyTypes") == #"["Ingress","Egress"]"#)
        #expect(export.text("NetworkPolicy", "shop-front", "spec.egress") == "[{}]")
        #expect(export.text("NetworkPolicy", "lone-none", "spec.ingress") == nil)
        #expect(export.names.contains("Service lone") == false)
        let labels = try #require(export.text("Deployment", "db", "spec.template.metadata.labels"))
        #expect(labels.contains(#""gocker/network-shop-back":"member""#))
        #expect(!labels.contains("shop-front"))
        // In one network everybody reaches everybody, as without any policy.
        #expect(try #require(kubernetes(service: "restart: always")).names == ["Service web", "Deployment web"])
    }

    // MARK: The text

    @Test func theTextIsADocumentAnObject() throws {
        let export = try #require(kubernetes(service: "restart: always"))
        #expect(KubernetesObject.yaml(export.objects).split(separator: "---\n").count == 2)
        #expect(
            export.objects[0].yaml == """
                apiVersion: v1
                kind: Service
                metadata:
                  name: web
                  labels:
                    app.kubernetes.io/instance: shop
                    app.kubernetes.io/managed-by: gocker-compose
                    app.kubernetes.io/name: web
                spec:
                  clusterIP: None
                  selector:
                    app.kubernetes.io/name: web
                    app.kubernetes.io/instance: shop

                """)
        let list = try JSONReader.read(Array(KubernetesObject.json(export.objects).utf8))
        #expect(list["kind"] == "List")
    }
}
