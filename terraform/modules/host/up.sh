#!/bin/sh
# Brings a stack up and waits until it is healthy. Started by main.tf, which says everything in variables.
set -eu

fail() {
    echo "$*" >&2
    exit 1
}

seen=$("$GOCKER_COMPOSE" version --short) || fail "$GOCKER_COMPOSE cannot be run: install it, or name program_directory"
[ -z "$VERSION" ] || [ "$VERSION" = "$seen" ] || fail "$GOCKER_COMPOSE is version $seen, not $VERSION"

mkdir -p -m 0700 "$DIRECTORY"
printf '%s' "$OVERRIDES" >"$DIRECTORY/overrides.yaml"
# The name says what is in it, so that one that is there is the right one.
if [ "$SOURCE" = busybox ]; then
    [ -e "$ROOTFS" ] || "$GOCKER" rootfs create "$ROOTFS"
elif [ -n "$SOURCE" ]; then
    [ -e "$ROOTFS" ] || "$GOCKER" rootfs import "$SOURCE" "$ROOTFS"
fi

compose() {
    "$GOCKER_COMPOSE" -p "$NAME" -f "$STACK" -f "$DIRECTORY/overrides.yaml" "$@"
}

# It ends with 2 where something would change.
compose plan || [ $? = 2 ]
# What has left the stack file goes, as with everything that Terraform makes.
compose up --detach --wait --wait-timeout "$WAIT_TIMEOUT" --remove-orphans
compose ps --all --format json >"$DIRECTORY/services.json"
printf '{"repair":"%s","instances":%s}\n' "$REPAIR" "$(cat "$DIRECTORY/services.json")" >"$DIRECTORY/applied.json"
# Nobody runs in an earlier one any more.
for earlier in "$DIRECTORY"/rootfs-*; do
    [ "$earlier" = "$ROOTFS" ] || rm -rf --one-file-system -- "$earlier"
done
