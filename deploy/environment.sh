#!/bin/sh
# Makes .venv with what uv.lock names, or finds that nothing has to be done. Called by make, from the portal's folder:
#   sh deploy/environment.sh runtime   what the portal needs to run
#   sh deploy/environment.sh tests     that, and the tools and parts of the tests
# With uv if there is one, else with the newest fitting Python on PATH and pip. Both install the same files (hashes).
set -u

set_name=${1:-runtime}
again=${2:-"make run"}
python=.venv/bin/python
stamp=.venv/plan-portal-environment
fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))'

refuse() {
    printf '%s\n' "$@" >&2
    exit 1
}

wanted() {
    printf '%s ' "$1"
    cat uv.lock requirements.txt tests/requirements.txt | cksum
}

is_ready() {
    [ -r "$stamp" ] || return 1
    read -r found <"$stamp"
    [ "$found" = "$(wanted tests)" ] || [ "$found" = "$(wanted "$set_name")" ] || return 1
    "$python" -c "$fits" 2>/dev/null
}

works() { # a version manager may have a name on PATH behind which there is nothing
    command -v "$1" >/dev/null 2>&1 && "$1" -c "$2" >/dev/null 2>&1
}

find_python() { # $1: what it must be able to do besides being of the right age
    for candidate in python3.14 python3.13 python3.12 python3.11 python3 python; do
        if works "$candidate" "$fits" && works "$candidate" "$1"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

debian_package() { # the newest fitting Python that this machine's apt can install
    command -v apt-cache >/dev/null 2>&1 || return 1
    for version in 3.13 3.12 3.11; do
        if [ -n "$(apt-cache show "python$version-venv" 2>/dev/null)" ]; then
            echo "python$version python$version-venv"
            return
        fi
    done
    return 1
}

how_to_get_python() {
    if packages=$(debian_package); then
        echo "  sudo apt-get install $packages"
    elif command -v brew >/dev/null 2>&1; then
        echo "  brew install python@3.13"
    else
        echo "  https://www.python.org/downloads/"
    fi
}

refuse_without_python() {
    for candidate in python3 python; do
        if works "$candidate" 'pass'; then
            version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
            refuse "この Python（$version）では動きません。Python 3.11〜3.14 を入れて、もう一度 $again と打ってください。" \
                "$(how_to_get_python)"
        fi
    done
    refuse "Python がありません。Python 3.11〜3.14 を入れて、もう一度 $again と打ってください。" "$(how_to_get_python)"
}

refuse_without_venv() {
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    case $1 in
    */python3 | */python) package=python3-venv ;;
    *) package=python$version-venv ;;
    esac
    refuse "Python $version に、環境を作る部品（venv）がありません。次を打ってから、もう一度 $again と打ってください。" \
        "  sudo apt-get install $package"
}

explain() { # $1: what the failed tool said
    case $1 in
    *"No space left"* | *"os error 28"*)
        refuse "ディスクがいっぱいで、部品を入れられません。空きを作って、もう一度 $again と打ってください（約 500 MB 要ります）。" ;;
    *"Permission denied"* | *"Read-only file system"* | *"os error 13"* | *"os error 30"*)
        refuse_read_only ;;
    *"name resolution"* | *"NewConnectionError"* | *"dns error"* | *"error sending request"* | *"timed out"* | *"ConnectTimeout"* | \
        *"Failed to fetch"* | *"ProxyError"* | *"Connection refused"* | *"Network is unreachable"* | *"No matching distribution"*)
        refuse "部品の配布元につながりません。インターネットにつながっているか（市役所の中なら、プロキシーの設定も）確かめて、もう一度 $again と打ってください。" ;;
    esac
    printf '%s\n' "$1" | tail -n 20 >&2
    refuse "部品を入れられませんでした。上に理由があります。直してから、もう一度 $again と打ってください。"
}

refuse_read_only() {
    refuse "このフォルダーには書き込めません。書き込めるフォルダーにコピーして、そこで $again と打ってください。"
}

attempt() {
    output=$("$@" 2>&1) || explain "$output"
}

begin() {
    mkdir -p .venv 2>/dev/null && [ -w .venv ] || refuse_read_only
    rm -f "$stamp"
    echo "必要な部品を .venv に入れています（初めてのときは数分かかります）。"
}

install_with_uv() {
    export UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 # who runs the portal may not be allowed to write here
    unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT
    uv python find --system '>=3.11,<3.15' >/dev/null 2>&1 || refuse_without_python
    begin
    if [ "$set_name" = runtime ]; then
        attempt uv sync --frozen --inexact --no-default-groups
    else
        attempt uv sync --frozen --all-groups --all-extras
    fi
}

install_with_pip() {
    if "$python" -c "$fits; import pip" 2>/dev/null; then
        begin
    else
        found=$(find_python 'import ensurepip, venv') || {
            found=$(find_python pass) && refuse_without_venv "$found"
            refuse_without_python
        }
        begin
        attempt "$found" -m venv --clear .venv
    fi
    requirements=requirements.txt
    [ "$set_name" = runtime ] || requirements=tests/requirements.txt
    attempt "$python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$requirements"
}

is_ready && exit 0
if command -v uv >/dev/null 2>&1; then
    install_with_uv
else
    install_with_pip
fi
wanted "$set_name" >"$stamp"
