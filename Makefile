# The commands of Suicha. `make` alone lists them.
.PHONY: help demo test test-quick assets bench golden

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

demo: assets ## start Suicha with a demonstration county on this machine
	go build -o bin/suicha ./cmd/suicha
	bin/suicha demo

test: ## run every check; installs PostgreSQL and Chromium if they are missing
	@./check full

test-quick: ## run the checks of the daily loop, in 90 seconds
	@./check quick

assets: ## fetch and bundle what browsers load, if something changed
	@go run ./tools/assets

bench: ## measure; the numbers of docs/design/benchmarks.md
	bench/draw.sh
	go test -run '^$$' -bench 'ReadPool|Rank' -benchtime 3x ./internal/draw
	go test -run '^$$' -bench Province -benchtime 3x -cpu 2 ./internal/match

golden: ## rewrite the golden files, to be read before they are committed
	@./check golden
