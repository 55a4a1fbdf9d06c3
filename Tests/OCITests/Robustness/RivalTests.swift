import JSON
import Linux
import Testing

/// Programs that are at work with one container at once: one of them wins, the others are told.
@Suite("Rivals for one container", .enabled(if: OCIRuntime.isOwn, "\(OCIRuntime.ownReason)"))
struct RivalTests {
    /// How long a stress goes on.
    private static let time = Duration.seconds(1)

    private func stress(_ body: (Int) throws -> Void) throws {
        let end = MonotonicTime.now + Self.time
        var round = 0
        while .now < end {
            try body(round)
            round += 1
        }
    }

    private func start(_ commands: [[String]], _ container: Container) throws -> [RunningProgram] {
        try commands.map { try OCIRuntime.program.start(["--root", container.stateRoot] + $0) }
    }

    /// Runs commands at once, none of which may hang, and each of which says why where it fails.
    private func run(_ commands: [[String]], _ container: Container) throws -> [Program.Outcome] {
        try start(commands, container).map { program in
            let outcome = try program.finish(timeout: .seconds(8))
            if !outcome.succeeded { outcome.expectSentence() }
            return outcome
        }
    }

    @Test func forItsNameGetOneContainer() throws {
        let container = try Container()
        try container.writeConfig()
        let create = ["create", "--bundle", container.bundle, container.id]
        try stress { _ in
            let outcomes = try run([create, create], container)
            #expect(outcomes.filter(\.succeeded).count == 1)
            for outcome in outcomes where !outcome.succeeded { outcome.expectSentence("container with id exists") }
            #expect(try container.status() == "created")
            try container.expectCleanDeletion("two creates")
        }
    }

    @Test func whoCreateAndDeleteLeaveAWholeContainerOrNone() throws {
        let container = try Container()
        try container.writeConfig()
        let create = ["create", "--bundle", container.bundle, container.id]
        let delete = ["delete", "--force", container.id]
        try stress { _ in
            let outcomes = try run([create, delete, create, delete], container)
            #expect(outcomes[1].succeeded && outcomes[3].succeeded, "\(outcomes.map(\.report))")
            try container.expectSaneState("creates and deletions")
            if Cgroups.directories(named: container.cgroupName).isEmpty {
                try container.expectNothing("creates and deletions")
            } else {
                #expect(try container.status() == "created")
            }
            try container.expectCleanDeletion("creates and deletions")
        }
    }

    @Test func whoStartItRunItOnce() throws {
        let container = try Container("echo ran; sleep 1000")
        let start = ["start", container.id]
        try stress { _ in
            #expect(try container.create().succeeded)
            let outcomes = try run([start, start], container)
            #expect(outcomes.filter(\.succeeded).count == 1)
            for outcome in outcomes where !outcome.succeeded { outcome.expectSentence("cannot start container") }
            #expect(try eventually { container.output == "ran\n" })
            try container.expectCleanDeletion("two starts")
        }
    }

    @Test func whoStartAndDeleteItLeaveNothing() throws {
        let container = try Container()
        let commands = [["start", container.id], ["delete", "--force", container.id]]
        try stress { round in
            #expect(try container.create().succeeded)
            let outcomes = try run(round.isMultiple(of: 2) ? commands : commands.reversed(), container)
            #expect(outcomes[round.isMultiple(of: 2) ? 1 : 0].succeeded, "\(outcomes.map(\.report))")
            try container.expectNothing("a start and a deletion")
        }
    }

    @Test func whoDeleteItAllSucceedWithForce() throws {
        let container = try Container()
        let delete = ["delete", "--force", container.id]
        try stress { round in
            #expect(try container.create().succeeded)
            if round.isMultiple(of: 2) { #expect(try container.start().succeeded) }
            let outcomes = try run([delete, delete, delete], container)
            #expect(outcomes.filter(\.succeeded).count == 3, "\(outcomes.map(\.report))")
            try container.expectNothing("deletions")
        }
    }

    @Test func whoDeleteItWithoutForceAreTold() throws {
        let container = try Container("true")
        let delete = ["delete", container.id]
        try stress { _ in
            #expect(try container.create().succeeded)
            let outcomes = try run([delete, delete], container)
            #expect(outcomes.filter(\.succeeded).count == 1, "\(outcomes.map(\.report))")
            for outcome in outcomes where !outcome.succeeded { outcome.expectSentence("does not exist") }
            try container.expectNothing("deletions")
        }
    }

    @Test(arguments: [true, false]) func whoEnterAndDeleteItLeaveNothing(hasProcessNamespace: Bool) throws {
        let container = try Container {
            if !hasProcessNamespace { $0.remove(from: "linux.namespaces", where: "type", is: "pid") }
        }
        let enter = ["exec", container.id, "/bin/sleep", "1000"]
        try stress { round in
            #expect(try container.create().succeeded)
            #expect(try container.start().succeeded)
            let entering = try start([enter, enter], container)
            try pause(.milliseconds(round % 8))
            let outcomes = try run([["delete", "--force", container.id]], container)
            #expect(outcomes[0].succeeded, "\(outcomes[0].report)")
            for program in entering {
                let outcome = try program.finish(timeout: .seconds(8))
                #expect(!outcome.succeeded && !outcome.errors.contains("killed by the test"), "\(outcome.report)")
            }
            try container.expectNothing("an exec and a deletion")
        }
    }

    /// A start that waits is no reason for a deletion by force to wait as long.
    @Test func whoDeleteItByForceEndAStartThatHangs() throws {
        let container = try Container()
        container.config["hooks.startContainer"] = [["path": "/bin/sleep", "args": ["sleep", "1000"]]]
        #expect(try container.create().succeeded)
        let starting = try start([["start", container.id]], container)
        try pause(.milliseconds(200))
        let before = MonotonicTime.now
        try container.expectCleanDeletion("a start that hangs")
        #expect(MonotonicTime.now < before + .seconds(5))
        for program in starting {
            let outcome = try program.finish(timeout: .seconds(5))
            outcome.expectSentence("ended before it ran")
        }
    }
}
