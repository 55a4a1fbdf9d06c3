import Testing

@testable import Linux

@Suite("The list of mounts")
struct MountTableTests {
    private func table(_ lines: String...) -> MountTable { MountTable(Array(lines.joined(separator: "\n").utf8)) }

    private func reachable(_ table: MountTable, below identifier: Int) throws -> [Int] {
        table.reachable(below: try #require(table[identifier])).map(\.identifier)
    }

    @Test func tellsWhereMountsAreAndTheirOwnFlags() throws {
        let table = table(
            #"36 35 98:0 /source /a\040b\134c rw,nosuid,noatime shared:1 - ext4 /dev/sda ro"#,
            "40 36 0:30 / /a rw,nodev,noexec,nodiratime - tmpfs tmpfs rw", "no mount at all", "")
        let first = try #require(table[36])
        #expect(first.path == #"/a b\c"#)
        #expect(first.parent == 35)
        #expect(first.flags == [.noSetUserID, .noAccessTime])
        #expect(table[40]?.flags == [.noDevices, .noExecution, .noDirectoryAccessTime, .strictAccessTime])
        #expect(table[41] == nil)
    }

    @Test func hasThoseBelowAnotherOuterBeforeInner() throws {
        let table = table(
            "1 0 0:1 / / rw - x x rw", "5 4 0:1 / /a/b/c rw - x x rw", "4 2 0:1 / /a/b rw - x x rw",
            "2 1 0:1 / /a rw - x x rw", "3 1 0:1 / /ab rw - x x rw")
        #expect(try reachable(table, below: 2) == [4, 5])
        #expect(try reachable(table, below: 1).sorted() == [2, 3, 4, 5])
        let top = try #require(table[2])
        #expect(table[5]?.path(below: top) == "/b/c")
        #expect(table[5]?.path(below: try #require(table[1])) == "/a/b/c")
    }

    @Test func leavesOutWhatOthersCover() throws {
        let table = table(
            "1 0 0:1 / / rw - x x rw",
            // 3 is on the root of 2, and so 4 has no path.
            "2 1 0:1 / /a rw - x x rw", "3 2 0:1 / /a rw - x x rw", "4 2 0:1 / /a/inner rw - x x rw",
            "5 3 0:1 / /a/other rw - x x rw",
            // 7 is on a directory above the place of 6.
            "6 1 0:1 / /b/c rw - x x rw", "7 1 0:1 / /b rw - x x rw")
        #expect(try reachable(table, below: 1) == [3, 5, 7])
    }

    @Test(
        arguments: [
            ([.readOnly], [], [.noSetUserID, .noAccessTime], [.readOnly, .noSetUserID, .noAccessTime]),
            ([], [.readOnly], [.readOnly, .strictAccessTime], [.strictAccessTime]),
            ([.noAccessTime], [], [.relativeAccessTime], [.noAccessTime]),
            ([.strictAccessTime], [.noDevices], [.noDevices, .noAccessTime], [.strictAccessTime]),
            ([], [.noAccessTime], [.noAccessTime], [.relativeAccessTime]),
            (
                [.relativeAccessTime], [], [.noAccessTime, .noDirectoryAccessTime],
                [.relativeAccessTime, .noDirectoryAccessTime]
            ),
        ] as [(MountFlags, MountFlags, MountFlags, MountFlags)])
    func changesNoOtherFlag(set: MountFlags, cleared: MountFlags, before: MountFlags, after: MountFlags) {
        #expect(MountAttributes(set: set).changing(before, clearing: cleared) == after)
    }
}
