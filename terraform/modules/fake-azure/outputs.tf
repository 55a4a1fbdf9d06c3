output "resource_group" {
  description = "The resource group, in the words of azurerm_resource_group."
  value       = terraform_data.resource_group.output
}

output "container_group" {
  description = "The container group, in the words of azurerm_container_group."
  value       = merge(terraform_data.container_group.output, { ip_address = local.address })
}
