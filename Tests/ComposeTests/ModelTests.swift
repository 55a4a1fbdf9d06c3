import Compose
import Linux
import OrderedCollections
import Testing

/// What comes out of a stack file that is right.
struct ModelTests {
    private let full = """
        name: demo
        x-common: &common
          rootfs: {path: rootfs, overlay: false}
          environment: &environment
            LEVEL: info
            DEBUG: true
            VERSION: 1.5
        services:
          db:
            <<: *common
            command: sleep 9
          web:
            <<: *common
            hostname: front
            entrypoint: ["sh", "-c"]
            command: "sleep '9 9' \\"$$HOME\\""
            environment:
              <<: *environment
              LEVEL: debug
              HOME:
              MISSING:
              PORT: "${PORT:-80}"
            working_dir: /srv/../app
            user: "1000:1000"
            pids_limit: 100
            mem_limit: 64m
            cpus: 0.5
            restart: on-failure:3
            depends_on: [db]
            stop_signal: SIGINT
            stop_grace_period: 1m30s
            volumes:
              - ./data:/data:ro
              - ~/cache:/cache
            tmpfs: /run:size=1m,mode=755,noexec
            read_only: true
            network_mode: none
            security_opt: [no-new-privileges:false]
        """

    @Test func everyKeyIsBoundToItsType() throws {
        let result = load(full, environment: ["HOME": "/home/me"])
        #expect(result.diagnostics.isEmpty)
        let web = try #require(result.stack?.services.values.last)
        #expect(web.rootfs == Rootfs(path: "/stacks/rootfs", overlay: false))
        #expect(web.hostname == "front")
        #expect(web.arguments == ["sh", "-c", "sleep", "9 9", "$HOME"])
        #expect(
            web.environment == [
                "LEVEL": "debug", "HOME": "/home/me", "PORT": "80", "DEBUG": "true", "VERSION": "1.5",
            ]
        )
        #expect(web.workingDirectory == "/app")
        #expect(web.user == "1000:1000")
        #expect(web.pidsLimit == .limited(100))
        #expect(web.memoryLimit == .mebibytes(64))
        #expect(web.cpus?.count == 0.5)
        #expect(web.restart == .onFailure(limit: 3))
        #expect(web.dependencies.map(\.service.text) == ["db"])
        #expect(web.stopSignal == .interrupt)
        #expect(web.stopGracePeriod == .seconds(90))
        #expect(web.mounts.map(\.source) == ["/stacks/data", "/home/me/cache"])
        #expect(web.mounts.map(\.isReadOnly) == [true, false])
        #expect(web.tmpfs.first?.size == .mebibytes(1))
        #expect(web.tmpfs.first?.mode == 0o755)
        #expect(web.tmpfs.first?.options == ["noexec"])
        #expect(web.isReadOnly)
        #expect(web.network == .none)
        #expect(!web.rights.noNewPrivileges)
    }

    @Test func whatIsNotSaidHasItsDefault() throws {
        let stack = try #require(load(full, environment: ["HOME": "/home/me"]).stack)
        let db = try #require(stack.services.values.first)
        #expect(db.hostname == "db")
        #expect(db.pidsLimit == .limited(2048))
        #expect(db.memoryLimit == nil)
        #expect(db.restart == .no)
        #expect(db.stopSignal == .terminate)
        #expect(db.stopGracePeriod == .seconds(10))
        #expect(db.network == .host)
        #expect(db.rights.noNewPrivileges)
        #expect(db.rights.seccomp == .standard)
        #expect(stack.startOrder.map { $0.map(\.text) } == [["db"], ["web"]])
    }

    @Test func seccompIsAProfileOfTheHostOrNone() throws {
        func load(_ option: String, profile: String) -> LoadResult {
            ComposeTests.load(
                "services: {web: {rootfs: rootfs, command: sleep 1, security_opt: [\"\(option)\"]}}",
                host: FakeHost(files: ["/stacks/p/calls.json": profile]))
        }
        func seccomp(_ option: String) -> SeccompOption? {
            load(option, profile: #"{"defaultAction": "SCMP_ACT_LOG"}"#).stack?.services.values.first?.rights.seccomp
        }
        #expect(seccomp("seccomp=./p/calls.json") == .file("/stacks/p/calls.json"))
        #expect(seccomp("seccomp:/stacks/p/calls.json") == .file("/stacks/p/calls.json"))
        #expect(seccomp("seccomp:unconfined") == .unconfined)
        #expect(seccomp("seccomp=unconfined") == .unconfined)
        #expect(seccomp("no-new-privileges:true") == .standard)
        #expect(seccomp("seccomp:p/other.json") == nil)
        #expect(seccomp("seccomp:") == nil)

        let broken = load("seccomp=p/calls.json", profile: #"{"defaultAction": "LOG"}"#)
        #expect(broken.stack == nil)
        #expect(
            broken.diagnostics.map(\.message) == [
                #""/stacks/p/calls.json": seccomp profile: defaultAction: unknown action "LOG""#
            ])
    }

    @Test func canonicalTextGivesAnEqualStackAgain() throws {
        let stack = try #require(load(full, environment: ["HOME": "/home/me"]).stack)
        let again = load(stack.canonicalYAML, purpose: .restore)
        #expect(again.diagnostics.isEmpty)
        #expect(again.stack == stack)
        #expect(again.stack?.canonicalYAML == stack.canonicalYAML)
    }

    /// A limit of 0 is not printed, and a dependency that was left out is not there when the text is read again.
    @Test(arguments: [
        "pids_limit: 0", "mem_limit: 0", "depends_on: {debug: {condition: service_started, required: false}}",
    ])
    func whatIsNotPrintedMakesNoOtherStack(key: String) throws {
        let text = """
            name: demo
            services:
              web: {rootfs: rootfs, command: sleep 1, \(key)}
              debug: {rootfs: rootfs, command: sleep 1, profiles: [debug]}
            """
        let stack = try #require(load(text).stack)
        #expect(load(stack.canonicalYAML, purpose: .restore).stack == stack)
    }

    @Test func rootfsUnderOurOwnExtensionIsTheSame() throws {
        let short = load("name: a\nservices: {web: {rootfs: rootfs, command: sleep 1}}")
        let extended = load("name: a\nservices: {web: {x-gocker: {rootfs: rootfs}, command: sleep 1}}")
        #expect(short.stack != nil)
        #expect(short.stack == extended.stack)
    }

    @Test func fingerprintChangesWithWhatRunsAndNotWithWhatIsWaitedFor() throws {
        func fingerprint(_ service: String) -> Fingerprint? {
            let text = "name: a\nservices: {db: {rootfs: rootfs, command: sleep 1}, web: {rootfs: rootfs, \(service)}}"
            return ServiceName("web").flatMap { load(text).stack?.services[$0]?.fingerprint }
        }
        let base = try #require(fingerprint("command: sleep 1"))
        #expect(base == fingerprint("command: [sleep, \"1\"]"))
        #expect(base == fingerprint("command: sleep 1, depends_on: [db]"))
        #expect(base != fingerprint("command: sleep 2"))
    }

    @Test func projectNameComesFromTheNearestSource() {
        func name(_ text: String, _ environment: [String: String] = [:]) -> String? {
            load(text, environment: environment).stack?.name.text
        }
        let services = "services: {web: {rootfs: rootfs, command: sleep 1}}"
        #expect(name(services) == "stacks")
        #expect(name("name: My Demo\n" + services) == "mydemo")
        #expect(name("name: demo\n" + services, ["COMPOSE_PROJECT_NAME": "other"]) == "other")
    }
}
