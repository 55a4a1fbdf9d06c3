#!/bin/sh
# Takes a stack away, and what up.sh has written. Started by main.tf, which says everything in variables.
set -eu

volumes=--volumes
[ "$tf_keep_volumes" = false ] || volumes=
"$tf_gocker_compose" -p "$tf_name" down $volumes
if [ -d "$tf_directory" ]; then
    rm -rf --one-file-system -- "$tf_directory"/rootfs-*
    rm -f -- "$tf_directory/overrides.yaml" "$tf_directory/services.json" "$tf_directory/applied.json"
    rmdir --ignore-fail-on-non-empty -- "$tf_directory"
fi
