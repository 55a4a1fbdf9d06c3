internal import Compose
internal import Runtime

// Before anything else: this very binary is also what runs inside a container before the payload does, what
// gives a terminal back, what supervises a stack or a single container in the background, and what compresses logs.
InitStage.runIfRequested()
TerminalGuardian.runIfRequested()
BackgroundSupervisor.runIfRequested()
BackgroundOneOff.runIfRequested()
CompressionProcess.runIfRequested()

GockerCompose.runAndExit()
