package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// verifyGuards checks that every guard is in place and in force, as this program
// makes it, and that there is no other trigger: INV-25.
func verifyGuards(ctx context.Context, q queryer, d dialect) error {
	type made struct{ name, text string }
	have, err := list(ctx, q, func(s scanner) (g made, err error) { return g, s.Scan(&g.name, &g.text) }, d.made)
	if err != nil {
		return fmt.Errorf("read the guards: %w", err)
	}
	texts := map[string]string{}
	for _, g := range have {
		texts[g.name] = g.text
	}
	want := d.wanted()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got, ok := texts[name]; !ok || got != want[name] {
			return Fault{"guard", name, "it is missing, out of force or not this program's"}
		}
		delete(texts, name)
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		return Fault{"guard", name, "this program does not know it"}
	}
	return nil
}

// sqliteWanted is the text of every guard by its name.
func sqliteWanted() map[string]string {
	want := map[string]string{}
	for _, s := range sqliteGuards() {
		if rest, ok := strings.CutPrefix(s, "CREATE TRIGGER "); ok {
			name, _, _ := strings.Cut(rest, " ")
			want[name] = s
		}
	}
	return want
}

// postgresWanted is the body of every guard's function by the definition of its
// trigger, as PostgreSQL tells them.
func postgresWanted() map[string]string {
	bodies, want := map[string]string{}, map[string]string{}
	for _, s := range postgresGuards() {
		if rest, ok := strings.CutPrefix(s, "CREATE OR REPLACE FUNCTION "); ok {
			name, _, _ := strings.Cut(rest, " ")
			_, body, _ := strings.Cut(rest, "$$")
			bodies[name] = strings.TrimSuffix(body, "$$")
		}
	}
	for _, s := range postgresGuards() {
		if rest, ok := strings.CutPrefix(s, "CREATE OR REPLACE TRIGGER "); ok {
			want["CREATE TRIGGER "+rest] = bodies[rest[strings.LastIndex(rest, " ")+1:]]
		}
	}
	return want
}
