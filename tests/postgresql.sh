#!/bin/sh
# sh tests/postgresql.sh COMMAND …   runs it with DATABASE_URL of a throw-away PostgreSQL, which is gone afterwards
# sh tests/postgresql.sh --find      prints where this machine's newest PostgreSQL server is; fails if there is none
# The server listens on a socket in its own folder, on no port, and keeps nothing safe: it is for tests.
set -u

find_server() {
    for folder in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin 2>/dev/null | sort -t/ -k5 -rV); do
        [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && echo "$folder" && return
    done
    initdb=$(command -v initdb) && command -v postgres >/dev/null && dirname "$initdb"
}

bin=$(find_server) || exit 1
if [ "${1:---find}" = --find ]; then
    echo "$bin"
    exit
fi

place=$(mktemp -d) || exit 1
owner=$(id -un)
if [ "$owner" = root ]; then # PostgreSQL refuses to be run by root
    owner=nobody
    id postgres >/dev/null 2>&1 && owner=postgres
    chown "$owner" "$place"
fi

as_owner() {
    if [ "$(id -un)" = "$owner" ]; then
        "$@"
    else
        runuser -u "$owner" -- "$@"
    fi
}

stop() {
    [ -f "$place/data/postmaster.pid" ] && as_owner "$bin/pg_ctl" -D "$place/data" -m immediate -w stop >/dev/null
    rm -rf "$place"
}

cd "$(dirname "$0")/.." || exit 1
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
here=$(pwd)
cd "$place" || exit 1 # the owner may not be allowed to stand in our folder

if ! { as_owner "$bin/initdb" -D "$place/data" -U portal -A trust -E UTF8 --locale=C.UTF-8 --no-sync ||
    { rm -rf "$place/data" && as_owner "$bin/initdb" -D "$place/data" -U portal -A trust -E UTF8 --locale=C --no-sync; }; } \
    >"$place/log" 2>&1 </dev/null ||
    ! as_owner "$bin/pg_ctl" -D "$place/data" -l "$place/server.log" -w -t 60 start \
        -o "-c listen_addresses='' -k $place -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=60" \
        >>"$place/log" 2>&1 </dev/null; then
    cat "$place/log" "$place/server.log" >&2
    echo "試験用の PostgreSQL を始められませんでした。上に理由があります。" >&2
    exit 1
fi

cd "$here" || exit 1
DATABASE_URL="postgres://portal@/$place/postgres" "$@"
