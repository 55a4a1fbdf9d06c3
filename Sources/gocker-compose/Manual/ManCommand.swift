internal import ArgumentParser
internal import Linux
internal import Manual

/// `gocker-compose man`: the manual pages.
struct ManCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "man",
        abstract: "Write the manual pages.",
        discussion: """
            One page for the program and one for each command, made of the definitions that also read the command line. \
            Without a directory the page of the program is printed.

            EXAMPLES:
              gocker-compose man | man -l -
              gocker-compose man /usr/local/share/man/man1
            """
    )

    @Argument(help: "Where to write them; made where it is missing.", completion: .directory)
    var directory: String?

    func run() throws {
        let pages = ManPage.all(Pages.program, version: Version.current)
        guard let directory else {
            return writeBytes((pages.first?.text ?? "").utf8, to: .standardOutput)
        }
        try makeDirectories(directory, mode: 0o755)
        for page in pages { try replaceFile("\(directory)/\(page.name)", with: page.text.utf8, mode: 0o644) }
        writeLine("\(pages.count) pages are in \(directory).", to: .standardError)
    }
}
