# A stack on this machine. There is no provider but the one that Terraform has built in: what is done is done by
# up.sh and down.sh, and a plan reads what the stack's supervisor has written down (drift.tf).

terraform {
  required_version = ">= 1.9"
}

locals {
  directory  = abspath(coalesce(var.state_directory, "${path.root}/.gocker-${var.name}"))
  stack_file = abspath(var.stack_file)

  # An archive is known by what is in it, so that another one is another directory, and services are made anew in it.
  rootfs = var.rootfs == null ? null : (
    "${local.directory}/rootfs-${substr(fileexists(var.rootfs) ? filesha256(var.rootfs) : sha256(var.rootfs), 0, 12)}"
  )
  programs = {
    tf_gocker         = var.program_directory == null ? "gocker" : "${abspath(var.program_directory)}/gocker"
    tf_gocker_compose = var.program_directory == null ? "gocker-compose" : "${abspath(var.program_directory)}/gocker-compose"
    GOCKER_DATA_DIR   = var.data_directory
  }

  instances = try(jsondecode(file(terraform_data.up.output.report)), [])
  address   = "localhost"
  command   = "${local.programs.tf_gocker_compose} -p ${var.name} ps"
}

# That there is such a stack: its end is the stack's.
resource "terraform_data" "stack" {
  triggers_replace = [var.name, var.data_directory]
  input = {
    name         = var.name
    directory    = local.directory
    down         = abspath("${path.module}/down.sh")
    environment  = local.programs
    keep_volumes = var.keep_volumes
  }

  provisioner "local-exec" {
    when    = destroy
    command = "sh '${self.output.down}'"
    environment = merge(self.output.environment, {
      tf_name = self.output.name, tf_directory = self.output.directory, tf_keep_volumes = self.output.keep_volumes
    })
  }
}

# Each change brings the stack up once more, and `up` touches only those services that have changed. It is replaced, because
# Terraform runs commands only for what it creates; nothing is done for the one that is replaced.
resource "terraform_data" "up" {
  triggers_replace = merge(local.changes, { instance = terraform_data.stack.id, repair = local.repair })
  input            = { report = "${local.directory}/services.json" }

  provisioner "local-exec" {
    command = "sh '${path.module}/up.sh'"
    environment = merge(local.programs, var.environment_variables, local.secrets, {
      tf_name         = var.name
      tf_stack        = local.stack_file
      tf_overrides    = yamlencode(local.overrides)
      tf_directory    = local.directory
      tf_source       = var.rootfs == null ? "" : var.rootfs
      tf_rootfs       = local.rootfs == null ? "" : local.rootfs
      tf_repair       = local.repair
      tf_version      = var.gocker_version == null ? "" : var.gocker_version
      tf_wait_timeout = var.wait_timeout
    })
  }

  lifecycle {
    precondition {
      condition     = coalesce(var.rootfs, "busybox") == "busybox" || fileexists(coalesce(var.rootfs, "-"))
      error_message = "rootfs is \"${coalesce(var.rootfs, "-")}\": it has to be \"busybox\" or an archive that is there, such as `docker export` makes. A directory stands in the stack file, or in service_overrides."
    }
  }
}
