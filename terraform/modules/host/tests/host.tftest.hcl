# A stack on this machine, for real, with the gocker and gocker-compose of the PATH.

variables {
  name            = "terraform-test"
  stack_file      = "tests/stack.yaml"
  rootfs          = "busybox"
  state_directory = ".gocker-test"
}

run "a_plan_says_what_there_will_be" {
  command = plan

  assert {
    condition     = terraform_data.up.triggers_replace.stack.services.db.network_mode == "none"
    error_message = "the plan has not what the stack file says"
  }
  assert {
    condition     = startswith(terraform_data.up.triggers_replace.overrides.web.rootfs, "/")
    error_message = "the plan has not the root file system that is made"
  }
}

run "it_comes_up_healthy" {
  assert {
    condition = jsonencode(output.services) == jsonencode({
      db  = { address = null, health = "healthy", ports = [], state = "running" }
      web = { address = "localhost", health = "healthy", ports = ["18437"], state = "running" }
    })
    error_message = "the services are ${jsonencode(output.services)}"
  }
}

run "processes_before" {
  module {
    source = "./tests/processes"
  }
  variables {
    report = ".gocker-test/services.json"
  }
}

run "a_change_touches_only_what_it_is_about" {
  variables {
    environment_variables = { GREETING = "good morning" }
  }
  assert {
    condition     = output.services.web.health == "healthy"
    error_message = "the services are ${jsonencode(output.services)}"
  }
}

run "processes_after" {
  module {
    source = "./tests/processes"
  }
  variables {
    report = ".gocker-test/services.json"
  }
  assert {
    condition     = output.processes.db == run.processes_before.processes.db && output.processes.web != run.processes_before.processes.web
    error_message = "they were ${jsonencode(run.processes_before.processes)} and are ${jsonencode(output.processes)}"
  }
}

run "somebody_stops_a_service" {
  module {
    source = "./tests/command"
  }
  variables {
    command = "gocker-compose -p terraform-test stop web"
  }
}

run "a_plan_finds_it" {
  command = plan

  variables {
    environment_variables = { GREETING = "good morning" }
  }
  expect_failures = [check.stack_runs]
}

run "to_apply_repairs_it" {
  variables {
    environment_variables = { GREETING = "good morning" }
  }
  assert {
    condition     = output.services.web.state == "running"
    error_message = "the services are ${jsonencode(output.services)}"
  }
  expect_failures = [check.stack_runs]
}

run "a_secret_reaches_the_stack" {
  variables {
    secure_environment_variables = { GREETING = "secret" }
  }
  assert {
    condition     = output.services.web.state == "running"
    error_message = "the services are ${jsonencode(output.services)}"
  }
}

run "a_wrong_name_is_told" {
  command = plan

  variables {
    name = "My Stack"
  }
  expect_failures = [var.name]
}

run "so_is_a_file_that_is_not_there" {
  command = plan

  variables {
    stack_file = "nowhere.yaml"
  }
  expect_failures = [var.stack_file]
}

run "so_is_an_override_of_no_service" {
  command = plan

  variables {
    service_overrides = { wbe = { restart = "always" } }
  }
  expect_failures = [var.service_overrides]
}

run "so_is_a_root_file_system_that_is_not_there" {
  command = plan

  variables {
    rootfs = "nowhere.tar"
  }
  expect_failures = [terraform_data.up]
}
