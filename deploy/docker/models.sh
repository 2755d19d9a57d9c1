#!/bin/sh
# Copies each model folder in $1 to $2, unless it exists. Each copy gets its name only when it is complete.
set -eu
for made in "$1"/*/; do
    name=$(basename "$made")
    [ -e "$2/$name" ] && continue
    if [ ! -w "$2" ]; then
        echo "$name is not copied, because user $(id -u) cannot write to $2." >&2
        continue
    fi
    rm -rf "$2/.$name.unfinished"
    cp -R "$made" "$2/.$name.unfinished"
    chmod -R a+rX "$2/.$name.unfinished"
    mv "$2/.$name.unfinished" "$2/$name"
    echo "Copied $name to $2."
done
