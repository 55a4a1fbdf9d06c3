variable "package_url" {
  type        = string
  description = "Where the machine gets Gocker's Debian package from, which `make deb` makes."
  nullable    = false

  validation {
    condition     = startswith(var.package_url, "https://")
    error_message = "package_url is \"${var.package_url}\": it has to be an https:// address that the machine reaches."
  }
}

variable "package_sha256" {
  type        = string
  description = "The package's SHA-256: another one is not installed."
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.package_sha256))
    error_message = "package_sha256 is \"${var.package_sha256}\": it has to be 64 hexadecimal digits, as sha256sum prints them."
  }
}

variable "size" {
  type        = string
  description = "The machine's size; null for the smallest common one that has `cpu` and `memory`."
  default     = null
}

variable "admin_username" {
  type        = string
  description = "Who may log in."
  default     = "gocker"
  nullable    = false
}

variable "admin_ssh_public_key" {
  type        = string
  description = "The key to log in with. There are no passwords."
  nullable    = false

  validation {
    condition     = can(regex("^(ssh-rsa|ssh-ed25519) ", var.admin_ssh_public_key))
    error_message = "admin_ssh_public_key has to be the text of a public key, such as file(\"~/.ssh/id_ed25519.pub\")."
  }
}

variable "admin_address_prefixes" {
  type        = set(string)
  description = "From where one may log in, e.g. [\"203.0.113.7/32\"]; from nowhere if it says nothing."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for prefix in var.admin_address_prefixes : can(cidrhost(prefix, 0))])
    error_message = "admin_address_prefixes: a prefix is such as \"203.0.113.7/32\"; these are ${join(", ", var.admin_address_prefixes)}."
  }
}
