# stacks/hello on this machine, with Gocker as `make build` leaves it.

module "gocker" {
  source = "../../modules/host"

  name              = "hello"
  stack_file        = "${path.module}/../../../stacks/hello/stack.yaml"
  rootfs            = "busybox"
  program_directory = "${path.module}/../../../.build/release"
}

output "services" {
  value = module.gocker.services
}

output "command" {
  value = module.gocker.command
}
