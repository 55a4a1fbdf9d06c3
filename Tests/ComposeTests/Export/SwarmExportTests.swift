import Testing

@testable import Compose

@Suite("A stack for Swarm")
struct SwarmExportTests {
    private static let image = ImageReference(
        registry: ImageRegistry("r:5000/t"), name: "stacks-a", digest: "0123456789ab")

    /// The lines of the service `a` of a stack file with some more lines in it.
    private func service(_ lines: String..., ignoring ignored: Set<String> = []) throws -> String {
        let text =
            (["services:", "  a:", "    rootfs: rootfs", "    command: [sleep, \"9\"]", "    restart: always"]
            + lines.map { "    \($0)" }).joined(separator: "\n")
        let stack = try #require(swarm(text, ignoring: ignored, images: ["/stacks/rootfs": Self.image]))
        #expect(!stack.hasErrors, "\(stack.messages)")
        return stack.text
    }

    private func problems(_ lines: String..., ignoring ignored: Set<String> = []) throws -> [String] {
        let text =
            (["services:", "  a:", "    rootfs: rootfs", "    command: [sleep, \"9\"]", "    restart: always"]
            + lines.map { "    \($0)" }).joined(separator: "\n")
        return try #require(swarm(text, ignoring: ignored)).messages
    }

    @Test func aWholeStack() throws {
        let text = """
            name: shop
            services:
              web:
                rootfs: rootfs
                command: [sh, -c, "echo $$HOME"]
                environment: {A: b, UNSET: }
                restart: unless-stopped
                mem_limit: 64m
                cpus: 0.5
                pids_limit: 50
                user: "1000:44"
                healthcheck: {test: "true", interval: 5s}
                deploy: {replicas: 4, endpoint_mode: dnsrr}
              db:
                rootfs: rootfs
                command: [sleep, "9"]
                restart: on-failure:3
                volumes: [data:/data]
            volumes:
              data: {driver: nfs}
            """
        let stack = try #require(swarm(text, images: ["/stacks/rootfs": Self.image]))
        #expect(stack.messages == [])
        #expect(
            stack.text == """
                version: "3.9"
                services:
                  db:
                    command:
                      - sleep
                      - "9"
                    deploy:
                      resources:
                        limits:
                          pids: 2048
                      restart_policy:
                        condition: on-failure
                        max_attempts: 3
                    image: r:5000/t/stacks-a:0123456789ab
                    networks:
                      default: null
                    volumes:
                      - type: volume
                        source: data
                        target: /data
                  web:
                    command:
                      - sh
                      - -c
                      - echo $$HOME
                    deploy:
                      replicas: 4
                      resources:
                        limits:
                          cpus: "0.5"
                          memory: "67108864"
                          pids: 50
                      restart_policy:
                        condition: any
                      endpoint_mode: dnsrr
                    environment:
                      A: b
                    healthcheck:
                      test:
                        - CMD-SHELL
                        - "true"
                      interval: 5s
                    image: r:5000/t/stacks-a:0123456789ab
                    networks:
                      default: null
                    user: '1000:44'
                networks:
                  default: {}
                volumes:
                  data:
                    driver: nfs

                """)
    }

    @Test func everyKeyHasItsTreatment() {
        #expect(Set(SwarmKey.ofService.keys) == Set(Table.service.keys.map(\.name)))
        for key in SwarmService.ignorable {
            #expect(
                Table.service[key] != nil || ["overlay", "driver", "ipam", "enable_ipv4", "enable_ipv6"].contains(key))
        }
    }

    @Test(arguments: [
        ("cpu_quota: 25000", "cpus: \"0.25\""), ("scale: 3", "replicas: 3"),
        ("deploy: {restart_policy: {condition: none}}", "condition: none"),
        ("mem_reservation: 8m", "memory: \"8388608\""), ("pids_limit: -1", "limits: {}"),
        ("pids_limit: 0", "pids: 2048"), ("pids_limit: -1\n    mem_limit: -1", "limits: {}"),
        ("shm_size: 1m", "- type: tmpfs\n        target: /dev/shm\n        tmpfs:\n          size: 1048576"),
        ("tmpfs: [/tmp:size=2m]", "- type: tmpfs\n        target: /tmp\n        tmpfs:\n          size: 2097152"),
        (
            "volumes: [{type: tmpfs, target: /t, read_only: true}]",
            "- type: tmpfs\n        target: /t\n        read_only: true"
        ),
        ("extra_hosts: [\"a=::1\"]", "- a:::1"), ("network_mode: host", "host: null"),
        ("network_mode: host", "networks:\n  host:\n    name: host\n    external: true"),
        (
            "ports: [{target: 80, published: 8080, mode: host}]",
            "- mode: host\n        target: 80\n        published: 8080"
        ),
        ("x-gocker: {on_unhealthy: restart}", "condition: any"), ("hostname: h", "hostname: h"),
        ("cap_add: [NET_ADMIN]", "- NET_ADMIN"), ("ulimits: {nofile: 5}", "nofile: 5"),
    ])
    func isTranslated(line: String, written: String) throws {
        let text = try service(line)
        #expect(text.contains(written), "\(text)")
    }

    @Test(arguments: [
        ("privileged: true", "privileged", "6:5"), ("devices: [/dev/fuse]", "devices", "6:5"),
        ("x-gocker: {schedule: \"@daily\"}", "schedule", "6:16"),
        ("security_opt: [seccomp=unconfined]", "security_opt", "6:20"),
        ("post_start: [{command: [sleep]}]", "post_start", "6:5"), ("volumes: [./here:/there]", "volumes", "6:15"),
        ("ports: [\"127.0.0.1:80:80\"]", "ports", "6:13"), ("tmpfs: [\"/tmp:mode=700\"]", "tmpfs", "6:13"),
        ("network_mode: none", "network_mode", "6:5"), ("ipc: host", "ipc", "6:5"),
        ("ports: [\"8000-8001:80\"]", "ports", "6:13"),
        ("volumes: [{type: volume, target: /v, volume: {labels: {a: b}}}]", "volumes", "6:51"),
    ])
    func isRefusedUnlessIgnored(line: String, key: String, place: String) throws {
        let refused = try problems(line)
        #expect(refused.count == 1)
        let message = try #require(refused.first)
        #expect(message.hasPrefix("stack.yaml:\(place): error: Swarm has no word for \"\(key)\": "), "\(message)")
        #expect(message.hasSuffix("or leave it out with --ignore \(key)"), "\(message)")
        let ignored = try problems(line, ignoring: [key])
        #expect(ignored == ["stack.yaml:\(place): warning: \"\(key)\" is left out: Swarm has no word for it"])
    }

    @Test func whatSaysNothingIsNotRefused() throws {
        let lines = ["privileged: false", "devices: []", "ipc: \"\"", "post_start: []"]
        for line in lines { #expect(try problems(line) == [], "\(line)") }
    }

    @Test func aDependencyThatIsWaitedForIsRefused() throws {
        let text = """
            services:
              a: {rootfs: rootfs, command: [sleep], restart: always, depends_on: {b: {condition: CONDITION}}}
              b: {rootfs: rootfs, command: [sleep], restart: always, healthcheck: {test: "true"}}
            """
        let started = try #require(swarm(text.replacing("CONDITION", with: "service_started")))
        #expect(
            started.messages == [
                "stack.yaml:2:71: warning: Swarm starts all services at once: \"a\" may find \"b\" not there yet"
            ])
        let healthy = try #require(swarm(text.replacing("CONDITION", with: "service_healthy")))
        #expect(healthy.hasErrors)
        #expect(healthy.text == "")
        #expect(healthy.messages.first?.contains("it waits for nothing: let \"a\" wait for \"b\" itself") == true)
        let ignored = try #require(
            swarm(text.replacing("CONDITION", with: "service_healthy"), ignoring: ["depends_on"]))
        #expect(!ignored.hasErrors && !ignored.text.contains("depends_on"))
    }

    @Test func whatIsNotStartedAgainIsTold() throws {
        let stack = try #require(swarm("services: {a: {rootfs: rootfs, command: [sleep]}}"))
        #expect(stack.text.contains("condition: none"))
        #expect(stack.messages.first?.contains("service \"a\" has no \"restart\"") == true)
    }

    @Test func aPortInTheIngressNeedsAnAddressOfTheService() throws {
        let found = try problems("ports: [\"80:80\"]", "deploy: {endpoint_mode: dnsrr}")
        #expect(found.count == 1)
        #expect(found.first?.contains("\"mode: host\" only") == true)
    }

    @Test func imagesStayAndBuildsAreToldOf() throws {
        let text = "services: {a: {image: nginx, build: ., restart: always}, b: {build: ., restart: always}}"
        let stack = try #require(swarm(text))
        #expect(stack.messages.count == 2)
        #expect(stack.messages[0].contains("warning: Swarm builds nothing: build \"nginx\" of service \"a\""))
        #expect(stack.messages[1].contains("error: Swarm builds nothing: build the image of service \"b\""))
    }

    @Test func secretsAndConfigsAreCalledAfterWhatTheyHold() throws {
        let text = """
            name: shop
            services:
              a:
                rootfs: rootfs
                command: [sleep]
                restart: always
                configs: [c]
                secrets: [{source: s, mode: 0440}, f]
            configs: {c: {content: hello}}
            secrets: {s: {environment: SECRET}, f: {file: ./f}}
            """
        var host = FakeHost()
        host.files["/stacks/f"] = "file"
        let stack = try #require(swarm(text, environment: ["SECRET": "x"], writesFiles: true, host: host))
        #expect(!stack.hasErrors)
        let files = stack.files.map { "\($0.name) \(String(decoding: $0.content, as: UTF8.self)) \($0.isSecret)" }
        #expect(files.sorted() == ["configs/c hello false", "secrets/f file true", "secrets/s x true"])
        #expect(stack.text.contains("file: ./configs/c"))
        #expect(stack.text.contains("mode: 288"))
        #expect(stack.text.contains("name: shop_c_"))
        let other = try #require(swarm(text, environment: ["SECRET": "y"], writesFiles: true, host: host))
        #expect(other.text != stack.text)
        // Without a directory there is nowhere to write what no file has.
        let alone = try #require(swarm(text, environment: ["SECRET": "x"], host: host))
        #expect(alone.messages.filter { $0.contains("error") }.count == 2)
    }

    @Test func whatGockerItselfDoesNotRunIsExported() throws {
        let text = """
            services:
              a:
                image: nginx
                restart: always
                networks: {back: {aliases: [x]}}
                ports: ["8080:80"]
                deploy: {placement: {constraints: [node.role==worker]}}
            networks: {back: {driver: bridge, ipam: {config: [{subnet: 10.0.0.0/24, gateway: 10.0.0.1}]}}}
            """
        let refused = try #require(swarm(text)).messages
        #expect(refused.count == 2)
        #expect(refused.first?.contains("a network of one machine; without \"driver\" it is \"overlay\"") == true)
        let stack = try #require(swarm(text, ignoring: ["driver", "ipam"]))
        #expect(!stack.hasErrors)
        for part in ["mode: ingress", "published: 8080", "aliases:", "- node.role==worker", "subnet: 10.0.0.0/24"] {
            #expect(stack.text.contains(part), "\(part) in \(stack.text)")
        }
        #expect(!stack.text.contains("bridge") && !stack.text.contains("gateway"))
    }

    @Test func selinuxAndTheOptionsOfAddressesAreNotDroppedInSilence() throws {
        let text = """
            services:
              a: {image: nginx, restart: always, volumes: [{type: bind, source: /srv, target: /s, bind: {selinux: z}}]}
            networks: {default: {ipam: {driver: default, options: {a: b}}}}
            """
        let refused = try #require(swarm(text))
        let errors = refused.messages.filter { $0.contains(": error: ") }
        #expect(errors.count == 2, "\(refused.messages)")
        #expect(errors.allSatisfy { $0.contains("no word for \"volumes\"") || $0.contains("no word for \"ipam\"") })
        let stack = try #require(swarm(text, ignoring: ["volumes", "ipam"]))
        #expect(!stack.hasErrors && !stack.text.contains("selinux") && !stack.text.contains("options"))
        #expect(stack.text.contains("driver: default"))
    }

    @Test(arguments: ["{}", "{driver: local}", "{driver_opts: {type: tmpfs, device: tmpfs}}"])
    func aVolumeOfOneNodeIsTold(volume: String) throws {
        let text = "services: {a: {image: nginx, restart: always, volumes: [\"data:/v\"]}}\nvolumes: {data: \(volume)}"
        let stack = try #require(swarm(text))
        #expect(
            stack.messages.contains { $0.contains("volume \"data\" is another one on each node") }, "\(stack.messages)")
    }

    @Test func servicesShareImages() throws {
        let text = """
            name: shop
            services:
              b: {rootfs: rootfs, command: [sleep]}
              a: {rootfs: ./rootfs/, command: [sleep]}
              c: {rootfs: other, command: [sleep]}
              d: {image: x}
            """
        let document = try #require(load(text, purpose: .export).document)
        #expect(
            document.exportedImages == [
                ExportedImage(rootfs: "/stacks/rootfs", name: "shop-a", services: ["a", "b"]),
                ExportedImage(rootfs: "/stacks/other", name: "shop-c", services: ["c"]),
            ])
    }
}
