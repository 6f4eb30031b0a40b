# Runs a script with a Python that has PyNaCl, or exits 77.
. "$(dirname "$0")/python.sh"
exec "$python" "$@"
