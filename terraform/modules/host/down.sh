#!/bin/sh
# Takes a stack away, and what up.sh has written. Started by main.tf, which says everything in variables.
set -eu

volumes=--volumes
[ "$KEEP_VOLUMES" = false ] || volumes=
"$GOCKER_COMPOSE" -p "$NAME" down $volumes
if [ -d "$DIRECTORY" ]; then
    rm -rf --one-file-system -- "$DIRECTORY"/rootfs-*
    rm -f -- "$DIRECTORY/overrides.yaml" "$DIRECTORY/services.json" "$DIRECTORY/applied.json"
    rmdir --ignore-fail-on-non-empty -- "$DIRECTORY"
fi
