#!/usr/bin/env bash
# Peak memory and time of two steps of a stage, whole batches against chunks (docs/pretraining.md, "Large batches on small machines"):
#   bench/peak-memory.sh STORE
# Needs GNU time, a built command line (dotnet build -c Release src/Conjoint.Cli) and a store with at least 12 volumes for training.
set -euo pipefail
store=$(realpath "$1")
cd "$(dirname "$0")/.."
cli=src/Conjoint.Cli/bin/Release/net10.0/conjoint.dll
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

measure() {   # stage, settings...
    local stage=$1 run
    shift
    run="$out/$RANDOM$RANDOM"
    /usr/bin/time -f '%M %e' -o "$out/time" dotnet "$cli" pretrain --data "$store" --out "$run" --preset small --stage "$stage" --weights scratch \
        --seed 1 --set threads=1 "$@" >"$out/log" 2>&1 || { tail -n 3 "$out/log"; return 1; }
    read -r kilobytes seconds <"$out/time"
    printf '%-7s %-100s %6d MB %6.0f s\n' "$stage" "$*" $((kilobytes / 1024)) "$seconds"
}

for chunk in null 128 32; do
    measure volumes volumes.steps=2 volumes.batch=12 volumes.chunk=$chunk
done
for chunk in null 128 32; do
    measure slices slices.steps=2 slices.batch=256 slices.max_samples=300 slices.chunk=$chunk
done
