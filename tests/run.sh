#!/bin/sh
# make test: every test that this machine can run, on SQLite and then on PostgreSQL. Arguments go to pytest.
# REQUIRE_ALL=1 (.ci/run): what is missing is an error.
set -u
unset DATABASE_URL DJANGO_SETTINGS_MODULE

COUNTS_FILE=$(mktemp) || exit 1
export COUNTS_FILE
trap 'rm -f "$COUNTS_FILE"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

ended=0
.venv/bin/python -m pytest -n auto --dist loadfile "$@" || ended=$?

# The browser sees the same pages on either database: once is enough.
if sh tests/postgresql.sh --find >/dev/null; then
    echo
    echo "同じ試験を PostgreSQL で"
    sh tests/postgresql.sh .venv/bin/python -m pytest -n auto --dist loadfile -m "not browser" "$@" || {
        code=$?
        [ "$code" = 5 ] || ended=$code # 5: the arguments name nothing but tests of the browser
    }
else
    [ "${REQUIRE_ALL:-}" = 1 ] && ended=1
    echo "PostgreSQL のサーバーがないので、PostgreSQL での試験をとばしました。入れるには: sudo apt-get install postgresql"
fi

echo
echo "数えたもの"
cat "$COUNTS_FILE"
exit "$ended"
