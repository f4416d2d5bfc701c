#!/usr/bin/env bash
# Measures imports and the search, on SQLite and PostgreSQL, and says what was found.
# What the numbers mean: docs/design/benchmarks.md.
#
#   bench/import.sh                        everything: a full sheet of Excel, ten million
#                                          rows of csv, the search over a million
#   bench/import.sh 100000 100000 100000   the same with other numbers of rows
#   bench/import.sh site xlsx 1048575      one part: site xlsx|csv, bare csv|xlsx, find
#   bench/import.sh find 15000000
#
# Asked for, of the site's part: a full sheet in 90 s (total-s), 256 MB (MB-peak), the portal's
# busy-p99-ms below twice idle-p99-ms (p99-ratio); ten million rows of csv in 360 s. Of the part
# bare: ratio of 0.6 and more, which is bare-s ÷ write-s. Of the search: 30 ms over a
# million, 200 ms over fifteen, any page of a list in 50 ms.
#
# It listens on 127.0.0.1 only, leaves no files behind, and ends by itself. Ten million
# rows take 40 GB of the temporary directory for each database, one after the other.
set -euo pipefail
cd "$(dirname "$0")/.."
go run ./tools/assets >/dev/null

# bench NAME PACKAGE PATTERN runs a benchmark once and prints its figures, one in a line.
bench() {
	echo "== $1, $(date -u +%FT%TZ), load $(cut -d' ' -f1-3 /proc/loadavg)"
	go test "$2" -run '^$' -bench "$3" -benchtime 1x -timeout 6h |
		awk '/^Benchmark/ { print $1; for (i = 3; i < NF; i += 2) printf "  %-22s %10.2f\n", $(i + 1), $i }
			/^(FAIL|---|panic)|_test.go:/ { print; failed = 1 }
			END { exit failed }'
}

site() { SUICHA_BENCH_FORMAT=$1 SUICHA_BENCH_ROWS=$2 bench "site, $1, $2 rows" ./cmd/suicha '^BenchmarkSite$'; }
bare() { SUICHA_BENCH_FORMAT=$1 SUICHA_BENCH_ROWS=$2 bench "against a bare insert, $1, $2 rows" ./internal/job '^BenchmarkImport$'; }
find() { SUICHA_FIND_ROWS=$1 bench "search over $1 objects" ./internal/store '^BenchmarkFind$'; }

echo "$(nproc) processors, $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo)"
case "${1:-}" in
site | bare | find)
	"$@"
	;;
*)
	site xlsx "${1:-1048575}"
	site csv "${2:-10000000}"
	bare csv "${3:-1000000}"
	find "${3:-1000000}"
	;;
esac
