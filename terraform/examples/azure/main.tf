# stacks/hello on a virtual machine in Azure. `az login` first; the subscription is ARM_SUBSCRIPTION_ID.

provider "azurerm" {
  features {}
}

module "gocker" {
  source = "../../modules/azure"

  name                = "hello"
  resource_group_name = "gocker"
  location            = "westeurope"
  stack_file          = "${path.module}/../../../stacks/hello/stack.yaml"
  rootfs              = "busybox"

  package_url            = var.package_url
  package_sha256         = var.package_sha256
  admin_ssh_public_key   = file(pathexpand(var.public_key_file))
  admin_address_prefixes = var.admin_address_prefixes
}

variable "package_url" {
  type        = string
  description = "Where the machine gets Gocker's Debian package from, which `make deb` makes."
}

variable "package_sha256" {
  type        = string
  description = "The package's SHA-256."
}

variable "public_key_file" {
  type        = string
  description = "The key to log in with."
  default     = "~/.ssh/id_ed25519.pub"
}

variable "admin_address_prefixes" {
  type        = set(string)
  description = "From where one may log in, e.g. [\"203.0.113.7/32\"]."
  default     = []
}

output "services" {
  value = module.gocker.services
}

output "address" {
  value = module.gocker.address
}

output "command" {
  value = module.gocker.command
}
