# What a stack file says, as far as Terraform can read it, and what every target puts out. Each module has this file by a
# link; it has to say what `rootfs` is where services run, which `instances` there are and at which `address`.

locals {
  # Tags such as !reset are none that Terraform reads: then it is the text that is compared.
  definition = try(yamldecode(file(var.stack_file)), file(var.stack_file))
  services   = try(keys(local.definition.services), [])

  # The files beside it that make up the stack: variables in .env are found without being named.
  further_files = sort(setunion(var.further_files, fileset(dirname(var.stack_file), ".env")))

  # What is merged over the stack file.
  overrides = {
    name = var.name
    services = {
      for service in toset(concat(keys(var.service_overrides), local.rootfs == null ? [] : local.services)) :
      service => merge(local.rootfs == null ? {} : { rootfs = local.rootfs }, try(var.service_overrides[service], {}))
    }
  }

  # Of each service, its network, and the ports that it names for others or is asked at whether it is ready.
  networks = {
    for service in local.services : service =>
    try(var.service_overrides[service].network_mode, local.definition.services[service].network_mode, "host")
  }
  service_ports = {
    for service in local.services : service => try(
      [for port in try(var.service_overrides[service].expose, local.definition.services[service].expose) : tostring(port)],
      regex("^(?:http://)?(?:[^/:]*:)?([0-9]+)", tostring(try(
        local.definition.services[service].x-gocker.ready.http, local.definition.services[service].x-gocker.ready.tcp
      ))),
      []
    )
  }

  # What brings the stack up once more when it changes; a plan shows which key of which service that is.
  changes = {
    stack         = local.definition
    overrides     = local.overrides.services
    further_files = { for file in local.further_files : file => filesha256("${dirname(var.stack_file)}/${file}") }
    variables     = var.environment_variables
    secrets       = sha256(jsonencode(var.secure_environment_variables))
    version       = var.gocker_version
  }
  # Secret one by one: of a command that is given something secret Terraform hides what it prints, also where that is an
  # empty map.
  secrets = { for name in nonsensitive(keys(var.secure_environment_variables)) : name => var.secure_environment_variables[name] }
}

output "services" {
  description = "By service: its state and health, its address, null for one that has no network, and its ports."
  value = {
    for service in distinct(local.instances[*].service) : service => {
      state   = join(", ", distinct([for each in local.instances : each.state if each.service == service]))
      health  = try([for each in local.instances : each.health if each.service == service && each.health != null][0], null)
      address = try(local.networks[service], "host") == "none" ? null : local.address
      ports   = try(local.service_ports[service], [])
    }
  }
}

output "address" {
  description = "Where the stack is; null where nobody reaches it from outside."
  value       = local.address
}

output "command" {
  description = "The command that looks at the services."
  value       = local.command
}
