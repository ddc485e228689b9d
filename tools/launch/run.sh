#!/bin/sh
# Entry of `npm start` and its siblings. Node 24 comes from npm for Linux with glibc; elsewhere it must be there already,
# and where it cannot even run, only a shell is left to say so.
node --version >/dev/null 2>&1 || {
  echo "Trellis needs Linux with glibc and Node >= 20.19, or macOS with Node >= 24.11. The node in this folder does not run here." >&2
  exit 1
}
exec node "$(dirname "$0")/run.mjs" "$@"
