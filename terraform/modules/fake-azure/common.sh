# What the scripts have in common.

# Stops the stack in its order, and removes its container with all that it has stored, where there is one.
remove_container() {
    there=$(docker container ls --all --quiet --filter "name=^/$tf_container\$")
    [ -n "$there" ] || return 0
    docker container stop --time 60 "$tf_container" >/dev/null
    docker container rm --force --volumes "$tf_container" >/dev/null
}

# Removes the images that were built for the stack, but one.
remove_images() {
    built=$(docker image ls --format '{{.Repository}}:{{.Tag}}' --filter "label=gocker.stack=$tf_name")
    for image in $built; do
        [ "$image" = "$1" ] || docker image rm "$image" >/dev/null
    done
}

# Copies the stack's files into its container.
copy_files() {
    scratch=$(mktemp -d)
    mkdir -p "$scratch$tf_place"
    cp -- "$tf_stack" "$scratch$tf_place/stack.yaml"
    printf '%s' "$tf_overrides" >"$scratch$tf_place/overrides.yaml"
    printf '%s' "$tf_further" | while read -r file || [ -n "$file" ]; do
        mkdir -p "$scratch$tf_place/$(dirname "$file")"
        cp -- "$(dirname "$tf_stack")/$file" "$scratch$tf_place/$file"
    done
    # An archive, because `docker cp` makes no directory that is not there.
    tar -C "$scratch" --owner=0 --group=0 -c . | docker cp - "$tf_container:/"
    rm -r "$scratch"
}
