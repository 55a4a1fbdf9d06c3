#!/bin/sh
# Brings a stack up and waits until it is healthy. Started by main.tf, which says everything in variables.
set -eu

fail() {
    echo "$*" >&2
    exit 1
}

seen=$("$GOCKER_COMPOSE" version --short) || fail "$GOCKER_COMPOSE cannot be run: install it, or name program_directory"
[ -z "$VERSION" ] || [ "$VERSION" = "$seen" ] || fail "$GOCKER_COMPOSE is version $seen, not $VERSION"

umask 077
mkdir -p "$DIRECTORY"
printf '%s' "$OVERRIDES" >"$DIRECTORY/overrides.yaml"

compose() {
    "$GOCKER_COMPOSE" -p "$NAME" -f "$STACK" -f "$DIRECTORY/overrides.yaml" "$@"
}

# It ends with 2 where something would change.
compose plan || [ $? = 2 ]
# What has left the stack file goes, as with everything that Terraform makes.
compose up --detach --wait --wait-timeout "$WAIT_TIMEOUT" --remove-orphans
compose ps --all --format json >"$DIRECTORY/services.json"
printf '{"repair":"%s","instances":%s}\n' "$REPAIR" "$(cat "$DIRECTORY/services.json")" >"$DIRECTORY/applied.json"
