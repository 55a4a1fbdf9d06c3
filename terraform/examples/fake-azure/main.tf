# stacks/hello in a container that stands in for Azure's: with modules/azure for the source, and that module's key, package
# and addresses, it is a machine in Azure.

module "gocker" {
  source = "../../modules/fake-azure"

  name                = "hello"
  resource_group_name = "gocker"
  location            = "westeurope"
  stack_file          = "${path.module}/../../../stacks/hello/stack.yaml"
  build_arguments     = var.build_arguments
}

variable "build_arguments" {
  type        = map(string)
  description = "Base images, where they are not to be had from a registry: see the Dockerfile."
  default     = {}
}

output "services" {
  value = module.gocker.services
}

output "command" {
  value = module.gocker.command
}

output "container_group" {
  value = module.gocker.container_group
}
