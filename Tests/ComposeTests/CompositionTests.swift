import Compose
import Testing

/// Stacks that are made of several files.
struct CompositionTests {
    private func yaml(_ files: [String: String], _ others: [String: String] = [:]) -> String {
        var host = FakeHost()
        for (path, text) in others { host.files[path] = text }
        let result = load(files, environment: ["HOME": "/home/me"], purpose: .show, host: host)
        return result.document?.yaml() ?? DiagnosticRenderer().render(result.diagnostics)
    }

    @Test func laterFilesMergeOverEarlierOnes() {
        let base = """
            name: demo
            services:
              web:
                image: busybox
                command: sleep 1
                environment: [LEVEL=info, PORT=80]
                dns: 1.1.1.1
                volumes: [./a:/data, ./b:/logs]
                network_mode: none
            """
        let over = """
            services:
              web:
                command: [sleep, "2"]
                environment: {PORT: 8080, NEW: }
                dns: [8.8.8.8]
                volumes: [./c:/data:ro]
            """
        #expect(
            yaml(["a.yaml": base, "b.yaml": over]) == """
                name: demo
                services:
                  web:
                    command:
                      - sleep
                      - "2"
                    dns:
                      - 1.1.1.1
                      - 8.8.8.8
                    environment:
                      LEVEL: info
                      NEW: null
                      PORT: "8080"
                    image: busybox
                    network_mode: none
                    volumes:
                      - type: bind
                        source: /stacks/c
                        target: /data
                        read_only: true
                        bind: {}
                      - type: bind
                        source: /stacks/b
                        target: /logs
                        bind: {}

                """
        )
    }

    @Test func resetRemovesAndOverrideReplaces() {
        let base = """
            name: demo
            services:
              web: {image: a, network_mode: none, ports: ["80:80"], labels: {a: "1", b: "2"}, tty: true}
            """
        let over = """
            services:
              web: {ports: !reset [], labels: !override {c: "3"}, tty: !reset null}
            """
        #expect(
            yaml(["a.yaml": base, "b.yaml": over]) == """
                name: demo
                services:
                  web:
                    image: a
                    labels:
                      c: "3"
                    network_mode: none

                """
        )
    }

    @Test func extendsTakesOverAServiceOfAnotherFileWithItsPaths() {
        let text = """
            name: demo
            services:
              web:
                extends: {file: common/base.yaml, service: app}
                environment: {B: "2"}
            """
        let base = """
            services:
              root: {image: busybox, network_mode: none, environment: {A: "1", B: "1"}}
              app: {extends: root, volumes: [./data:/data]}
            """
        #expect(
            yaml(["a.yaml": text], ["/stacks/common/base.yaml": base]) == """
                name: demo
                services:
                  web:
                    environment:
                      A: "1"
                      B: "2"
                    image: busybox
                    network_mode: none
                    volumes:
                      - type: bind
                        source: /stacks/common/data
                        target: /data
                        bind: {}

                """
        )
    }

    @Test func servicesThatExtendEachOtherAreRefusedWithTheCircle() {
        let text = """
            services:
              a: {extends: b, image: x}
              b:
                extends: {service: a}
                image: x
            """
        #expect(
            messages(text, purpose: .show) == """
                stack.yaml:2:16: services extend each other in a circle: a -> b -> a
                    2 |   a: {extends: b, image: x}
                      |                ^
                stack.yaml:4:14: note: "b" extends here
                    4 |     extends: {service: a}
                      |              ^~~~~~~~~~~~

                """
        )
    }

    @Test func includeBringsAnotherStackWithItsOwnDirectoryAndVariables() {
        let text = """
            name: demo
            include: [db/compose.yaml]
            services:
              web: {image: a, network_mode: none, depends_on: [db]}
              db: {restart: always}
            """
        let included = """
            services:
              db: {image: "postgres:${VERSION}", network_mode: none, volumes: [./data:/data]}
            """
        let files = ["/stacks/db/compose.yaml": included, "/stacks/db/.env": "VERSION=16\n"]
        #expect(
            yaml(["a.yaml": text], files) == """
                name: demo
                services:
                  db:
                    image: postgres:16
                    network_mode: none
                    restart: always
                    volumes:
                      - type: bind
                        source: /stacks/db/data
                        target: /data
                        bind: {}
                  web:
                    depends_on:
                      db:
                        condition: service_started
                        required: true
                    image: a
                    network_mode: none

                """
        )
    }

    @Test func filesThatIncludeEachOtherAreRefused() {
        var host = FakeHost()
        host.files["/stacks/other.yaml"] = "include: [stack.yaml]\nservices: {a: {image: x}}\n"
        let found = summaries("include: [other.yaml]\nservices: {b: {image: x}}\n", purpose: .show, host: host)
        #expect(
            found == [
                "other.yaml:1:11: files include each other in a circle: stack.yaml -> other.yaml -> stack.yaml"
            ]
        )
    }

    @Test func aMissingFileIsToldWhereItIsNamed() {
        let text = """
            include: [nowhere.yaml]
            services:
              a: {extends: {file: gone.yaml, service: x}, image: x}
              b: {image: x, env_file: b.env}
              c: {image: x, env_file: {path: c.env, required: false}}
              d: {image: x, env_file: [{path: d.env, required: false}]}
            """
        #expect(
            summaries(text, purpose: .show) == [
                "stack.yaml:1:11: nowhere.yaml: no such file",
                "stack.yaml:3:23: gone.yaml: no such file",
                "stack.yaml:4:27: b.env: no such file",
                "stack.yaml:5:27: expected a string or a list for \"env_file\" in service \"c\", found a mapping",
            ]
        )
    }

    @Test func envFilesStandBelowTheEnvironmentOfAService() {
        var host = FakeHost()
        host.files["/stacks/a.env"] = "# first\nexport A=1\nB=\"two\\nlines\"\nC='$A'\nD=${A}-${HOME}\n"
        let text = "name: x\nservices: {a: {image: x, network_mode: none, env_file: a.env, environment: {A: own}}}\n"
        #expect(
            load(text, environment: ["HOME": "/me"], purpose: .show, host: host).document?.yaml() == """
                name: x
                services:
                  a:
                    environment:
                      A: own
                      B: |-
                        two
                        lines
                      C: $$A
                      D: own-/me
                    image: x
                    network_mode: none

                """
        )
    }

    @Test func servicesOfOtherProfilesAreLeftOut() {
        var request = LoadRequest(files: ["stack.yaml"], workingDirectory: "/stacks", purpose: .show)
        var host = FakeHost()
        host.files["/stacks/stack.yaml"] = """
            services:
              web: {image: x, depends_on: {debug: {condition: service_started, required: false}}}
              debug: {image: x, profiles: [debug]}
              admin: {image: x, depends_on: [debug], profiles: [admin]}
            """
        let loader = StackLoader(host: host)
        #expect(loader.load(request).document?.services == ["web"])
        request.profiles = ["debug"]
        #expect(loader.load(request).document?.services == ["debug", "web"])
        request.profiles = ["*"]
        #expect(loader.load(request).document?.services == ["admin", "debug", "web"])
        request.profiles = ["admin"]
        #expect(
            loader.load(request).diagnostics.map(\.message) == [
                "service \"admin\" depends on \"debug\", which is left out for its profiles"
            ]
        )
    }

    @Test func resetWorksWithinTheFileThatIsExtended() {
        let base = """
            services:
              root: {image: busybox, network_mode: none, ports: ["80:80"], tty: true}
              app: {extends: root, ports: !reset null}
            """
        #expect(
            yaml(
                ["a.yaml": "name: x\nservices: {web: {extends: {file: base.yaml, service: app}}}\n"],
                ["/stacks/base.yaml": base]
            ) == """
                name: x
                services:
                  web:
                    image: busybox
                    network_mode: none
                    tty: true

                """
        )
    }
}
