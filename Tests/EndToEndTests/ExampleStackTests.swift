import Linux
import Testing

@Suite("The example stacks do what their headers say", .enabled(if: TestFiles.isRoot, "containers need root"))
struct ExampleStackTests {
    @Test func hello() throws {
        let stack = try StackFixture(example: "hello")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { try stack.compose("logs").output.contains("restarted after the crash") })
        let logs = try stack.compose("logs").output
        #expect(logs.contains("hello-1      | I am process 1 on hello"))
        #expect(logs.contains("neighbour-1  | I am process 1 on neighbour, and I see 0 files of hello's"))
        #expect(!logs.contains("BAD"))
        let held = logs.split(separator: "\n").first { $0.hasSuffix("of them run") }?
            .split(separator: " ").dropLast(3).last.flatMap { Int($0) }
        #expect((8..<16).contains(try #require(held)))
        #expect(try stack.eventually { try stack.row(of: "hello-1")["STATE"] == "running" })
        #expect(try stack.row(of: "hello-1")["RESTARTS"] == "1")
    }

    @Test func restarts() throws {
        let stack = try StackFixture(example: "restarts")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { try stack.row(of: "limited-1")["STATE"] == "exited" })
        #expect(try stack.row(of: "limited-1")["RESTARTS"] == "3")
        #expect(try stack.eventually { try stack.compose("logs", "crash").lines.count >= 5 })
        #expect(try stack.row(of: "job-1")["STATE"] == "exited")
        #expect(try stack.row(of: "job-1")["EXIT"] == "0")
        #expect(try stack.row(of: "steady-1")["RESTARTS"] == "0")

        // 100, 200, 400 and 800 ms apart, and never closer.
        let times = try stack.compose("logs", "--timestamps", "crash").output.split(separator: "\n").prefix(5)
            .compactMap {
                line in line.split(separator: " ").first { $0.hasSuffix("Z") }.flatMap { WallTime(String($0)) }
            }
        let gaps = zip(times, times.dropFirst()).map { $1.nanosecondsSinceEpoch - $0.nanosecondsSinceEpoch }
        for (gap, delay) in zip(gaps, [100, 200, 400, 800]) { #expect(gap >= Int64(delay) * 1_000_000) }
        #expect(gaps.count == 4)
    }

    @Test func forkBomb() throws {
        let stack = try StackFixture(example: "fork-bomb")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { Int(try stack.row(of: "bomb-1")["PIDS"] ?? "") ?? 0 >= 16 })
        let count = try stack.compose("logs", "neighbour").lines.count
        #expect(try stack.eventually { try stack.compose("logs", "neighbour").lines.count > count + 3 })
        #expect(Int(try stack.row(of: "bomb-1")["PIDS"] ?? "") ?? 99 <= 32)
        #expect(try stack.compose("down", timeout: .seconds(20)).exitCode == 0)
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func ordered() throws {
        let stack = try StackFixture(example: "ordered")
        let up = try stack.compose("up", "-d")
        let started = up.errors.split(separator: "\n").filter { $0.hasSuffix("started") }.map {
            $0.split(separator: " ")[0]
        }
        #expect(started.first == "store-1")
        #expect(started.last == "web-1")
        #expect(started.count == 4)
        let down = try stack.compose("down")
        let stopped = down.errors.split(separator: "\n").filter { $0.hasSuffix("stopped") }.map {
            $0.split(separator: " ")[0]
        }
        #expect(stopped.first == "web-1")
        #expect(stopped.last == "store-1")
    }
}
