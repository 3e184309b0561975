#!/bin/sh
# The lock as pip reads it, for machines without uv. From the portal's folder:
#   sh deploy/requirements.sh write   makes requirements.txt and tests/requirements.txt from uv.lock
#   sh deploy/requirements.sh check   fails when they, or uv.lock, are not what pyproject.toml asks for
set -eu
export UV_PYTHON_DOWNLOADS=never

# Names, versions and hashes only: neither uv's nor pip's configuration of this machine may get in.
export_groups() {
    echo "# Made by 'make lock' from uv.lock: change pyproject.toml instead."
    uv export --frozen --no-emit-project --no-header --format requirements-txt "$@"
}

compare() { # $1: file, the rest: as for export_groups
    file=$1
    shift
    export_groups "$@" | diff "$file" - >/dev/null || {
        echo "$file が uv.lock と違います。make lock と打って、作り直してください。" >&2
        exit 1
    }
}

if [ "$1" = write ]; then
    export_groups --no-default-groups >requirements.txt
    export_groups --all-groups --all-extras >tests/requirements.txt
else
    uv lock --check --quiet || {
        echo "uv.lock が pyproject.toml と違います。make lock と打って、作り直してください。" >&2
        exit 1
    }
    compare requirements.txt --no-default-groups
    compare tests/requirements.txt --all-groups --all-extras
fi
