# A stand-in for Azure on this machine: a resource group, a container group and its container as objects with Azure's own
# fields, and the container run by Docker. There is no provider but the one that Terraform has built in: what is done is
# done by the scripts beside this file.

terraform {
  required_version = ">= 1.9"
}

locals {
  directory = abspath(coalesce(var.state_directory, "${path.root}/.gocker-${var.name}"))
  # Where the files of the stack are in the container: beside the image's own stacks, so that ../../rootfs is its rootfs.
  place = "/stacks/${var.name}"

  archive = var.rootfs == null ? false : fileexists(var.rootfs)
  rootfs = (
    var.rootfs == null ? null :
    local.archive ? "/rootfs-${substr(filesha256(var.rootfs), 0, 12)}" : "/rootfs"
  )
  build_context = abspath(coalesce(var.build_context, "${path.module}/../../.."))
  # All that the Dockerfile may copy. An image of something else has another name: it is built before the old one goes.
  sources = setunion(
    fileset(local.build_context, "{Dockerfile,.dockerignore,Package.*}"),
    fileset(local.build_context, "{Sources,stacks}/**"),
    fileset(local.build_context, "scripts/install-dependencies")
  )
  digest = sha256(jsonencode([
    var.build_arguments, [for file in sort(local.sources) : [file, filesha256("${local.build_context}/${file}")]]
  ]))
  image = coalesce(var.image, "gocker:${coalesce(var.gocker_version, "built")}-${substr(local.digest, 0, 12)}")

  docker       = var.docker_host == null ? {} : { DOCKER_HOST = var.docker_host }
  subscription = "/subscriptions/00000000-0000-0000-0000-000000000000"

  report    = try(jsondecode(file(terraform_data.up.output.report)), { address = null, instances = [] })
  instances = local.report.instances
  address = (
    var.ip_address_type == "None" ? null : var.ip_address_type == "Public" ? var.published_address : local.report.address
  )
  command = "docker ${var.docker_host == null ? "" : "-H ${var.docker_host} "}exec ${local.container.name} gocker-compose -p ${var.name} ps"
}

resource "terraform_data" "resource_group" {
  input = {
    id       = "${local.subscription}/resourceGroups/${var.resource_group_name}"
    name     = var.resource_group_name
    location = var.location
    tags     = var.tags
  }
}

# That there is such a stack: its end is the container's, the image's, and that of what the scripts write on this machine.
resource "terraform_data" "stack" {
  triggers_replace = [var.name, var.docker_host, local.directory]
  input = {
    name      = var.name
    container = local.container.name
    directory = local.directory
    docker    = local.docker
    down      = abspath("${path.module}/down.sh")
  }

  provisioner "local-exec" {
    when    = destroy
    command = "sh '${self.output.down}'"
    environment = merge(self.output.docker, {
      tf_name = self.output.name, tf_container = self.output.container, tf_directory = self.output.directory
    })
  }
}

# Gocker's image. An earlier one goes when no container is of it any more (start.sh).
resource "terraform_data" "image" {
  count            = var.image == null ? 1 : 0
  triggers_replace = [local.image, terraform_data.stack.id]

  provisioner "local-exec" {
    command = "sh '${path.module}/build.sh'"
    environment = merge(local.docker, {
      tf_name      = var.name
      tf_image     = local.image
      tf_context   = local.build_context
      tf_arguments = join(" ", [for name, value in var.build_arguments : "--build-arg '${replace("${name}=${value}", "'", "'\\''")}'"])
    })
  }
}

# The container group, in Azure's words.
resource "terraform_data" "container_group" {
  input = {
    id                  = "${terraform_data.resource_group.output.id}/providers/Microsoft.ContainerInstance/containerGroups/${var.name}"
    name                = var.name
    location            = var.location
    resource_group_name = terraform_data.resource_group.output.name
    os_type             = "Linux"
    ip_address_type     = var.ip_address_type
    dns_name_label      = var.dns_name_label
    restart_policy      = var.restart_policy
    tags                = var.tags
    container           = [local.container]
  }
}

locals {
  container = {
    name                  = "gocker-${var.name}"
    image                 = local.image
    cpu                   = var.cpu
    memory                = var.memory
    commands              = ["gocker-compose", "-p", var.name, "-f", "${local.place}/stack.yaml", "-f", "${local.place}/overrides.yaml", "up"]
    environment_variables = var.environment_variables
    ports                 = var.ports
    volume                = [{ name = "state", mount_path = "/var/lib/gocker", empty_dir = true }]
  }
  restart_policies = { Always = "always", OnFailure = "on-failure", Never = "no" }
  # The container's files: the stack's own, under the names by which they refer to each other.
  files = {
    tf_place     = local.place
    tf_stack     = abspath(var.stack_file)
    tf_further   = join("\n", local.further_files)
    tf_overrides = yamlencode(local.overrides)
    tf_container = local.container.name
  }
}

# The container. What Azure makes anew at a change is made anew here as well, once there is an image for it.
resource "terraform_data" "container" {
  triggers_replace = {
    container       = local.container
    ip_address_type = var.ip_address_type
    restart_policy  = var.restart_policy
    rootfs          = local.rootfs
    secrets         = sha256(jsonencode(var.secure_environment_variables))
    run_options     = var.run_options
    published       = var.published_address
    stack           = terraform_data.stack.id
    repair          = local.repair
  }

  provisioner "local-exec" {
    command = "sh '${path.module}/start.sh'"
    environment = merge(local.docker, local.files, var.environment_variables, local.secrets, {
      tf_name    = var.name
      tf_image   = local.image
      tf_archive = local.archive ? abspath(var.rootfs) : ""
      tf_rootfs  = local.archive ? local.rootfs : ""
      tf_options = join(" ", [for option in concat(
        [
          "--cpus=${var.cpu}", "--memory=${floor(var.memory * 1024)}m", "--volume=/var/lib/gocker",
          "--restart=${local.restart_policies[var.restart_policy]}",
          "--label=resource-group=${var.resource_group_name}",
        ],
        var.ip_address_type == "None" ? ["--network=none"] : [],
        var.ip_address_type != "Public" ? [] : [
          for each in var.ports : "--publish=${var.published_address}:${each.port}:${each.port}/${lower(each.protocol)}"
        ],
        # By name only: their values are not for the list of processes.
        [for name in concat(keys(var.environment_variables), nonsensitive(keys(var.secure_environment_variables))) : "--env=${name}"],
        var.run_options
      ) : "'${replace(option, "'", "'\\''")}'"])
      tf_commands = join(" ", [for word in slice(local.container.commands, 1, length(local.container.commands)) : "'${word}'"])
    })
  }
  lifecycle {
    precondition {
      condition     = coalesce(var.rootfs, "busybox") == "busybox" || local.archive
      error_message = "rootfs is \"${coalesce(var.rootfs, "-")}\": it has to be \"busybox\", which is the image's own, or an archive that is there, such as `docker export` makes."
    }
  }
  depends_on = [terraform_data.image, terraform_data.container_group]
}

# Each change brings the stack up once more, in the container that is there, and `up` touches only those services that have
# changed. It is replaced, because Terraform runs commands only for what it creates; nothing is done for the one that is
# replaced.
resource "terraform_data" "up" {
  triggers_replace = merge(local.changes, { container = terraform_data.container.id })
  input            = { report = "${local.directory}/services.json" }

  provisioner "local-exec" {
    command = "sh '${path.module}/up.sh'"
    environment = merge(local.docker, local.files, {
      tf_name         = var.name
      tf_directory    = local.directory
      tf_repair       = local.repair
      tf_version      = var.gocker_version == null ? "" : var.gocker_version
      tf_wait_timeout = var.wait_timeout
    })
  }
}
