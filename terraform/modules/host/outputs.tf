output "plan_command" {
  description = "The command that says what an apply would change: by instance, and by line of the stack file."
  value       = "${local.programs.tf_gocker_compose} -p ${var.name} -f ${local.stack_file} -f ${local.directory}/overrides.yaml plan"
}
