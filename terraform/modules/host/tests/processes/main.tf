# Which processes the services had when a report of theirs was written.

variable "report" {
  type = string
}

output "processes" {
  value = { for each in jsondecode(file(var.report)) : each.service => each.process_id }
}
