import Linux
import Runtime
import Testing

@testable import Compose

@Suite("Probes", .enabled(if: effectiveUserID == 0, "namespaces need root"))
struct ProbeTests {
    /// Asks again and again, as the supervisor does.
    private func eventually(_ probe: () -> any Probe) throws -> ProbeOutcome? {
        let deadline = MonotonicTime.now + .seconds(20)
        while .now < deadline {
            if let outcome = try outcome(of: probe()), outcome.isSuccess { return outcome }
            try pause()
        }
        return try outcome(of: probe())
    }

    @Test func connectionsAreMadeInTheNetworkOfTheService() throws {
        let service = try ServiceProcess("mkdir /www; exec busybox httpd -f -p 127.0.0.1:8080 -h /www")
        let home = try FileStatus.of("/proc/thread-self/ns/net").inode
        let endpoint = Endpoint(port: 8080)
        #expect(try eventually { ConnectionProbe(.tcp(endpoint), service.target) } == .succeeded)
        let closed = try outcome(of: ConnectionProbe(.tcp(Endpoint(port: 8081)), service.target))
        #expect(closed?.output == "cannot connect to 127.0.0.1:8081: Connection refused")
        // We are still where we were.
        #expect(try FileStatus.of("/proc/thread-self/ns/net").inode == home)
    }

    @Test func anAnswerWithAGoodStatusIsReady() throws {
        let service = try ServiceProcess(
            "mkdir /www; echo fine >/www/health; exec busybox httpd -f -p 127.0.0.1:8080 -h /www")
        func probe(_ path: String) -> any Probe {
            HTTPProbe(HTTPTarget(Endpoint(port: 8080), path: path), service.target)
        }
        #expect(try eventually { probe("/health") } == .succeeded)
        #expect(try outcome(of: probe("/missing"))?.output == "it answers with the status 404")
        let closed = HTTPProbe(HTTPTarget(Endpoint(port: 1), path: "/"), service.target)
        #expect(try outcome(of: closed)?.output == "no answer from http://127.0.0.1:1/: Connection refused")
    }

    @Test func whoeverDoesNotAnswerIsWaitedForWithoutEnd() throws {
        let service = try ServiceProcess("mkdir /www; exec busybox httpd -f -p 127.0.0.1:8080 -h /www")
        let endpoint = Endpoint(port: 8080)
        #expect(try eventually { ConnectionProbe(.tcp(endpoint), service.target) } == .succeeded)
        // The kernel still takes connections for it.
        try service.handle.send(Signal(rawValue: 19))
        let probe = HTTPProbe(HTTPTarget(endpoint, path: "/"), service.target)
        #expect(try outcome(of: probe, within: .milliseconds(300)) == nil)
        #expect(try outcome(of: ConnectionProbe(.tcp(endpoint), service.target)) == .succeeded)
    }

    @Test func aSocketIsFoundBelowTheRootOfTheService() throws {
        let service = try ServiceProcess("exec busybox sleep 600")
        try service.waitForRoot()
        let listener = try FileDescriptor.listen(at: "\(service.directory)/socket")
        try FileDescriptor.open(service.directory, [.path, .directory]).makeSymbolicLink("link", to: "/socket")
        #expect(try outcome(of: ConnectionProbe(.unix("/socket"), service.target)) == .succeeded)
        #expect(try outcome(of: ConnectionProbe(.unix("/link"), service.target)) == .succeeded)
        let absent = try outcome(of: ConnectionProbe(.unix("/absent"), service.target))
        #expect(absent?.output == "cannot connect to /absent: No such file or directory")
        let noSocket = try outcome(of: ConnectionProbe(.unix("/bin/busybox"), service.target))
        #expect(noSocket?.output == "cannot connect to /bin/busybox: Connection refused")
        _ = listener
    }

    @Test func aFileIsFoundBelowTheRootOfTheServiceOnly() throws {
        let service = try ServiceProcess("echo >/made; exec busybox sleep 600")
        try service.waitForRoot()
        #expect(try eventually { FileProbe("/made", service.target) } == .succeeded)
        // It is there, but not there.
        let path = "\(service.directory)/made"
        #expect(try outcome(of: FileProbe(path, service.target))?.output == "\(path): No such file or directory")
        try FileDescriptor.open(service.directory, [.path, .directory]).makeSymbolicLink("out", to: "/../../etc")
        #expect(try outcome(of: FileProbe("/out/passwd", service.target))?.isSuccess == false)
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\n", true), ("HTTP/1.0 302 Found\r\n", true), ("HTTP/1.1 399\r\n", true),
            ("HTTP/1.1 199 X\r\n", false), ("HTTP/1.1 400 Bad\r\n", false), ("HTTP/1.1 503 Busy\r\n", false),
            ("HTTP/2 200\r\n   ", false), ("SSH-2.0-OpenSSH_9", false), ("HTTP/1.1 2000 OK", false),
            ("HTTP/1.1 2x0 OK\r\n", false), ("\0\0\0\0\0\0\0\0\0\0\0\0\0", false),
        ]
    )
    func aStatusLineIsUnderstood(text: String, isSuccess: Bool) {
        let bytes = Array(text.utf8)
        #expect(HTTPStatusLine.outcome(bytes, isComplete: false)?.isSuccess == isSuccess)
        #expect(HTTPStatusLine.outcome(bytes, isComplete: true)?.isSuccess == isSuccess)
        // Byte by byte it is the same, and never success too early.
        for length in 0..<12 {
            #expect(HTTPStatusLine.outcome(Array(bytes.prefix(length)), isComplete: false)?.isSuccess != true)
            #expect(HTTPStatusLine.outcome(Array(bytes.prefix(length)), isComplete: true)?.isSuccess == false)
        }
    }
}
