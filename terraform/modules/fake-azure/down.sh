#!/bin/sh
# Takes a stack's container away, its images, and what up.sh has written. Started by main.tf, which says everything in variables.
set -eu
. "$(dirname "$0")/common.sh"

remove_container
remove_images ""
if [ -d "$tf_directory" ]; then
    rm -f -- "$tf_directory/services.json" "$tf_directory/applied.json"
    rmdir --ignore-fail-on-non-empty -- "$tf_directory"
fi
