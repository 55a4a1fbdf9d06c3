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

# Gocker's image.
resource "terraform_data" "image" {
  count            = var.image == null ? 1 : 0
  triggers_replace = [local.image, var.docker_host]
  input            = { name = local.image, docker = local.docker, remove = abspath("${path.module}/remove-image.sh") }

  provisioner "local-exec" {
    command = "sh '${path.module}/build.sh'"
    environment = merge(local.docker, {
      NAME      = var.name
      IMAGE     = local.image
      CONTEXT   = local.build_context
      ARGUMENTS = join(" ", [for name, value in var.build_arguments : "--build-arg '${replace("${name}=${value}", "'", "'\\''")}'"])
    })
  }
  provisioner "local-exec" {
    when        = destroy
    command     = "sh '${self.output.remove}'"
    environment = merge(self.output.docker, { IMAGE = self.output.name })
  }
  lifecycle {
    # An image takes long to build. Terraform runs no command for the earlier one then: start.sh removes that.
    create_before_destroy = true
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
  # The container's files: the stack's own, under the names by which they refer to each other.
  files = {
    PLACE     = local.place
    STACK     = abspath(var.stack_file)
    FURTHER   = join("\n", sort(var.further_files))
    OVERRIDES = yamlencode(local.overrides)
    CONTAINER = local.container.name
  }
}

# The container. What Azure makes anew at a change is made anew here as well.
resource "terraform_data" "container" {
  triggers_replace = {
    container       = local.container
    ip_address_type = var.ip_address_type
    restart_policy  = var.restart_policy
    rootfs          = local.rootfs
    secrets         = sha256(jsonencode(var.secure_environment_variables))
    docker          = [var.docker_host, var.run_options, var.published_address]
    repair          = local.repair
  }
  input = {
    name   = local.container.name
    docker = local.docker
    remove = abspath("${path.module}/remove-container.sh")
  }

  provisioner "local-exec" {
    command = "sh '${path.module}/start.sh'"
    environment = merge(local.docker, local.files, var.environment_variables, local.secrets, {
      NAME    = var.name
      IMAGE   = local.image
      ARCHIVE = local.archive ? abspath(var.rootfs) : ""
      ROOTFS  = local.archive ? local.rootfs : ""
      OPTIONS = join(" ", [for option in concat(
        [
          "--cpus=${var.cpu}", "--memory=${floor(var.memory * 1024)}m", "--volume=/var/lib/gocker",
          "--restart=${ { Always = "always", OnFailure = "on-failure", Never = "no" }[var.restart_policy]}",
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
      COMMANDS = join(" ", [for word in slice(local.container.commands, 1, length(local.container.commands)) : "'${word}'"])
    })
  }
  provisioner "local-exec" {
    when        = destroy
    command     = "sh '${self.output.remove}'"
    environment = merge(self.output.docker, { CONTAINER = self.output.name })
  }
  depends_on = [terraform_data.image, terraform_data.container_group, terraform_data.files]
}

# What the scripts write on this machine: its end is theirs.
resource "terraform_data" "files" {
  triggers_replace = [local.directory]
  input            = { directory = local.directory }

  provisioner "local-exec" {
    when        = destroy
    command     = "rm -f -- \"$DIRECTORY/services.json\" \"$DIRECTORY/applied.json\" && { [ ! -d \"$DIRECTORY\" ] || rmdir -- \"$DIRECTORY\"; }"
    environment = { DIRECTORY = self.output.directory }
  }
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
      NAME         = var.name
      DIRECTORY    = local.directory
      REPAIR       = local.repair
      VERSION      = var.gocker_version == null ? "" : var.gocker_version
      WAIT_TIMEOUT = var.wait_timeout
    })
  }
}
