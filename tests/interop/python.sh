# Sourced: $python is a Python that has PyNaCl, or exit 77.
python=
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import nacl.signing' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "skipped: no PyNaCl (package python3-nacl)"
    exit 77
fi
