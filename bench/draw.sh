#!/usr/bin/env bash
# Measures the draw against what people use instead: same data, one run, taken in
# turns, medians of three. What the numbers mean: docs/design/benchmarks.md.
#
#   bench/draw.sh                         10 thousand to 15 million objects
#   bench/draw.sh 10000 100000            other sizes
#
# Needs: go, shuf, sort, /usr/bin/time; sqlite3 and PostgreSQL are left out if they
# are missing. All files go to a temporary directory and are removed.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C

sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(10000 100000 1000000 15000000)
work=$(mktemp -d "${TMPDIR:-/tmp}/suicha-bench.XXXXXX")
server=
cleanup() {
	[ -z "$server" ] || kill -INT "$server" 2>/dev/null && wait "$server" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT
chmod 755 "$work"

go build -o "$work/" ./cmd/suicha ./cmd/suicha-verify
suicha=$work/suicha

# timed NAME COMMAND… runs the command and appends milliseconds and kilobytes to NAME.
timed() {
	local name=$1
	shift
	local begin=$EPOCHREALTIME end
	/usr/bin/time -q -o "$work/memory" -f %M "$@" >"$work/out"
	end=$EPOCHREALTIME
	echo "$(((${end/./} - ${begin/./}) / 1000)) $(<"$work/memory")" >>"$dir/$name.times"
}

# median NAME COLUMN prints the median of what timed took.
median() { [ -s "$dir/$1.times" ] && sort -n -k "$2,$2" "$dir/$1.times" | awk -v c="$2" '{v[NR]=$c} END {print v[int((NR+1)/2)]}'; }

# A PostgreSQL of our own, on a socket in the temporary directory.
postgres() {
	local bin
	bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
	[ -n "$bin" ] && command -v psql >/dev/null || return 0
	user=()
	if [ "$(id -u)" = 0 ]; then
		id postgres >/dev/null 2>&1 || return 0
		user=(setpriv --reuid=postgres --regid=postgres --clear-groups)
		install -d -o postgres "$work/pg"
	else
		mkdir "$work/pg"
	fi
	"${user[@]}" "$bin/initdb" -D "$work/pg/data" -A trust --locale=C -E UTF8 -N >/dev/null 2>&1 || return 0
	"${user[@]}" "$bin/postgres" -D "$work/pg/data" -k "$work/pg" -c listen_addresses= -c fsync=off -c work_mem=256MB -c max_wal_size=8GB \
		-c max_parallel_workers_per_gather=1 >"$work/pg.log" 2>&1 &
	server=$!
	pg=(psql -X -q -h "$work/pg" -d postgres)
	[ "$(id -u)" != 0 ] || pg+=(-U postgres)
	for _ in $(seq 50); do
		"${pg[@]}" -c 'SELECT 1' >/dev/null 2>&1 && return 0
		kill -0 "$server" 2>/dev/null || break
		read -rt 0.2 <> <(:) || true
	done
	server=
}

# measure SIZE fills a directory and takes everything in turns.
measure() {
	local size=$1 drawn=$(($1 * 3 / 100)) round
	dir=$work/$size
	mkdir "$dir"
	"$suicha" draw synth -n "$size" -o "$dir/population.tsv" >/dev/null
	for suite in sha256-ed25519 sm3-sm2; do
		"$suicha" draw example "$dir/$suite" --population "$dir/population.tsv" --suite "$suite" --rate 300 --until envelope >/dev/null
	done
	if command -v sqlite3 >/dev/null; then
		printf 'CREATE TABLE object (id TEXT, kind TEXT, stratum TEXT, visits INT, region TEXT, scope TEXT, salt TEXT);\n.mode tabs\n.import %s object\n' \
			"$dir/population.tsv" | sqlite3 "$dir/db"
	fi
	if [ -n "$server" ]; then
		"${pg[@]}" -c 'SET client_min_messages = warning; DROP TABLE IF EXISTS object; CREATE UNLOGGED TABLE object (id text, kind text, stratum text, visits int, region text, scope text, salt text)'
		"${pg[@]}" -c "\\copy object FROM '$dir/population.tsv'"
		"${pg[@]}" -c 'ANALYZE object'
	fi
	for round in 1 2 3; do
		timed sha256 "$suicha" draw list -d "$dir/sha256-ed25519" -o "$dir/drawn.tsv"
		timed shuf shuf -n "$drawn" "$dir/population.tsv" -o "$dir/shuf.tsv"
		timed sm3 "$suicha" draw list -d "$dir/sm3-sm2" -o "$dir/drawn.tsv"
		[ ! -e "$dir/db" ] || timed sqlite sqlite3 "$dir/db" "SELECT id FROM object ORDER BY random() LIMIT $drawn"
		[ -z "$server" ] || timed postgres "${pg[@]}" -At -c "SELECT id FROM object ORDER BY random() LIMIT $drawn"
	done
	timed sort bash -c "sort -R '$dir/population.tsv' | head -n $drawn"
	row "$size"
	rm -rf "$dir"
}

row() {
	local shuf name cells="| $1 "
	shuf=$(median shuf 1)
	for name in sha256 sm3 shuf sqlite postgres sort; do
		if [ -s "$dir/$name.times" ]; then
			cells+=$(awk -v t="$(median $name 1)" -v s="$shuf" 'BEGIN {printf "| %.3f s, %.2f× ", t / 1000, t / s}')
		else
			cells+='| – '
		fi
	done
	echo "$cells| $(median sha256 2 | awk '{printf "%d MB", $1 / 1024}') |"
}

echo "$(date -u +%FT%TZ), $(nproc) processors, $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo), load before: $(cut -d' ' -f1-3 /proc/loadavg)"
postgres
echo '| objects | suicha SHA-256 | suicha SM3 | shuf -n | SQLite | PostgreSQL | sort -R, head | memory, SHA-256 |'
echo '|---|---|---|---|---|---|---|---|'
for size in "${sizes[@]}"; do
	measure "$size"
done
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
