# What Azure is told of a machine for a stack, in its own words (azurerm_container_group). modules/fake-azure and
# modules/azure have this file by a link.

variable "resource_group_name" {
  type        = string
  description = "The resource group, which is made."
  nullable    = false

  validation {
    condition     = can(regex("^[-\\w.()]{0,89}[-\\w()]$", var.resource_group_name))
    error_message = "resource_group_name is \"${var.resource_group_name}\": Azure has up to 90 letters, digits and \"-_.()\", and no \".\" at the end."
  }
}

variable "location" {
  type        = string
  description = "The region."
  default     = "westeurope"
  nullable    = false
}

variable "cpu" {
  type        = number
  description = "How many processors there are."
  default     = 1
  nullable    = false

  validation {
    condition     = var.cpu > 0
    error_message = "cpu is ${var.cpu}: it has to be above 0."
  }
}

variable "memory" {
  type        = number
  description = "How much memory there is, in GB."
  default     = 1.5
  nullable    = false

  validation {
    condition     = var.memory >= 0.25
    error_message = "memory is ${var.memory} GB: it has to be 0.25 or more."
  }
}

variable "ip_address_type" {
  type        = string
  description = "\"Public\" where the ports are reached from outside, \"Private\" where only in the network, \"None\" without one."
  default     = "Public"
  nullable    = false

  validation {
    condition     = contains(["Public", "Private", "None"], var.ip_address_type)
    error_message = "ip_address_type is \"${var.ip_address_type}\": it has to be \"Public\", \"Private\" or \"None\"."
  }
}

variable "ports" {
  type = list(object({
    port     = number
    protocol = optional(string, "TCP")
  }))
  description = "The ports of services that are reached from outside."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for each in var.ports : each.port > 0 && each.port < 65536 && floor(each.port) == each.port])
    error_message = "ports: a port is a whole number from 1 to 65535; these are ${join(", ", var.ports[*].port)}."
  }
  validation {
    condition     = alltrue([for each in var.ports : contains(["TCP", "UDP"], each.protocol)])
    error_message = "ports: a protocol is \"TCP\" or \"UDP\"; these are ${join(", ", var.ports[*].protocol)}."
  }
}

variable "dns_name_label" {
  type        = string
  description = "The name of the address, below the region's domain; null for none."
  default     = null

  validation {
    condition     = var.dns_name_label == null ? true : can(regex("^[a-z][a-z0-9-]{3,61}[a-z0-9]$", var.dns_name_label))
    error_message = "dns_name_label is \"${coalesce(var.dns_name_label, "-")}\": Azure has 5 to 63 lower-case letters, digits and \"-\", beginning with a letter."
  }
}

variable "tags" {
  type        = map(string)
  description = "What Azure notes with everything that is made."
  default     = {}
  nullable    = false
}
