variable "state_directory" {
  type        = string
  description = "Where the module keeps what it writes; null for .gocker-NAME where the configuration is. It is removed with the stack."
  default     = null
}

variable "data_directory" {
  type        = string
  description = "Where gocker-compose keeps its stacks (GOCKER_DATA_DIR)."
  default     = "/var/lib/gocker"
  nullable    = false

  validation {
    condition     = startswith(var.data_directory, "/")
    error_message = "data_directory is \"${var.data_directory}\": it has to be an absolute path."
  }
}

variable "program_directory" {
  type        = string
  description = "Where gocker and gocker-compose are; null for the PATH."
  default     = null

  validation {
    condition     = var.program_directory == null ? true : fileexists("${var.program_directory}/gocker-compose")
    error_message = "program_directory is \"${coalesce(var.program_directory, "-")}\", which has no gocker-compose: build it with `make build`."
  }
}

variable "keep_volumes" {
  type        = bool
  description = "Whether `destroy` leaves the stack's volumes."
  default     = false
  nullable    = false
}
