# Whether the container that was started still runs. A plan cannot ask Docker, but it can read /proc, where Docker is on this
# machine. What becomes of services in the container is their supervisor's business.

locals {
  # What the last apply has left; null before the first one.
  applied = try(jsondecode(file("${local.directory}/applied.json")), null)
  # Another one where the container has to be started although nothing has changed.
  repair = local.applied == null || local.lost ? formatdate("YYYYMMDDhhmmss", timestamp()) : local.applied.repair

  lost = (
    try(local.applied.process, null) == null ? false :
    !try(strcontains(file("/proc/${local.applied.process}/cgroup"), local.applied.container), false)
  )
}

check "container_runs" {
  assert {
    condition     = !local.lost
    error_message = "The container gocker-${var.name} was found gone, or started again by somebody. To apply starts it anew."
  }
}
