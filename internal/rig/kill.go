package rig

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

// victimArg is the first argument that makes a test program a victim: it acts as
// fast as it can and tells of every receipt, until it is killed.
const victimArg = "rig-act-until-killed"

func init() {
	if len(os.Args) != 4 || os.Args[1] != victimArg {
		return
	}
	report := os.NewFile(3, "report")
	syscall.CloseOnExec(3)
	err := actUntilKilled(os.Args[2], os.Args[3], report)
	fmt.Fprintf(os.Stderr, "the victim ended by itself: %v\n", err)
	os.Exit(1)
}

// An Ack is a receipt that a victim had in hand and told about.
type Ack struct {
	N    int64
	Code string
}

// Kill starts a program that acts on the database at url as fast as it can, kills
// it with SIGKILL when it has told of acks receipts, and returns all that it had
// told of by then. Round makes its request ids its own.
func Kill(t testing.TB, url string, round, acks int) []Ack {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	cmd := exec.Command(program, victimArg, url, fmt.Sprint(round))
	cmd.ExtraFiles = []*os.File{write}
	var complaint strings.Builder
	cmd.Stderr = &complaint
	err = cmd.Start()
	write.Close()
	if err != nil {
		t.Fatal(err)
	}
	var got []Ack
	lines := bufio.NewReader(read)
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			break // a line cut short was not told
		}
		if err != nil {
			t.Fatal(err)
		}
		var a Ack
		if _, err := fmt.Sscanf(line, "%d %s\n", &a.N, &a.Code); err != nil {
			t.Fatalf("the victim says %q", line)
		}
		got = append(got, a)
		if len(got) == acks {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the victim was not killed: %v: %s", err, complaint.String())
	}
	return got
}

// actUntilKilled acts in three departments at once, and extends the log beside
// them. It returns only if something fails.
func actUntilKilled(url, round string, report io.Writer) error {
	s, err := store.Open(context.Background(), url)
	if err != nil {
		return err
	}
	signer, _, err := LogKey()
	if err != nil {
		return err
	}
	desk := act.NewDesk(s.Writer, time.Now, inspect.Regulation)
	var mu sync.Mutex
	failed := make(chan error, 4)
	for _, code := range []string{"scjg", "gaj", "wjw"} {
		who := victim(code)
		go func() {
			failed <- actOn(desk, who, code+round, func(r act.Receipt) error {
				mu.Lock()
				defer mu.Unlock()
				_, err := fmt.Fprintf(report, "%d %s\n", r.N, r.Code)
				return err
			})
		}()
	}
	go func() {
		for {
			if _, err := s.Log.Extend(context.Background(), time.Now(), signer.Sign); err != nil {
				failed <- err
				return
			}
		}
	}()
	return <-failed
}

// victim is the clerk whom Victims has given a post.
func victim(code string) inspect.Actor {
	name := "突然断电" + code
	key := name + string(inspect.Clerk) + code
	return inspect.Actor{Person: ID[inspect.PersonID]("person " + name), Name: name, Org: orgOf(code),
		Post: inspect.Post{ID: ID[inspect.PostID]("post " + key), Person: ID[inspect.PersonID]("person " + name), Kind: inspect.Clerk, Org: Org(code)}}
}

// Victims gives posts to those who act until they are killed.
func (o *Office) Victims() {
	for _, code := range []string{"scjg", "gaj", "wjw"} {
		o.Clerk("突然断电"+code, code)
	}
}

// DiscardVictims throws away the drafts that a kill left behind, so that the next
// victim can draft again.
func (o *Office) DiscardVictims() {
	o.Helper()
	for _, code := range []string{"scjg", "gaj", "wjw"} {
		who := o.Clerk("突然断电"+code, code)
		drafts, err := o.Store.DB.Plans(context.Background(), who.Scope(), store.PlanFilter{Org: who.Org.ID, State: inspect.PlanDrafting})
		if err != nil {
			o.Fatal(err)
		}
		for _, p := range drafts {
			o.Done(who, act.DiscardPlan{Plan: p.ID, Seen: p.Version})
		}
	}
}

// actOn lists items, drafts a plan with a task of them and throws it away, again
// and again: acts of one row and of many.
func actOn(desk *act.Desk, who inspect.Actor, name string, done func(act.Receipt) error) error {
	for i := 0; ; i++ {
		id := func(what string) string { return ID[string](fmt.Sprint(what, name, " ", i)) }
		plan, item := inspect.PlanID(id("plan ")), inspect.ItemID(id("item "))
		for j, c := range []act.Command{
			act.ListItem{Item: item, Code: strings.ToUpper(id("code ")[:8]), Name: "事项", Field: "餐饮服务", Category: inspect.KeyItem,
				Basis: "《食品安全法》", Content: "经营许可", Methods: []inspect.Method{"onsite"}},
			act.DraftPlan{Plan: plan, Kind: inspect.PlanOwn, Year: time.Now().Year() + 1},
			act.PutLine{Plan: plan, Seen: 1, Name: "餐饮服务抽查", Field: "餐饮服务", Lead: who.Org.ID, Items: []inspect.ItemID{item},
				Scope: "餐饮服务单位", Pool: 400, Ratio: "5%", Frequency: 1, Months: []string{"6"},
				Type: "comprehensive", Targeted: "untargeted", Methods: []inspect.Method{"onsite"}, Mode: "county"},
			act.DiscardPlan{Plan: plan, Seen: 2},
		} {
			receipt, err := desk.Do(context.Background(), id(fmt.Sprint("request ", j)), who, c)
			if err == nil {
				err = done(receipt)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", c.Verb(), err)
			}
		}
	}
}
