#!/bin/sh
# Builds Gocker's image. Started by main.tf, which says everything in variables.
set -eu

eval "set -- $tf_arguments"
docker build --tag "$tf_image" --label "gocker.stack=$tf_name" "$@" "$tf_context"
