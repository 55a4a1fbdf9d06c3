variable "restart_policy" {
  type        = string
  description = "Whether Docker starts the container again: \"Always\", \"OnFailure\" or \"Never\"."
  default     = "Always"
  nullable    = false

  validation {
    condition     = contains(["Always", "OnFailure", "Never"], var.restart_policy)
    error_message = "restart_policy is \"${var.restart_policy}\": it has to be \"Always\", \"OnFailure\" or \"Never\"."
  }
}

variable "image" {
  type        = string
  description = "An image of Gocker's that is there already; null for one that is built from the Dockerfile, and removed by `destroy`."
  default     = null
}

variable "build_context" {
  type        = string
  description = "Gocker's source, with the Dockerfile in it; null for the one that this module is part of."
  default     = null

  validation {
    condition     = var.build_context == null ? true : fileexists("${var.build_context}/Dockerfile")
    error_message = "build_context is \"${coalesce(var.build_context, "-")}\", which has no Dockerfile."
  }
}

variable "build_arguments" {
  type        = map(string)
  description = "Arguments of the Dockerfile, such as the base images."
  default     = {}
  nullable    = false
}

variable "run_options" {
  type        = list(string)
  description = "What Docker is told so that containers can be run in the container: docs/deploy.md says what each is for."
  default     = ["--cap-add=SYS_ADMIN", "--cap-add=NET_ADMIN", "--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined"]
  nullable    = false
}

variable "docker_host" {
  type        = string
  description = "Where Docker is, e.g. \"unix:///run/docker.sock\"; null for where the docker command finds it."
  default     = null
}

variable "published_address" {
  type        = string
  description = "The address of this machine at which ports are published: it stands in for the public one."
  default     = "127.0.0.1"
  nullable    = false
}

variable "state_directory" {
  type        = string
  description = "Where the module keeps what it writes; null for .gocker-NAME where the configuration is. It is removed with the stack."
  default     = null
}
