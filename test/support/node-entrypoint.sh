#!/bin/sh
# As the entry point of Node's own image does: what begins with a dash, or is no program, is for Node.
case $1 in
  -*) exec node "$@" ;;
esac
command -v "$1" >/dev/null || exec node "$@"
exec "$@"
