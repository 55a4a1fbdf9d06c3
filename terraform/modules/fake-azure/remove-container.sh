#!/bin/sh
# Stops the stack in its order, and removes its container with all that it has stored, also where it is gone already.
# Started by main.tf.
set -eu

if [ -n "$(docker container ls --all --quiet --filter "name=^/$CONTAINER\$")" ]; then
    docker container stop --time 60 "$CONTAINER" >/dev/null
    docker container rm --force --volumes "$CONTAINER" >/dev/null
fi
