#!/bin/sh
# make lint: every check is made; any that fails makes the whole fail.
set -u
python=.venv/bin/python
ended=0

check() {
    name=$1
    shift
    if "$@"; then
        echo "よし  $name"
    else
        echo "だめ  $name" >&2
        ended=1
    fi
}

makemigrations() { # the checks must not make the portal's own var/
    var=$(mktemp -d)
    PORTAL_VAR=$var SECRET_KEY=lint "$python" -W error manage.py makemigrations --check --dry-run
    result=$?
    rm -rf "$var"
    return "$result"
}

type_check() {
    SECRET_KEY=lint "$python" -m mypy .
}

check "書き方（ruff）" "$python" -m ruff check --quiet .
check "整え方（ruff format）" "$python" -m ruff format --quiet --check .
check "型（mypy）" type_check
# Not djlint --check: its layout breaks lines inside Japanese text, where a break is seen as a space.
check "テンプレート（djlint）" "$python" -m djlint --lint --quiet templates
check "マイグレーションの作り忘れ" makemigrations
if command -v uv >/dev/null 2>&1; then
    check "部品の一覧（uv.lock と requirements.txt）" sh deploy/requirements.sh check
else
    echo "uv がないので、部品の一覧の検査をとばしました。入れるには: python3 -m pip install uv"
    [ "${REQUIRE_ALL:-}" = 1 ] && ended=1
fi
exit "$ended"
