internal import Linux

/// The driver `syslog`: one message a line, in the form of RFC 3164 or of RFC 5424.
final class SyslogSender: MessageSender {
    private let socket: LogSocket
    private let options: SyslogOptions
    private let tag: String
    private let host: String
    private var message: [UInt8] = []

    init(_ instance: LogSource, of project: ProjectName, _ options: SyslogOptions) throws(SystemError) {
        socket = try LogSocket(options.address)
        self.options = options
        tag = options.tag.map { LogTag.expand($0, for: instance, of: project) } ?? "\(instance)"
        host = hostName()
    }

    func send(
        _ text: UnsafeRawBufferPointer, _ stream: LogStream, _ time: WallTime, goesOn: Bool
    ) throws(SystemError) {
        message.removeAll(keepingCapacity: true)
        message += SyslogMessage.header(options, tag: tag, host: host, stream: stream, time: time)
        message.append(contentsOf: text)
        if case .tcp = options.address {
            switch options.format {
            case .rfc3164: message.append(0x0A)
            // Octet counting. See RFC 6587, section 3.4.1.
            case .rfc5424: message = Array("\(message.count) ".utf8) + message
            }
        }
        try socket.send(message)
    }
}

/// The part of a message before its text.
enum SyslogMessage {
    static func header(
        _ options: SyslogOptions, tag: String, host: String, stream: LogStream, time: WallTime
    ) -> [UInt8] {
        // "Informational" and "error", as with Docker. See RFC 5424, section 6.2.1.
        let priority = options.facility * 8 + (stream == .standardOutput ? 6 : 3)
        let process = ownProcessID
        switch options.format {
        case .rfc3164:
            return Array("<\(priority)>\(time.syslogDate) \(tag)[\(process)]: ".utf8)
        case .rfc5424(let isPrecise):
            let whole = time.description
            // Up to the second, or six digits more: the form allows no nanoseconds.
            let text = isPrecise ? whole.prefix(26) : whole.prefix(19)
            return Array("<\(priority)>1 \(text)Z \(host) \(tag) \(process) \(tag) - ".utf8)
        }
    }

    /// The names of facilities, in the order of their numbers. See RFC 5424, section 6.2.1.
    static let facilities = [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp",
        "security", "console", "solaris-cron", "local0", "local1", "local2", "local3", "local4", "local5", "local6",
        "local7",
    ]
}
