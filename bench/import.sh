#!/usr/bin/env bash
# Measures imports of objects against a bare insert of the same rows by the
# database's driver, in one run, on SQLite and PostgreSQL.
#
#   bench/import.sh                   a full sheet of Excel, and a million rows of csv
#   bench/import.sh csv 10000000      a format and a number of rows
#
# check, compare, write and bare are seconds on the clock; with -cpu-s, of the processor.
# ratio is bare ÷ write: 0.6 and more is what is asked for. compare is the check of the
# same file against a library that has all of it. All files are temporary.
set -euo pipefail
cd "$(dirname "$0")/.."

measure() {
	echo "== $1, $2 rows, load $(cut -d' ' -f1-3 /proc/loadavg)"
	SUICHA_BENCH_FORMAT=$1 SUICHA_BENCH_ROWS=$2 go test ./internal/job -run '^$' -bench '^BenchmarkImport$' -benchtime 1x -timeout 4h |
		awk '/^Benchmark/ { print $1; for (i = 3; i < NF; i += 2) printf "  %-16s %10.2f\n", $(i + 1), $i }'
}

if [ $# -eq 2 ]; then
	measure "$1" "$2"
else
	measure xlsx 1048575
	measure csv 1000000
fi
