# Sourced: `go_run FILE ARGS…` with Debian's packages alone, or exit 77.
interop=$(cd "$(dirname "$0")" && pwd)
gocode=/usr/share/gocode
if ! command -v go >/dev/null; then
    echo "skipped: no go (package golang-go)"
    exit 77
fi
if [ ! -d $gocode/src/golang.org/x/mod/sumdb/note ]; then
    echo "skipped: no golang.org/x/mod (package golang-golang-x-mod-dev)"
    exit 77
fi
go_run() {
    program=$1
    shift
    GO111MODULE=off GOFLAGS='' GOPATH=$gocode go run "$interop/$program" "$@"
}
