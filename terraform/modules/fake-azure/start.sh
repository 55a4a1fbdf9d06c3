#!/bin/sh
# Starts the container of a stack. Started by main.tf, which says everything in variables.
set -eu
. "$(dirname "$0")/copy.sh"

# Of an attempt that was killed: Terraform does not destroy what it has not created.
sh "$(dirname "$0")/remove-container.sh"
eval "set -- $OPTIONS --entrypoint=gocker-compose \"\$IMAGE\" $COMMANDS"
docker create --name "$CONTAINER" "$@" >/dev/null
trap 'docker rm --force --volumes "$CONTAINER" >/dev/null' EXIT
if [ -n "$ARCHIVE" ]; then
    # A directory first, for `docker cp` to unpack the archive in.
    empty=$(mktemp -d)
    mkdir -p "$empty$ROOTFS"
    tar -C "$empty" --owner=0 --group=0 -c . | docker cp - "$CONTAINER:/"
    rm -r "$empty"
    docker cp - "$CONTAINER:$ROOTFS" <"$ARCHIVE"
fi
copy_files
docker start "$CONTAINER" >/dev/null
trap - EXIT
# Those that were built for this stack before are not needed any more.
for earlier in $(docker image ls --format '{{.Repository}}:{{.Tag}}' --filter "label=gocker.stack=$NAME"); do
    [ "$earlier" = "$IMAGE" ] || docker image rm "$earlier" >/dev/null
done
