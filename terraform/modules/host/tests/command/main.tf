# A command that a test needs between two applies.

variable "command" {
  type = string
}

resource "terraform_data" "command" {
  triggers_replace = [var.command]

  provisioner "local-exec" {
    command = var.command
  }
}
