# A stack on a virtual machine in Azure. Container Instances have no privileges to run containers with, and so it is a
# machine that stands where modules/fake-azure has a container. The machine installs Gocker's Debian package when it first
# starts (cloud-init); the stack comes after that, and again at each change, without a new machine.

terraform {
  required_version = ">= 1.9"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}

locals {
  # Common sizes, the smallest first.
  sizes = [
    { name = "Standard_B1ms", cpu = 1, memory = 2 },
    { name = "Standard_B2s", cpu = 2, memory = 4 },
    { name = "Standard_B2ms", cpu = 2, memory = 8 },
    { name = "Standard_B4ms", cpu = 4, memory = 16 },
    { name = "Standard_B8ms", cpu = 8, memory = 32 },
    { name = "Standard_D16s_v5", cpu = 16, memory = 64 },
    { name = "Standard_D32s_v5", cpu = 32, memory = 128 },
    { name = "Standard_D64s_v5", cpu = 64, memory = 256 },
  ]
  size = try(coalesce(var.size, [for size in local.sizes : size.name if size.cpu >= var.cpu && size.memory >= var.memory][0]), null)

  rootfs = var.rootfs == null ? null : "/srv/gocker/${substr(sha256(var.rootfs), 0, 12)}"

  # The files of the stack, as gocker@NAME finds them.
  environment = merge(var.environment_variables, var.secure_environment_variables)
  files = merge(
    { for file in local.further_files : file => filebase64("${dirname(var.stack_file)}/${file}") },
    {
      "stack.yaml"            = filebase64(var.stack_file)
      "compose.override.yaml" = base64encode(yamlencode(local.overrides))
      # The later one counts.
      ".env" = base64encode(join("\n", concat(
        [for file in local.further_files : file("${dirname(var.stack_file)}/${file}") if file == ".env"],
        [for name, value in local.environment :
          "${name}=\"${replace(replace(replace(replace(value, "\\", "\\\\"), "\"", "\\\""), "$", "\\$"), "\n", "\\n")}\""
        ], [""]
      )))
    }
  )

  # What applying has waited for; of what happens later Terraform knows nothing.
  instances = [for service in local.services : {
    service = service
    state   = azurerm_virtual_machine_run_command.up.id == "" ? null : "up"
    health  = null
  }]
  address = one(concat(azurerm_public_ip.address[*].ip_address, var.ip_address_type == "Private" ? [azurerm_network_interface.interface.private_ip_address] : []))
  command = "ssh ${var.admin_username}@${coalesce(local.address, "ADDRESS")} sudo gocker-compose -p ${var.name} ps"
}

resource "azurerm_resource_group" "group" {
  name     = var.resource_group_name
  location = var.location
  tags     = var.tags
}

resource "azurerm_virtual_network" "network" {
  name                = var.name
  location            = azurerm_resource_group.group.location
  resource_group_name = azurerm_resource_group.group.name
  address_space       = ["10.0.0.0/16"]
  tags                = var.tags
}

resource "azurerm_subnet" "subnet" {
  name                 = var.name
  resource_group_name  = azurerm_resource_group.group.name
  virtual_network_name = azurerm_virtual_network.network.name
  address_prefixes     = ["10.0.0.0/24"]
}

resource "azurerm_public_ip" "address" {
  count               = var.ip_address_type == "Public" ? 1 : 0
  name                = var.name
  location            = azurerm_resource_group.group.location
  resource_group_name = azurerm_resource_group.group.name
  allocation_method   = "Static"
  sku                 = "Standard"
  domain_name_label   = var.dns_name_label
  tags                = var.tags
}

# Nothing reaches the machine but what is named here.
resource "azurerm_network_security_group" "group" {
  name                = var.name
  location            = azurerm_resource_group.group.location
  resource_group_name = azurerm_resource_group.group.name
  tags                = var.tags

  dynamic "security_rule" {
    for_each = var.ip_address_type == "None" ? [] : var.ports

    content {
      name                       = "port-${security_rule.value.port}-${lower(security_rule.value.protocol)}"
      priority                   = 1000 + security_rule.key
      direction                  = "Inbound"
      access                     = "Allow"
      protocol                   = title(lower(security_rule.value.protocol))
      source_port_range          = "*"
      destination_port_range     = security_rule.value.port
      source_address_prefix      = var.ip_address_type == "Public" ? "*" : "VirtualNetwork"
      destination_address_prefix = "*"
    }
  }
  dynamic "security_rule" {
    for_each = length(var.admin_address_prefixes) == 0 ? [] : [var.admin_address_prefixes]

    content {
      name                       = "ssh"
      priority                   = 900
      direction                  = "Inbound"
      access                     = "Allow"
      protocol                   = "Tcp"
      source_port_range          = "*"
      destination_port_range     = 22
      source_address_prefixes    = security_rule.value
      destination_address_prefix = "*"
    }
  }
}

resource "azurerm_network_interface" "interface" {
  name                = var.name
  location            = azurerm_resource_group.group.location
  resource_group_name = azurerm_resource_group.group.name
  tags                = var.tags

  ip_configuration {
    name                          = "first"
    subnet_id                     = azurerm_subnet.subnet.id
    private_ip_address_allocation = "Dynamic"
    public_ip_address_id          = one(azurerm_public_ip.address[*].id)
  }
}

resource "azurerm_network_interface_security_group_association" "association" {
  network_interface_id      = azurerm_network_interface.interface.id
  network_security_group_id = azurerm_network_security_group.group.id
}

resource "azurerm_linux_virtual_machine" "machine" {
  name                  = replace(var.name, "_", "-")
  location              = azurerm_resource_group.group.location
  resource_group_name   = azurerm_resource_group.group.name
  size                  = local.size
  network_interface_ids = [azurerm_network_interface.interface.id]
  admin_username        = var.admin_username
  tags                  = var.tags
  custom_data = base64encode(templatefile("${path.module}/cloud-init.yaml.tftpl", {
    name           = var.name
    package_url    = var.package_url
    package_sha256 = var.package_sha256
    source         = var.rootfs
    rootfs         = local.rootfs
  }))

  admin_ssh_key {
    username   = var.admin_username
    public_key = var.admin_ssh_public_key
  }
  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "StandardSSD_LRS"
  }
  source_image_reference {
    publisher = "Debian"
    offer     = "debian-12"
    sku       = "12-gen2"
    version   = "latest"
  }
  boot_diagnostics {}

  lifecycle {
    precondition {
      condition     = local.size != null
      error_message = "No common size has ${var.cpu} processors and ${var.memory} GB of memory: name one as size."
    }
    precondition {
      condition     = contains(["busybox", "https"], split(":", coalesce(var.rootfs, "busybox"))[0])
      error_message = "rootfs is \"${coalesce(var.rootfs, "-")}\": a machine in Azure takes \"busybox\", or an archive from an https:// address that it reaches."
    }
  }
}

# Brings the stack, waits until it is healthy, and fails where it is not. Another stack is another script, which is run again.
resource "azurerm_virtual_machine_run_command" "up" {
  name               = "up"
  location           = azurerm_resource_group.group.location
  virtual_machine_id = azurerm_linux_virtual_machine.machine.id
  tags               = var.tags

  source {
    script = templatefile("${path.module}/up.sh.tftpl", {
      name         = var.name
      files        = local.files
      version      = var.gocker_version
      wait_timeout = var.wait_timeout
    })
  }
  depends_on = [azurerm_network_interface_security_group_association.association]
}
