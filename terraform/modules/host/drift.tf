# What runs now, compared with what was brought up. A plan cannot run a command, but it can read: the supervisor writes
# down what it knows of each instance in the stack's journal, lines of a checksum and a record in JSON, later ones
# outweighing earlier ones; and whether a process is there, and is of this stack, the kernel says in /proc.

locals {
  # What the last apply has left; null before the first one.
  applied = try(jsondecode(file("${local.directory}/applied.json")), null)
  # Another one where the stack has to be brought up although it has not changed.
  repair = local.applied == null || length(local.lost) > 0 ? formatdate("YYYYMMDDhhmmss", timestamp()) : local.applied.repair

  # Null where it changes while Terraform works, which is an error from Terraform 1.13 on: then nothing is said.
  journal = (
    try(fileexists("${var.data_directory}/${var.name}/journal"), true)
    ? try(file("${var.data_directory}/${var.name}/journal"), null) : ""
  )
  records = [for line in split("\n", coalesce(local.journal, " ")) : try(jsondecode(substr(line, 9, -1)), {})]
  present = merge({}, [
    for record in local.records : try(
      { "${record.instance._0.service}-${record.instance._0.number}" = record.instance._0 },
      { "${record.removed.service}-${record.removed.number}" = null },
      {}
    )
  ]...)

  # By instance, why it is not as it was brought up; null where it is.
  complaints = {
    for applied in try(local.applied.instances, []) : applied.name => (
      local.journal == null ? null :
      try(local.present[applied.name], null) == null ? "it is not there" :
      local.present[applied.name].phase == "running" ? (
        # One that has ended, and that nobody has waited for yet, has no command line any more.
        try(strcontains(file("/proc/${local.present[applied.name].process.number}/cgroup"), "/gocker-${var.name}/"), false)
        && try(filebase64("/proc/${local.present[applied.name].process.number}/cmdline"), "") != ""
        ? null : "its process is gone"
      ) :
      contains(["stopped", "failed"], local.present[applied.name].phase) ? local.present[applied.name].phase :
      local.present[applied.name].phase != "exited" ? null :
      # One that has done its work is done.
      try(local.present[applied.name].exitCode, -1) == 0 || applied.state == "exited" ? null : "it has exited"
    )
  }
  lost = { for name, complaint in local.complaints : name => complaint if complaint != null }
}

check "stack_runs" {
  assert {
    condition     = length(local.lost) == 0
    error_message = "${var.name} was found not as it had been brought up: ${join(", ", [for name, why in local.lost : "${name} (${why})"])}. To apply brings it up again."
  }
}
