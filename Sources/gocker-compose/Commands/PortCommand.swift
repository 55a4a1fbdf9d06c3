internal import ArgumentParser
internal import Compose

/// `gocker-compose port`: where a port of a service is to be reached.
struct PortCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "port",
        abstract: "Tell where a port of a service is reached from outside.",
        discussion: """
            Services are in the host's network, or in none: no port is published, and a port of a service in the host's \
            network is the same port of the host.

            EXAMPLES:
              gocker-compose port web 80
            """
    )

    @OptionGroup var options: StackOptions

    @Option(name: .customLong("protocol"), help: ArgumentHelp("tcp or udp.", valueName: "protocol"))
    var transport = "tcp"

    @Option(help: ArgumentHelp("Which instance of the service.", valueName: "n"))
    var index = 1

    @Argument(help: "The service.", completion: .services)
    var service: String

    @Argument(help: "The port inside of it.")
    var port: UInt16

    func run() throws {
        let stack = try options.loadStack(try options.request(purpose: .run))
        guard let service = stack.service(named: service) else { throw Failure("no such service: \(service)") }
        throw Failure(Self.whyNot(service, "\(port)/\(transport)"))
    }

    private static func whyNot(_ service: Service, _ port: String) -> String {
        switch service.network {
        case .host:
            "no port of \(service.name) is published: it is in the host's network, where \(port) of it is \(port) of this "
                + "machine"
        case .none: "\(service.name) has no network but its own loopback: \(port) is not reached from outside"
        case .service(let other):
            "no port of \(service.name) is published: it is in the network of \(other); ask for its ports"
        }
    }
}
