#!/bin/sh
# Sets jwtlab up from this folder, without a network, and opens the lessons. Run it again to open them again.
#   sh start-linux.sh             set up, look whether all is well, open
#   sh start-linux.sh --no-open   set up and look only
set -eu
here=$(cd "$(dirname "$0")" && pwd)
home=${JWTLAB_HOME:-$HOME/jwtlab}
env=$home/.environment

pythons="@PYTHONS@"
python=
fits='import sys; sys.exit("%d.%d" % sys.version_info[:2] not in sys.argv[1:])'
for version in $pythons ""; do
    each=python${version:-3}
    if command -v "$each" >/dev/null 2>&1 && "$each" -c "$fits" $pythons >/dev/null 2>&1; then
        python=$each
        break
    fi
done
if [ -z "$python" ]; then
    echo "No Python of one of these versions was found: $pythons. START-HERE.html says where it comes from." >&2
    exit 1
fi

mkdir -p "$home"
if ! "$env/bin/python" -c 'import jwtlab' 2>/dev/null; then
    echo "Setting up in $home with $("$python" --version). This takes a minute or two."
    if ! "$python" -m venv --clear "$env"; then
        echo "Python's module venv is missing (Debian, Ubuntu: the package python3-venv)." >&2
        exit 1
    fi
    "$env/bin/python" -m pip install --quiet --no-index --disable-pip-version-check \
        --find-links "$here/wheels" "@JWTLAB@"
fi

cd "$home"
"$env/bin/python" -m jwtlab doctor "$home"
[ "${1:-}" = --no-open ] || exec "$env/bin/python" -m jwtlab lab "$home"
