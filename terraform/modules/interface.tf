# What every target is told. Each module has this file by a link, so that changing the target is changing a module's source.

variable "name" {
  type        = string
  description = "The name of the stack. Everything that is made is named after it."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9_-]*$", var.name))
    error_message = "name is \"${var.name}\": use lower-case letters, digits, \"-\" and \"_\", beginning with a letter or a digit."
  }
}

variable "stack_file" {
  type        = string
  description = "The stack file."
  nullable    = false

  validation {
    condition     = fileexists(var.stack_file)
    error_message = "stack_file is \"${var.stack_file}\", which is not there; a relative path starts where terraform runs: use \"$${path.module}/…\"."
  }
}

variable "further_files" {
  type        = set(string)
  description = "Files below the stack file's directory that it refers to, from there: what it includes, extends, mounts and reads variables from."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for file in var.further_files : !startswith(file, "/") && !contains(split("/", file), "..")])
    error_message = "further_files have to be below ${dirname(var.stack_file)}, and are named from there; these are ${join(", ", var.further_files)}."
  }
  validation {
    condition     = alltrue([for file in var.further_files : fileexists("${dirname(var.stack_file)}/${file}")])
    error_message = "further_files: not in ${dirname(var.stack_file)}: ${join(", ", [for file in var.further_files : file if !fileexists("${dirname(var.stack_file)}/${file}")])}."
  }
}

variable "rootfs" {
  type        = string
  description = "What services run in, in place of what the stack file says: \"busybox\", or an archive such as `docker export` makes. Null for what the stack file says."
  default     = null

  validation {
    condition     = var.rootfs == null ? true : can(keys(yamldecode(file(var.stack_file)).services))
    error_message = "rootfs: Terraform cannot read which services ${var.stack_file} has; name their root file system in service_overrides."
  }
}

variable "service_overrides" {
  type        = any
  description = "By service, keys of a stack file that are merged over the service's own, e.g. { web = { environment = { PORT = \"8080\" } } }."
  default     = {}
  nullable    = false

  validation {
    condition     = can(keys(var.service_overrides)) && alltrue([for service in try(values(var.service_overrides), [""]) : can(keys(service))])
    error_message = "service_overrides has to be a mapping of services to mappings, such as { web = { restart = \"always\" } }."
  }
  validation {
    # What is included is not in this file: then the names of all services are not known here.
    condition = (
      can(yamldecode(file(var.stack_file)).include) || !can(keys(yamldecode(file(var.stack_file)).services))
      || length(setsubtract(try(keys(var.service_overrides), []), try(keys(yamldecode(file(var.stack_file)).services), []))) == 0
    )
    error_message = "service_overrides has services that ${var.stack_file} has not: ${join(", ", setsubtract(try(keys(var.service_overrides), []), try(keys(yamldecode(file(var.stack_file)).services), [])))}; it has: ${join(", ", try(keys(yamldecode(file(var.stack_file)).services), []))}."
  }
}

variable "environment_variables" {
  type        = map(string)
  description = "Variables for the stack file's $${…}."
  default     = {}
  nullable    = false
}

variable "secure_environment_variables" {
  type        = map(string)
  description = "The same, for what nobody is to see: no plan shows them, and Terraform then hides what the commands print."
  default     = {}
  nullable    = false
  sensitive   = true
}

variable "gocker_version" {
  type        = string
  description = "The version of gocker-compose that is to bring the stack up; null for the one that is there."
  default     = null

  validation {
    condition     = var.gocker_version == null ? true : can(regex("^[0-9]+\\.[0-9]+\\.[0-9]+", var.gocker_version))
    error_message = "gocker_version is \"${coalesce(var.gocker_version, "-")}\": it has to be a version such as \"0.1.0\"."
  }
}

variable "wait_timeout" {
  type        = number
  description = "How many seconds the services have to become healthy."
  default     = 300
  nullable    = false

  validation {
    condition     = var.wait_timeout > 0
    error_message = "wait_timeout is ${var.wait_timeout}: it has to be above 0 seconds."
  }
}
