import Linux
import Testing

@testable import Runtime

@Suite("The devices of a container")
struct DeviceProgramTests {
    private func may(
        _ rules: [DeviceRule], _ kind: DeviceRule.Kind, _ major: UInt32, _ minor: UInt32,
        _ access: DeviceRule.Access = .all
    ) -> Bool? {
        DeviceMachine(program: DeviceProgram(rules).instructions)
            .outcome(of: .init(kind: kind, major: major, minor: minor, access: access))
    }

    @Test func areTheStandardOnes() {
        let rules = [DeviceRule(allow: false)] + DeviceRule.standard
        #expect(may(rules, .character, 1, 3) == true)
        #expect(may(rules, .character, 136, 17) == true)
        #expect(may(rules, .character, 10, 229) == false)
        #expect(may(rules, .character, 10, 229, .makeNode) == true)
        #expect(may(rules, .block, 8, 0, .makeNode) == true)
        #expect(may(rules, .block, 8, 0, .read) == false)
        #expect(may(rules, .block, 1, 3, .read) == false)
    }

    @Test func areNoneWithoutARule() {
        #expect(may([], .character, 1, 3) == false)
    }

    @Test func areThoseOfTheLastRule() {
        let all = DeviceRule(allow: true)
        let disk = DeviceRule(allow: false, .block, major: 8)
        #expect(may([disk, all], .block, 8, 0) == true)
        #expect(may([all, disk], .block, 8, 0) == false)
        #expect(may([all, disk], .block, 9, 0) == true)
        #expect(may([all, disk], .character, 8, 0) == true)
    }

    @Test func areUsedAsFarAsEachKindOfAccessIsAllowed() {
        let read = DeviceRule(allow: true, .character, major: 1, minor: 3, access: .read)
        let write = DeviceRule(allow: true, .character, major: 1, minor: 3, access: .write)
        #expect(may([read], .character, 1, 3, .read) == true)
        #expect(may([read], .character, 1, 3, [.read, .write]) == false)
        #expect(may([read, write], .character, 1, 3, [.read, .write]) == true)
        let noWriting = DeviceRule(allow: false, access: .write)
        #expect(may([read, write, noWriting], .character, 1, 3, [.read, .write]) == false)
        #expect(may([read, write, noWriting], .character, 1, 3, .read) == true)
    }

    /// A rule by rule walk from the last to the first, as the documentation says it in words.
    private func expected(_ rules: [DeviceRule], _ access: DeviceMachine.Access) -> Bool {
        for letter in [DeviceRule.Access.makeNode, .read, .write] where access.access.contains(letter) {
            let rule = rules.last { rule in
                (rule.kind == .all || rule.kind == access.kind) && (rule.major ?? access.major) == access.major
                    && (rule.minor ?? access.minor) == access.minor && rule.access.contains(letter)
            }
            if rule?.allow != true { return false }
        }
        return true
    }

    @Test func areWhatARandomListSays() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let rules = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                DeviceRule(
                    allow: .random(using: &generator),
                    [.all, .block, .character].randomElement(using: &generator) ?? .all,
                    major: [nil, 1, 2, .max].randomElement(using: &generator) ?? nil,
                    minor: [nil, 1, 2].randomElement(using: &generator) ?? nil,
                    access: .init(rawValue: .random(in: 1...7, using: &generator)))
            }
            let machine = DeviceMachine(program: DeviceProgram(rules).instructions)
            #expect(machine.isReachable, "\(rules)")
            for kind in [DeviceRule.Kind.block, .character] {
                for numbers in [(1, 1), (2, 1), (3, 2), (UInt32.max, 2)] as [(UInt32, UInt32)] {
                    for bits in UInt8(1)...7 {
                        let access = DeviceMachine.Access(
                            kind: kind, major: numbers.0, minor: numbers.1, access: .init(rawValue: bits))
                        #expect(machine.outcome(of: access) == expected(rules, access), "\(rules) \(access)")
                    }
                }
            }
        }
    }

    @Test func areInTheKernelsFormat() {
        let bytes = DeviceProgram([]).bytes
        #expect(bytes.count == DeviceProgram([]).instructions.count * 8)
        // r2 = *(u32 *)(r1 + 0), and at the end r0 = 0; exit.
        #expect(bytes.prefix(8) == [0x61, 0x12, 0, 0, 0, 0, 0, 0])
        #expect(bytes.suffix(16) == [0xB4, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0])
    }
}

@Suite("The list of devices of version 1")
struct DeviceListTests {
    private func lines(_ rules: [DeviceRule]) throws -> [String] {
        try DeviceList(rules).writes.map { "\($0.file.dropFirst("devices.".count)) \($0.value)" }
    }

    @Test func beginsWithNothingAllowed() throws {
        #expect(try lines([]) == [])
        #expect(
            try lines([DeviceRule(allow: true, .character, major: 1, minor: 3, access: .read)])
                == ["deny a", "allow c 1:3 r"])
        #expect(try lines([DeviceRule(allow: true)]) == ["allow a"])
    }

    @Test func forgetsWhatALaterRuleTakesBack() throws {
        let null = DeviceRule(allow: true, .character, major: 1, minor: 3)
        #expect(try lines([null, DeviceRule(allow: false)]) == ["deny a"])
        #expect(
            try lines([null, DeviceRule(allow: false, .character, major: 1, access: .write)])
                == ["deny a", "allow c 1:3 rm"])
        #expect(
            try lines([null, DeviceRule(allow: false, .character, major: 10, minor: 229)]) == [
                "deny a", "allow c 1:3 rwm",
            ])
        #expect(
            try lines([DeviceRule(allow: true), DeviceRule(allow: false, .block, major: 8)])
                == ["allow a", "deny b 8:* rwm"])
        #expect(
            try lines([DeviceRule(allow: true, .all, major: 1)]) == [
                "deny a", "allow b 1:* rwm", "allow c 1:* rwm",
            ])
    }

    @Test func hasNoExceptionsFromExceptions() {
        #expect(throws: CgroupError.self) {
            try lines([
                DeviceRule(allow: true, .character, major: 1), DeviceRule(allow: false, .character, major: 1, minor: 3),
            ])
        }
    }

    @Test func takesNothingAwayWhileItChanges() throws {
        let list = try DeviceList([
            DeviceRule(allow: true, .character, major: 1, minor: 3), DeviceRule(allow: true, .block, major: 8),
        ])
        #expect(
            list.writes(from: "c 1:3 rwm\nc 1:5 rwm\n") == [
                CgroupWrite("devices.deny", "c 1:5 rwm"), CgroupWrite("devices.allow", "b 8:* rwm"),
            ])
        #expect(list.writes(from: "a *:* rwm\n") == list.writes)
    }
}
