#!/bin/sh
# sudo sh deploy/manage.sh COMMAND …   manage.py as the portal's own user, with the settings that systemd gives it
# PORTAL_USER, PORTAL_ENV: another user, another file than /etc/plan-portal/env
set -eu
cd "$(dirname "$0")/.."
user=${PORTAL_USER:-plan-portal}
settings=${PORTAL_ENV:-/etc/plan-portal/env}
unset PORTAL_USER PORTAL_ENV

if ! [ -r "$settings" ]; then
    echo "設定のファイル $settings を読めません。sudo を付けて打つか、docs/operations.md の「入れる」の順に作ってください。" >&2
    exit 1
fi
export PORTAL_VAR="${PORTAL_VAR:-/var/lib/plan-portal}" PYTHONUTF8=1
while IFS= read -r line || [ -n "$line" ]; do
    case $line in
    [A-Z]*=*) export "${line?}" ;;
    esac
done <"$settings"

umask 077
[ "$(id -un)" = "$user" ] && exec .venv/bin/python manage.py "$@"
exec runuser -u "$user" -- .venv/bin/python manage.py "$@"
