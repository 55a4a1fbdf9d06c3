#!/bin/sh
# Removes an image, also where it is gone already. Started by main.tf.
set -eu

[ -z "$(docker image ls --quiet "$IMAGE")" ] || docker image rm "$IMAGE"
