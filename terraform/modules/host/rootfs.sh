#!/bin/sh
# Makes a root file system. Started by main.tf, which says everything in variables.
set -eu

# Of an attempt that was interrupted: the name says what is in it, so that the same one can be left as it is.
[ ! -e "$ROOTFS" ] || exit 0
mkdir -p "$(dirname "$ROOTFS")"
if [ "$SOURCE" = busybox ]; then
    "$GOCKER" rootfs create "$ROOTFS"
else
    "$GOCKER" rootfs import "$SOURCE" "$ROOTFS"
fi
