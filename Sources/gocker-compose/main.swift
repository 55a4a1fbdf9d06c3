internal import Compose
internal import Runtime

// Before anything else: this very binary is also what runs inside a container before the payload does, what
// gives a terminal back or keeps one, what supervises a stack or a single container in the background, what compresses
// logs, what waits for the disk, and what fills volumes.
InitStage.runIfRequested()
TerminalGuardian.runIfRequested()
TerminalKeeper.runIfRequested()
BackgroundSupervisor.runIfRequested()
BackgroundOneOff.runIfRequested()
CompressionProcess.runIfRequested()
SynchronizingProcess.runIfRequested()
FillingProcess.runIfRequested()
FirstProcess.prepareIfFirst()

GockerCompose.runAndExit()
