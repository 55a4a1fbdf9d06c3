# A stack in a container, for real, of an image that is built; or of the one that TF_VAR_image names.

variables {
  name                = "terraform-test"
  resource_group_name = "tests"
  stack_file          = "../host/tests/stack.yaml"
  rootfs              = "busybox"
  state_directory     = ".gocker-test"
}

run "a_plan_has_azures_words" {
  command = plan

  assert {
    condition     = terraform_data.container_group.input.container[0].name == "gocker-terraform-test"
    error_message = "the container group is ${jsonencode(terraform_data.container_group.input)}"
  }
  assert {
    condition     = terraform_data.resource_group.input.name == "tests"
    error_message = "the resource group is ${jsonencode(terraform_data.resource_group.input)}"
  }
}

run "it_comes_up_healthy" {
  assert {
    condition     = output.services.db.health == "healthy" && output.services.web.health == "healthy"
    error_message = "the services are ${jsonencode(output.services)}"
  }
  assert {
    condition     = endswith(output.container_group.id, "/resourceGroups/tests/providers/Microsoft.ContainerInstance/containerGroups/terraform-test")
    error_message = "the container group is ${jsonencode(output.container_group)}"
  }
}

run "a_change_of_the_stack_leaves_the_container" {
  variables {
    service_overrides = { web = { environment = { GREETING = "good morning" } } }
  }
  assert {
    condition     = output.services.web.health == "healthy"
    error_message = "the services are ${jsonencode(output.services)}"
  }
}

run "somebody_removes_the_container" {
  module {
    source = "../host/tests/command"
  }
  variables {
    command = "docker container rm --force --volumes gocker-terraform-test"
  }
}

run "a_plan_finds_it" {
  command = plan

  variables {
    service_overrides = { web = { environment = { GREETING = "good morning" } } }
  }
  expect_failures = [check.container_runs]
}

run "to_apply_starts_it_anew" {
  variables {
    service_overrides = { web = { environment = { GREETING = "good morning" } } }
  }
  assert {
    condition     = output.services.web.health == "healthy"
    error_message = "the services are ${jsonencode(output.services)}"
  }
  expect_failures = [check.container_runs]
}

run "a_wrong_port_is_told" {
  command = plan

  variables {
    ports = [{ port = 70000 }]
  }
  expect_failures = [var.ports]
}

run "so_is_a_wrong_policy" {
  command = plan

  variables {
    restart_policy = "Sometimes"
  }
  expect_failures = [var.restart_policy]
}

run "so_is_a_root_file_system_that_is_not_there" {
  command = plan

  variables {
    rootfs = "nowhere.tar"
  }
  expect_failures = [terraform_data.container]
}
