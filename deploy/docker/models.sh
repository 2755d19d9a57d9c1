#!/bin/sh
# Copies each model folder of $1 into $2 unless it is there. Each is written beside its place and renamed, so what is there is complete.
set -eu
for made in "$1"/*/; do
    name=$(basename "$made")
    [ -e "$2/$name" ] && continue
    rm -rf "$2/.$name.unfinished"
    cp -R "$made" "$2/.$name.unfinished"
    chmod -R a+rX "$2/.$name.unfinished"
    mv "$2/.$name.unfinished" "$2/$name"
    echo "Put $name into $2."
done
