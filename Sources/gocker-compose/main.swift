internal import Compose
internal import Runtime

// Before anything else: this very binary is also what runs inside a container before the payload does, and what
// supervises a stack in the background.
InitStage.runIfRequested()
BackgroundSupervisor.runIfRequested()

GockerCompose.runAndExit()
