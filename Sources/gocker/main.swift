internal import Linux
internal import Runtime

// Before anything else: this very binary is also what runs inside a container before the payload does.
InitStage.runIfRequested()
TerminalGuardian.runIfRequested()
FirstProcess.prepareIfFirst()

try? openMissingStandardStreams()
exitImmediately(Gocker.run(Array(CommandLine.arguments.dropFirst())))
