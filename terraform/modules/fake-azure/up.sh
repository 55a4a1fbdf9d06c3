#!/bin/sh
# Brings the stack in the container up and waits until it is healthy. Started by main.tf, which says everything in variables.
set -eu
. "$(dirname "$0")/common.sh"

compose() {
    docker exec "$tf_container" gocker-compose -p "$tf_name" "$@"
}

fail() {
    echo "$*" >&2
    docker logs --tail 20 "$tf_container" >&2
    exit 1
}

seen=$(compose version --short) || fail "the container $tf_container does not run; it said:"
[ -z "$tf_version" ] || [ "$tf_version" = "$seen" ] || fail "the image has gocker-compose $seen, not $tf_version"

copy_files
set -- -f "$tf_place/stack.yaml" -f "$tf_place/overrides.yaml"
# It ends with 2 where something would change.
compose "$@" plan || [ $? = 2 ]
compose "$@" up --detach --wait --wait-timeout "$tf_wait_timeout" --remove-orphans ||
    fail "$tf_name did not become healthy; the container said:"

mkdir -p -m 0700 "$tf_directory"
address=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$tf_container")
services=$(compose ps --all --format json)
printf '{"address":"%s","instances":%s}\n' "$address" "$services" >"$tf_directory/services.json"
# For the next plan, which looks for the container in /proc: where Docker is on another machine it is not there.
set -- $(docker inspect --format '{{.Id}} {{.State.Pid}}' "$tf_container")
is_here=$(grep -q "$1" "/proc/$2/cgroup" 2>/dev/null && echo true || echo false)
printf '{"repair":"%s","container":"%s","is_here":%s}\n' "$tf_repair" "$1" "$is_here" >"$tf_directory/applied.json"
