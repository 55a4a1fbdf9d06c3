import Linux
import Testing

@testable import Compose

@Suite("What a service manager is told")
final class ServiceManagerTests {
    private let directory: String
    private let receiver: FileDescriptor

    init() throws {
        directory = "/tmp/gocker-notify-\(try randomBytes(6).map { String($0, radix: 16) }.joined())"
        try makeDirectory(directory)
        receiver = try FileDescriptor.open(directory, .path).listenForDatagrams(at: "socket")
    }

    deinit { try? removeTree(directory) }

    private func manager(_ variables: [String: String] = [:]) throws -> ServiceManager {
        let all = variables.merging(["NOTIFY_SOCKET": "\(directory)/socket"]) { $1 }
        return try #require(ServiceManager { all[$0] })
    }

    private func heard() throws -> [String] {
        var messages: [String] = []
        while let datagram = try receiver.receiveDatagram() {
            messages.append(String(decoding: datagram.bytes, as: UTF8.self))
        }
        return messages
    }

    @Test func isInTheWordsOfItsProtocol() throws {
        let manager = try manager()
        manager.ready("3 instances")
        manager.reloading()
        manager.ping()
        manager.stopping(within: .milliseconds(1500))
        manager.keep(try ProcessHandle(opening: ownProcessID), as: "web-1")
        manager.drop("web-1")
        #expect(
            try heard() == [
                "READY=1\nSTATUS=3 instances", "RELOADING=1", "WATCHDOG=1",
                "STOPPING=1\nEXTEND_TIMEOUT_USEC=1500000", "FDSTORE=1\nFDPOLL=0\nFDNAME=web-1",
                "FDSTOREREMOVE=1\nFDNAME=web-1",
            ])
    }

    @Test func isNothingWhereNobodyListens() throws {
        #expect(ServiceManager { _ in nil } == nil)
        #expect(ServiceManager { $0 == "NOTIFY_SOCKET" ? "" : nil } == nil)
        // One that is gone is no reason to stop.
        try #require(ServiceManager { $0 == "NOTIFY_SOCKET" ? "/nowhere/socket" : nil }).ready("")
        #expect(try heard() == [])
    }

    @Test func isThatWeLiveTwiceAsOftenAsItGetsImpatient() throws {
        #expect(try manager(["WATCHDOG_USEC": "60000000"]).watchdogPeriod == .seconds(30))
        let ours = ["WATCHDOG_USEC": "2000", "WATCHDOG_PID": "\(ownProcessID)"]
        #expect(try manager(ours).watchdogPeriod == .milliseconds(1))
        #expect(try manager(["WATCHDOG_USEC": "2000", "WATCHDOG_PID": "1"]).watchdogPeriod == nil)
        #expect(try manager(["WATCHDOG_USEC": "soon"]).watchdogPeriod == nil)
        #expect(try manager().watchdogPeriod == nil)
        #expect(try heard() == [])
    }

    @Test func keepsNothingThatIsForAnotherProcess() throws {
        // Descriptor 3 is somebody's: were it taken for a handle, it would be closed with the manager.
        let manager = try manager(["LISTEN_PID": "1", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "web-1"])
        #expect(manager.exitStatus(of: "web-1") == nil)
        #expect(try heard() == [])
    }
}
