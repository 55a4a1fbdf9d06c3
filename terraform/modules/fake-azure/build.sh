#!/bin/sh
# Builds Gocker's image. Started by main.tf, which says everything in variables.
set -eu

eval "set -- $ARGUMENTS"
docker build --tag "$IMAGE" --label "gocker.stack=$NAME" "$@" "$CONTEXT"
