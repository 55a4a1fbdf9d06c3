#!/bin/sh
# Starts the container of a stack, in place of an earlier one. Started by main.tf, which says everything in variables.
set -eu
. "$(dirname "$0")/common.sh"

remove_container
eval "set -- $tf_options --entrypoint=gocker-compose \"\$tf_image\" $tf_commands"
docker create --name "$tf_container" "$@" >/dev/null
trap 'docker rm --force --volumes "$tf_container" >/dev/null' EXIT
if [ -n "$tf_archive" ]; then
    # A directory first, for `docker cp` to unpack the archive in.
    empty=$(mktemp -d)
    mkdir -p "$empty$tf_rootfs"
    tar -C "$empty" --owner=0 --group=0 -c . | docker cp - "$tf_container:/"
    rm -r "$empty"
    docker cp - "$tf_container:$tf_rootfs" <"$tf_archive"
fi
copy_files
docker start "$tf_container" >/dev/null
trap - EXIT
remove_images "$tf_image"
