# Copies the stack's files into its container: for start.sh and up.sh, which read this.

copy_files() {
    scratch=$(mktemp -d)
    mkdir -p "$scratch$PLACE"
    cp -- "$STACK" "$scratch$PLACE/stack.yaml"
    printf '%s' "$OVERRIDES" >"$scratch$PLACE/overrides.yaml"
    printf '%s' "$FURTHER" | while read -r file || [ -n "$file" ]; do
        mkdir -p "$scratch$PLACE/$(dirname "$file")"
        cp -- "$(dirname "$STACK")/$file" "$scratch$PLACE/$file"
    done
    # An archive, because `docker cp` makes no directory that is not there.
    tar -C "$scratch" --owner=0 --group=0 -c . | docker cp - "$CONTAINER:/"
    rm -r "$scratch"
}
