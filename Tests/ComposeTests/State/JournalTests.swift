import JSON
import Linux
import Testing

@testable import Compose

/// What a journal says after whatever has happened to its bytes.
struct JournalTests {
    static func record(_ service: String, _ number: Int, runs: Int) throws -> InstanceRecord {
        var record = InstanceRecord(InstanceName(try #require(ServiceName(service)), number), definition: 1)
        record.runs = runs
        record.phase = .running
        record.process = InstanceRecord.Process(number: Int32(100 + runs), startTime: UInt64(7 * runs))
        return record
    }

    /// A stack's life: instances come, change, go and come again.
    static func life() throws -> [JournalRecord] {
        var records: [JournalRecord] = [
            .origin(StackState.Origin(directory: "/srv/shop", files: ["stack.yaml"]), bootID: "boot-1"),
            .definition(1, "name: shop\nservices: {}\n"),
        ]
        for runs in 1...3 {
            for service in ["web", "db"] { records.append(.instance(try record(service, 1, runs: runs))) }
        }
        records.append(.removed(service: "web", number: 1))
        records.append(.definition(2, "name: shop\n"))
        records.append(.instance(try record("web", 1, runs: 4)))
        records.append(.instance(try record("web", 2, runs: 1)))
        return records
    }

    /// A line as the first versions wrote it, with every field.
    private static let full = """
        {"instance":{"_0":{"service":"web","number":2,"phase":"running","definition":3,"isWantedUp":true,"isToStart":true,\
        "isStale":false,"isPreparingStop":true,"isLeaving":true,"isPrepared":true,"renewsVolumes":true,\
        "process":{"number":7,"startTime":18446744073709551615},\
        "places":[{"mount":"/sys/fs/cgroup/pids","path":"/sys/fs/cgroup/pids/a \\"b\\"","isUnified":false}],\
        "startedAt":12.5,"exitCode":-1,"signalNumber":9,"restarts":4,"attempts":5,"nextDelay":-9223372036854775808,\
        "backsOffUntil":6,"beganAt":7,"hasRun":true,"runs":8,"wasOutOfMemory":true,"isPaused":true,\
        "health":"healthy","checkStatus":"unhealthy","failingStreak":9,"isReady":true,"said":"\\u0007é/\\n",\
        "isScheduled":true,"scheduleSeen":10,"marks":{"wanted":1,"released":2,"started":3,"healthy":4},\
        "reason":"no","peakMemory":11,"ranFor":13}}}
        """

    private func decode(_ text: String) -> JournalRecord? {
        JournalLine.decode((Checksum.text(of: text.utf8) + [UInt8(ascii: " ")] + text.utf8)[...])
    }

    @Test func keepsEveryField() throws {
        let record = try #require(decode(Self.full))
        guard case .instance(let instance) = record else {
            Issue.record("no instance")
            return
        }
        let original = try JSONReader.read(Array(Self.full.utf8))
        #expect(JSONWriter.compact(record.json) == JSONWriter.compact(original))
        guard case .object(let fields)? = original["instance"]?["_0"] else { return }
        #expect(Mirror(reflecting: instance).children.count == fields.count)
        #expect(instance.said == "\u{7}é/\n")
        #expect(instance.process?.startTime == .max)
        #expect(instance.ranFor == 13)
        #expect(JournalLine.decode(JournalLine.encode(record).dropLast()[...]) == record)
    }

    @Test func keepsEveryFieldOfAOneOff() throws {
        let text = """
            {"definition":"services: {}\\n","directory":"/srv","exitCode":3,"name":"web-run-1","places":[],\
            "process":{"number":7,"startTime":8},"service":"web","signalNumber":9,"startedAt":1.5}
            """
        let record = try #require(OneOffRecord(try JSONReader.read(Array(text.utf8))))
        #expect(JSONWriter.compact(record.json) == text)
        #expect(record.definition == "services: {}\n" && record.process.startTime == 8)
    }

    @Test(arguments: [
        ("\"runs\":8,", ""), ("\"runs\":8", "\"runs\":\"8\""), ("\"wanted\":1,", ""),
        ("7,\"startTime", "7.5,\"startTime"),
    ])
    func hasNoUseForHalfARecord(text: String, other: String) {
        #expect(decode(Self.full.split(separator: text, maxSplits: 1).joined(separator: other)) == nil)
    }

    @Test func laterRecordsOutweighEarlierOnes() throws {
        let state = try #require(JournalReader.read(try Self.life().flatMap(JournalLine.encode)).state)
        #expect(state.origin.directory == "/srv/shop")
        #expect(state.definitions.keys.sorted() == [1, 2])
        #expect(state.instances.map(\.name).sorted() == ["db-1", "web-1", "web-2"])
        #expect(state.instances.first { $0.name == "db-1" }?.runs == 3)
        #expect(state.instances.first { $0.name == "web-1" }?.runs == 4)
    }

    @Test func tellsTheLastOriginWithoutTheRest() throws {
        let other = JournalRecord.origin(StackState.Origin(directory: "/srv/other", files: []), bootID: "boot-2")
        let bytes = (try Self.life() + [other, .removed(service: "{\"origin\"", number: 1)]).flatMap(JournalLine.encode)
        #expect(JournalReader.origin(bytes)?.directory == "/srv/other")
        #expect(JournalReader.origin(bytes.dropLast(60).map { $0 })?.directory == "/srv/shop")
        #expect(JournalReader.origin([]) == nil)
    }

    @Test func whatIsRemovedIsGoneUntilItComesAgain() throws {
        let origin = JournalRecord.origin(StackState.Origin(directory: "/", files: []), bootID: "b")
        let web = JournalRecord.instance(try Self.record("web", 1, runs: 1))
        let gone = JournalRecord.removed(service: "web", number: 1)
        func names(_ records: JournalRecord...) -> [String]? {
            JournalReader.read(records.flatMap(JournalLine.encode)).state?.instances.map(\.name)
        }
        #expect(names(origin, web, gone) == [])
        #expect(names(origin, gone) == [])
        #expect(names(origin, web, gone, web) == ["web-1"])
        #expect(names(origin, web, gone, web, gone) == [])
        // Without its begin nobody knows whose it is.
        #expect(names(web) == nil)
    }

    @Test func cutAnywhereItSaysWhatTheWholeLinesSay() throws {
        let lines = try Self.life().map(JournalLine.encode)
        let bytes = lines.flatMap { $0 }
        var whole = 0
        var ends = lines.map(\.count)[...]
        var nextEnd = ends.popFirst() ?? 0
        for length in 0...bytes.count {
            if length == nextEnd {
                whole += 1
                nextEnd += ends.popFirst() ?? bytes.count
            }
            let state = JournalReader.read(Array(bytes[..<length])).state
            #expect(state == JournalReader.read(lines[..<whole].flatMap { $0 }).state, "cut at \(length)")
        }
    }

    /// A byte that is not what it was costs the line it is in, at most one more, and nothing is read that was not written.
    @Test func damagedAnywhereItInventsNothing() throws {
        var random = SplitMix(state: 5)
        let records = try Self.life()
        let lines = records.map(JournalLine.encode)
        let bytes = lines.flatMap { $0 }
        let written = Set(records)
        for position in bytes.indices {
            var damaged = bytes
            damaged[position] ^= UInt8(random.next() % 255 + 1)
            let state = JournalReader.read(damaged).state
            // Only damage to the first line hides where the stack is from.
            if position >= lines[0].count { #expect(state != nil, "damaged at \(position)") }
            for instance in state?.instances ?? [] { #expect(written.contains(.instance(instance))) }
            for (number, text) in state?.definitions ?? [:] { #expect(written.contains(.definition(number, text))) }
            if position < bytes.count - lines.suffix(2).flatMap({ $0 }).count, position >= lines[0].count {
                #expect(state?.instances.contains { $0.name == "web-2" } == true, "damaged at \(position)")
            }
        }
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func noiseIsNoState(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        var bytes = try Self.life().flatMap(JournalLine.encode)
        // Blocks of zeros, blocks of noise, and blocks in the wrong place, as after a power cut.
        for _ in 0..<4 {
            let start = Int(random.next() % UInt64(bytes.count))
            let length = min(Int(random.next() % 512), bytes.count - start)
            switch random.next() % 3 {
            case 0: for index in start..<(start + length) { bytes[index] = 0 }
            case 1: for index in start..<(start + length) { bytes[index] = UInt8(truncatingIfNeeded: random.next()) }
            default:
                let from = Int(random.next() % UInt64(bytes.count - length))
                bytes.replaceSubrange(start..<(start + length), with: Array(bytes[from..<(from + length)]))
            }
        }
        let written = Set(try Self.life())
        for instance in JournalReader.read(bytes).state?.instances ?? [] {
            #expect(written.contains(.instance(instance)))
        }
    }
}
