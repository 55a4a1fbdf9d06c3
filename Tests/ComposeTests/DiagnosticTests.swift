import Compose
import Testing

/// What a user sees, letter by letter.
struct DiagnosticTests {
    @Test func unknownKeyNamesItsServiceAndSuggestsTheNearestKey() {
        let text = """
            name: demo
            services:
              web:
                rootfs: rootfs
                environment:
                  PORT: 80
                comand: ["sleep", "9"]
                command: sleep 9
            """
        #expect(
            messages(text) == """
                stack.yaml:7:5: unknown key "comand" in service "web" (did you mean "command"?)
                    7 |     comand: ["sleep", "9"]
                      |     ^~~~~~

                """
        )
    }

    @Test func allProblemsOfAFileAreToldAtOnceInOrder() {
        let text = """
            services:
              web:
                rootfs: rootfs
                command: sleep 9
                pids_limit: many
                hostname: 5
              db:
                rootfs: nowhere
                command: slep 9
                restart: sometimes
                depends_on: [wbe]
            """
        #expect(
            messages(text) == """
                stack.yaml:5:17: expected a whole number for "pids_limit" in service "web", found "many"
                    5 |     pids_limit: many
                      |                 ^~~~
                stack.yaml:6:15: expected a string for "hostname" in service "web", found 5: quote it
                    6 |     hostname: 5
                      |               ^
                stack.yaml:8:13: the rootfs "/stacks/nowhere" does not exist
                    8 |     rootfs: nowhere
                      |             ^~~~~~~
                stack.yaml:10:14: expected no, always, unless-stopped, on-failure or on-failure:N for "restart" in \
                service "db", found "sometimes"
                   10 |     restart: sometimes
                      |              ^~~~~~~~~
                stack.yaml:11:18: service "db" depends on "wbe", which is no service of this stack (did you mean "web"?)
                   11 |     depends_on: [wbe]
                      |                  ^~~

                """
        )
    }

    @Test func aBadValueThatOverridesAnotherNamesBothPlaces() {
        let found = load(
            [
                "a.yaml": "services: {web: {image: x, restart: always, tty: true}}\n",
                "b.yaml": "services: {web: {tty: maybe}}\n",
            ],
            purpose: .show
        )
        #expect(
            DiagnosticRenderer().render(found.diagnostics) == """
                b.yaml:1:23: expected true or false for "tty" in service "web", found "maybe"
                    1 | services: {web: {tty: maybe}}
                      |                       ^~~~~
                a.yaml:1:50: note: it overrides what is set here
                    1 | services: {web: {image: x, restart: always, tty: true}}
                      |                                                  ^~~~

                """
        )
    }

    @Test func everyProblemOfABrokenStackIsTold() {
        let text = """
            services:
              a: {rootfs: rootfs, command: sleep 1, depends_on: [b], restart: alway}
              b: {rootfs: rootfs, command: slep 1, depends_on: [a], x-gocker: {rootfz: c}}
              c: {command: sleep 1}
            """
        #expect(
            messages(text) == """
                stack.yaml:2:54: services depend on each other in a circle: a -> b -> a
                    2 |   a: {rootfs: rootfs, command: sleep 1, depends_on: [b], restart: alway}
                      |                                                      ^
                stack.yaml:3:53: note: b waits for a
                    3 |   b: {rootfs: rootfs, command: slep 1, depends_on: [a], x-gocker: {rootfz: c}}
                      |                                                     ^
                stack.yaml:2:67: expected no, always, unless-stopped, on-failure or on-failure:N for "restart" in \
                service "a", found "alway" (did you mean "always"?)
                    2 |   a: {rootfs: rootfs, command: sleep 1, depends_on: [b], restart: alway}
                      |                                                                   ^~~~~
                stack.yaml:3:32: no program "slep" in the rootfs "/stacks/rootfs" \
                (searched /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
                    3 |   b: {rootfs: rootfs, command: slep 1, depends_on: [a], x-gocker: {rootfz: c}}
                      |                                ^~~~~~
                stack.yaml:3:68: unknown key "rootfz" in "x-gocker" of service "b" (did you mean "rootfs"?)
                    3 |   b: {rootfs: rootfs, command: slep 1, depends_on: [a], x-gocker: {rootfz: c}}
                      |                                                                    ^~~~~~
                stack.yaml:4:3: service "c" has no root file system; add "rootfs: DIRECTORY"
                    4 |   c: {command: sleep 1}
                      |   ^

                """
        )
    }
}
