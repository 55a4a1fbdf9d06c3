#!/bin/sh
# Brings a stack up and waits until it is healthy. Started by main.tf, which says everything in variables.
set -eu

fail() {
    echo "$*" >&2
    exit 1
}

seen=$("$tf_gocker_compose" version --short) || fail "$tf_gocker_compose cannot be run: install it, or name program_directory"
[ -z "$tf_version" ] || [ "$tf_version" = "$seen" ] || fail "$tf_gocker_compose is version $seen, not $tf_version"

mkdir -p -m 0700 "$tf_directory"
printf '%s' "$tf_overrides" >"$tf_directory/overrides.yaml"
# The name says what is in it, so that one that is there is the right one.
if [ "$tf_source" = busybox ]; then
    [ -e "$tf_rootfs" ] || "$tf_gocker" rootfs create "$tf_rootfs"
elif [ -n "$tf_source" ]; then
    [ -e "$tf_rootfs" ] || "$tf_gocker" rootfs import "$tf_source" "$tf_rootfs"
fi

compose() {
    "$tf_gocker_compose" -p "$tf_name" -f "$tf_stack" -f "$tf_directory/overrides.yaml" "$@"
}

# It ends with 2 where something would change.
compose plan || [ $? = 2 ]
# What has left the stack file goes, as with everything that Terraform makes.
compose up --detach --wait --wait-timeout "$tf_wait_timeout" --remove-orphans
compose ps --all --format json >"$tf_directory/services.json"
printf '{"repair":"%s","instances":%s}\n' "$tf_repair" "$(cat "$tf_directory/services.json")" >"$tf_directory/applied.json"
# Nobody runs in an earlier one any more.
for earlier in "$tf_directory"/rootfs-*; do
    [ "$earlier" = "$tf_rootfs" ] || rm -rf --one-file-system -- "$earlier"
done
