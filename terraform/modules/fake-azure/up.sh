#!/bin/sh
# Brings the stack in the container up and waits until it is healthy. Started by main.tf, which says everything in variables.
set -eu
. "$(dirname "$0")/copy.sh"

compose() {
    docker exec "$CONTAINER" gocker-compose -p "$NAME" "$@"
}

fail() {
    echo "$*" >&2
    docker logs --tail 20 "$CONTAINER" >&2
    exit 1
}

seen=$(compose version --short) || fail "the container $CONTAINER does not run; it said:"
[ -z "$VERSION" ] || [ "$VERSION" = "$seen" ] || fail "the image has gocker-compose $seen, not $VERSION"

copy_files
set -- -f "$PLACE/stack.yaml" -f "$PLACE/overrides.yaml"
# It ends with 2 where something would change.
compose "$@" plan || [ $? = 2 ]
compose "$@" up --detach --wait --wait-timeout "$WAIT_TIMEOUT" --remove-orphans ||
    fail "$NAME did not become healthy; the container said:"

mkdir -p -m 0700 "$DIRECTORY"
address=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$CONTAINER")
services=$(compose ps --all --format json)
printf '{"address":"%s","instances":%s}\n' "$address" "$services" >"$DIRECTORY/services.json"
# For the next plan, which looks for the container in /proc: where Docker is on another machine it is not there.
set -- $(docker inspect --format '{{.Id}} {{.State.Pid}}' "$CONTAINER")
is_here=$(grep -q "$1" "/proc/$2/cgroup" 2>/dev/null && echo true || echo false)
printf '{"repair":"%s","container":"%s","is_here":%s}\n' "$REPAIR" "$1" "$is_here" >"$DIRECTORY/applied.json"
