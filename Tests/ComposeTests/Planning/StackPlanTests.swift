import Compose
import OrderedCollections
import Testing

/// What `up` would do.
struct StackPlanTests {
    private func stack(_ services: String) throws -> Stack {
        let text = "name: shop\nservices:\n\(services)"
        return try #require(load(text).stack)
    }

    private func plan(_ old: String, _ new: String, over: Set<String> = []) throws -> [String] {
        let current = try stack(old).services.values.map {
            StackPlan.Current(InstanceName($0.name), $0, isOver: over.contains($0.name.text))
        }
        let plan = StackPlan(try stack(new), current: current)
        #expect(plan.changesAnything == plan.entries.contains { $0.sign == "+" || $0.sign == "~" })
        return plan.entries.map { "\($0.sign) \($0.instance) \($0.sentence)" }
    }

    private let web = "  web: {rootfs: rootfs, command: sleep 1, environment: {PORT: 80}, mem_limit: 64m, cpus: 1}\n"
    private let db = "  db: {rootfs: rootfs, command: sleep 2}\n"

    @Test func whatIsNotThereIsCreated() throws {
        #expect(try StackPlan(stack(web + db), current: []).entries.map(\.change) == [.create, .create])
    }

    @Test func whatIsAsItShouldBeIsLeftAloneOrStartedAgain() throws {
        #expect(try plan(web + db, web + db) == ["= web-1 unchanged", "= db-1 unchanged"])
        #expect(try plan(web, web, over: ["web"]) == ["+ web-1 start: it has ended"])
    }

    @Test func whatHasChangedIsRecreatedForAReason() throws {
        #expect(
            try plan(web, web.replacing("80", with: "8080"))
                == ["~ web-1 recreate (environment.PORT: \"80\" → \"8080\", stack.yaml:3)"])
        #expect(
            try plan(web, web.replacing(", environment: {PORT: 80}", with: ", hostname: h")) == [
                "~ web-1 recreate (environment: {\"PORT\":\"80\"} → nothing, "
                    + "hostname: nothing → \"h\", stack.yaml:3)"
            ])
    }

    @Test func limitsAreChangedInPlaceWhereTheyStayLimits() throws {
        let larger = web.replacing("64m", with: "128m").replacing("cpus: 1", with: "cpus: 2")
        #expect(
            try plan(web, larger) == [
                "~ web-1 change limits in place (cpus: 1 → 2, stack.yaml:3, "
                    + "mem_limit: \"67108864\" → \"134217728\", stack.yaml:3)"
            ])
        // A container that has ended has no cgroup to write to.
        #expect(try plan(web, larger, over: ["web"])[0].hasPrefix("~ web-1 recreate"))
        // No longer limited: the cgroup of the controller would have to go.
        #expect(try plan(web, web.replacing(", mem_limit: 64m", with: ""))[0].hasPrefix("~ web-1 recreate"))
        #expect(try plan(db, db.replacing("}", with: ", mem_limit: 1g}"))[0].hasPrefix("~ db-1 recreate"))
        // With anything else it is another container.
        #expect(try plan(web, larger.replacing("80", with: "81"))[0].hasPrefix("~ web-1 recreate"))
    }

    @Test func whatTheFileDoesNotHaveIsNamedLast() throws {
        #expect(
            try plan(web + db, db) == [
                "= db-1 unchanged", "- web-1 not in the stack file any more: up leaves it alone, down takes it away",
            ])
    }

    @Test func programsGetItAsJSON() throws {
        let current = StackPlan.Current(InstanceName(try #require(ServiceName("db"))), nil, isOver: false)
        #expect(
            StackPlan(try stack(db), current: [current]).json == """
                [
                  {
                    "instance": "db-1",
                    "action": "recreate",
                    "inPlace": false,
                    "changes": []
                  }
                ]

                """)
    }
}
