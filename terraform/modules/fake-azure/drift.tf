# Whether the container that was started still runs. A plan cannot ask Docker, but it can read of whom the processes
# in /proc are. What becomes of services in the container is their supervisor's business.

locals {
  # What the last apply has left; null before the first one.
  applied = try(jsondecode(file("${local.directory}/applied.json")), null)
  # Another one where the container has to be started although nothing has changed.
  repair = local.applied == null || local.lost ? formatdate("YYYYMMDDhhmmss", timestamp()) : local.applied.repair

  # Only a Docker on this machine has its containers' processes here.
  lost = (
    !try(local.applied.is_here, false) ? false :
    !try(anytrue([for each in fileset("/proc", "[0-9]*/cgroup") : try(strcontains(file("/proc/${each}"), local.applied.container), false)]), true)
  )
}

check "container_runs" {
  assert {
    condition     = !local.lost
    error_message = "The container gocker-${var.name} was found gone or stopped. To apply starts it anew."
  }
}
