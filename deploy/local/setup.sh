#!/bin/sh
# Finds a Python that can run Tandem (3.11 to 3.13) and runs setup.py with it. To choose one: make setup PYTHON=python3.12
cd "$(dirname "$0")/../.." || exit 1

suits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if suits "$python"; then
        exec "$python" -m deploy.local.setup
    fi
done

found=$("${PYTHON:-python3}" --version 2>/dev/null)
echo "Tandem needs Python 3.11, 3.12 or 3.13; ${PYTHON:-python3} is ${found:-not installed}." >&2
echo "Install one (Debian, Ubuntu: apt install python3 python3-venv), or choose one: make setup PYTHON=/path/to/python3.12" >&2
exit 1
