internal import Compose
internal import Runtime

// Before anything else: this very binary is also what runs inside a container before the payload does, what gives a
// terminal back, what supervises a stack in the background, and what compresses its logs.
InitStage.runIfRequested()
TerminalGuardian.runIfRequested()
BackgroundSupervisor.runIfRequested()
CompressionProcess.runIfRequested()

GockerCompose.runAndExit()
