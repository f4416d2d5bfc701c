package act

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/seal"
	"suicha/internal/store"
)

// A vault is what seals and opens the rows about the teams of a sealed run.
type vault struct {
	key       seal.Key
	organiser inspect.OrgID
	room      int // of a team
}

// vault opens that of a run for the act under way.
func (t *tx) vault(ctx context.Context, batch inspect.BatchID, run int) (v vault, err error) {
	name := keyName(batch, run)
	if v, ok := t.vaults[name]; ok {
		return v, nil
	}
	if v.key, err = t.runKey(ctx, batch, run); err != nil {
		return v, err
	}
	b, err := t.Batch(ctx, batch)
	if err != nil {
		return v, err
	}
	tasks, err := t.tasks(ctx, b.Tasks)
	if err != nil {
		return v, err
	}
	v.organiser, v.room = b.Org, inspect.TeamRoom(tasks)
	if t.vaults == nil {
		t.vaults = map[string]vault{}
	}
	t.vaults[name] = v
	return v, nil
}

// teams reads teams, those of sealed lists opened: the act is on record. A member sees
// nothing of those that are not dispatched.
func (t *tx) teams(ctx context.Context, f store.TeamFilter) (teams []inspect.Team, err error) {
	all, err := t.Teams(ctx, f)
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		if x.Sealed {
			if f.Inspector != 0 && x.State != inspect.TeamDispatched {
				continue
			}
			v, err := t.vault(ctx, x.Batch, x.Run)
			if err == nil {
				x, err = openTeam(v.key, x)
			}
			if err != nil {
				return nil, err
			}
		}
		if f.Inspector == 0 || x.Has(f.Inspector) {
			teams = append(teams, x)
		}
	}
	return teams, nil
}

// openTeam decrypts a closed team.
func openTeam(key seal.Key, x inspect.Team) (inspect.Team, error) {
	text, err := teamText(key, x)
	if err != nil {
		return x, err
	}
	return x.Reveal(text)
}

// teamText is what a closed team conceals.
func teamText(key seal.Key, x inspect.Team) (string, error) {
	text, err := key.Open(teamPurpose(x.ID), x.Closed)
	if err != nil {
		return "", fmt.Errorf("open the team %s: %w", x.ID, err)
	}
	return text, nil
}

func teamPurpose(id inspect.TeamID) string   { return "team " + string(id) }
func substPurpose(id inspect.SubstID) string { return "subst " + string(id) }

// putTeams stores teams, those of a sealed list encrypted.
func (t *tx) putTeams(ctx context.Context, id string, version int64, teams []inspect.Team) (store.RowsImage, error) {
	teams = slices.Clone(teams)
	for i, x := range teams {
		if !x.Sealed {
			continue
		}
		v, err := t.vault(ctx, x.Batch, x.Run)
		if err != nil {
			return store.RowsImage{}, err
		}
		text, err := x.Conceal(v.room)
		if err != nil {
			return store.RowsImage{}, err
		}
		teams[i] = x.Shut(v.key.Seal(teamPurpose(x.ID), text), v.organiser)
	}
	return t.PutTeams(ctx, id, version, teams)
}

// openSubst decrypts a substitution, if it is closed.
func (t *tx) openSubst(ctx context.Context, s inspect.Subst) (inspect.Subst, error) {
	if s.Closed == "" {
		return s, nil
	}
	v, err := t.vault(ctx, s.Batch, s.Run)
	if err != nil {
		return s, err
	}
	text, err := v.key.Open(substPurpose(s.ID), s.Closed)
	if err != nil {
		return s, fmt.Errorf("open the substitution %s: %w", s.ID, err)
	}
	return s.Reveal(text)
}

// shutSubst is a substitution as it is stored: in a sealed list, encrypted.
func (t *tx) shutSubst(ctx context.Context, hidden bool, s inspect.Subst) (inspect.Subst, error) {
	if !hidden {
		return s, nil
	}
	v, err := t.vault(ctx, s.Batch, s.Run)
	if err != nil {
		return s, err
	}
	text, err := s.Conceal()
	return s.Shut(v.key.Seal(substPurpose(s.ID), text)), err
}

// lineRoom is how long a line of substitutions.tsv is at most.
const lineRoom = 1024

// linePurpose is what the n-th substitution of a sealed list is sealed for.
func linePurpose(n int) string { return inspect.SubstFile + " " + strconv.Itoa(n) }

// addSubstitution stores the last line of substitutions.tsv; in a sealed list,
// encrypted, in the file beside it.
func (t *tx) addSubstitution(ctx context.Context, b inspect.Batch, after []byte) error {
	name, line := draw.SubstitutionsFile, string(after[bytes.LastIndexByte(after[:len(after)-1], '\n')+1:])
	if b.Hidden() {
		v, err := t.vault(ctx, b.ID, b.Run)
		if err != nil {
			return err
		}
		line += strings.Repeat(" ", max(0, lineRoom-len(line)))
		name, line = inspect.SubstFile, v.key.Seal(linePurpose(bytes.Count(after, []byte("\n"))), line)+"\n"
	}
	f, err := t.AddSubstitution(ctx, b, name, line)
	if err == nil {
		t.later = append(t.later, image{"batch_file", f.ID, f.Version, f})
	}
	return err
}

// sealedSubstitutions is substitutions.tsv of a sealed list, decrypted.
func (t *tx) sealedSubstitutions(ctx context.Context, b inspect.Batch) (text []byte, err error) {
	kept, err := t.Files(ctx, b.ID, b.Run, inspect.SubstFile)
	if err != nil || len(kept) == 0 {
		return nil, err
	}
	v, err := t.vault(ctx, b.ID, b.Run)
	if err != nil {
		return nil, err
	}
	n := 0
	for part := range strings.Lines(string(kept[inspect.SubstFile])) {
		n++
		line, err := v.key.Open(linePurpose(n), strings.TrimSuffix(part, "\n"))
		if err != nil {
			return nil, fmt.Errorf("open line %d of %s of %s: %w", n, inspect.SubstFile, b.Number, err)
		}
		text = append(text, strings.TrimRight(line, " ")...)
	}
	return text, nil
}

// clearTeams stores what was kept of teams and substitutions in clear, on the day of
// the list. Was is the batch before.
func (t *tx) clearTeams(ctx context.Context, was inspect.Batch, teams []inspect.Team) error {
	teams = slices.Clone(teams)
	for i := range teams {
		teams[i].Sealed = false
	}
	if err := t.formTeams(ctx, was, teams); err != nil {
		return err
	}
	all, err := t.Substs(ctx, was.ID)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s, err = t.openSubst(ctx, s); err != nil {
			return err
		}
		if err := t.PutSubst(ctx, s.State, s); err != nil {
			return err
		}
		s.Version++
		t.later = append(t.later, image{"subst", string(s.ID), s.Version, s})
	}
	text, err := t.sealedSubstitutions(ctx, was)
	if err != nil {
		return err
	}
	now := was
	now.DisclosedAt = t.now
	end := 0
	for line := range strings.Lines(string(text)) {
		end += len(line)
		if err := t.addSubstitution(ctx, now, text[:end]); err != nil {
			return err
		}
	}
	return t.clearReplacements(ctx, was, now)
}

// A veil is a command about the teams of a sealed list, as the record keeps it: what
// somebody sent can tell who was drawn.
type veil struct {
	Batch inspect.BatchID `json:"batch"`
	Run   int             `json:"run"`
	Text  string          `json:"veil"`
}

// veilRoom is the least length of a command that is kept encrypted.
const veilRoom = 2048

// hide has the command of the act under way kept encrypted.
func (t *tx) hide(b inspect.Batch) { t.veil = &veil{Batch: b.ID, Run: b.Run} }

// written is the command as the record keeps it.
func (t *tx) written(ctx context.Context, request string, command []byte) ([]byte, error) {
	if t.veil == nil {
		return command, nil
	}
	v, err := t.vault(ctx, t.veil.Batch, t.veil.Run)
	if err != nil {
		return nil, err
	}
	room := veilRoom
	for room < len(command) {
		room *= 2
	}
	t.veil.Text = v.key.Seal("command "+request, string(command)+strings.Repeat(" ", room-len(command)))
	return json.Marshal(t.veil)
}

// commandOf is the command that an entry's body holds, decrypted if it is veiled.
func commandOf(ctx context.Context, w *store.Tx, keys seal.Ring, request string, kept []byte) ([]byte, error) {
	var c veil
	if err := json.Unmarshal(kept, &c); err != nil || c.Text == "" {
		return kept, nil // an open command, of whatever form
	}
	key, err := runKey(ctx, w, keys, c.Batch, c.Run)
	if err != nil {
		return nil, err
	}
	text, err := key.Open("command "+request, c.Text)
	return []byte(strings.TrimRight(text, " ")), err
}

// opened is the scene for an act that tells of single teams.
func (t *tx) opened(ctx context.Context, batch inspect.BatchID) (inspect.TeamScene, error) {
	s, err := t.scene(ctx, batch)
	if err == nil {
		err = t.reading(ctx, s)
	}
	return s, err
}

// reading fails unless who acts on the teams of a sealed list may be shown them, and
// has a reading on record: INV-05.
func (t *tx) reading(ctx context.Context, s inspect.TeamScene) error {
	if !s.Batch.Hidden() {
		return nil
	}
	if err := s.Reads(t.by.Org.ID); err != nil {
		return err
	}
	all, err := t.Readings(ctx, s.Batch)
	if err == nil && !slices.ContainsFunc(all, func(r inspect.Reading) bool { return r.Serves(t.by.Person, t.now) }) {
		err = inspect.ErrBatchReading
	}
	return err
}

// ReadTeams shows the teams of a sealed list, and their substitutions, to somebody who
// may see them and whose reading is on record. It changes nothing.
func (d *Desk) ReadTeams(ctx context.Context, by inspect.Actor, batch inspect.BatchID) (teams []inspect.Team, substs []inspect.Subst, err error) {
	err = d.writer.Write(ctx, func(w *store.Tx) error {
		t := &tx{Tx: w, by: by, now: d.now(), verb: inspect.TeamRead, keys: d.keys}
		s, err := t.opened(ctx, batch)
		if err != nil {
			return err
		}
		all, err := t.teams(ctx, store.TeamFilter{Batch: batch})
		if err != nil {
			return err
		}
		teams = s.Sees(by, all)
		if substs, err = t.Substs(ctx, batch); err != nil {
			return err
		}
		for i, x := range substs {
			if substs[i], err = t.openSubst(ctx, x); err != nil {
				return err
			}
		}
		substs = slices.DeleteFunc(substs, func(x inspect.Subst) bool {
			return !slices.ContainsFunc(teams, func(team inspect.Team) bool { return team.ID == x.Team })
		})
		return nil
	})
	return teams, substs, err
}

// MyTeams opens those of some teams that are sealed, dispatched, and the inspector's
// own, and leaves the other sealed ones out. It is for pages of that inspector.
func (d *Desk) MyTeams(ctx context.Context, me inspect.InspectorNo, teams []inspect.Team) (mine []inspect.Team, err error) {
	for _, x := range teams {
		if !x.Sealed {
			mine = append(mine, x)
			continue
		}
		if x.State != inspect.TeamDispatched {
			continue
		}
		key, err := d.RunKey(ctx, x.Batch, x.Run)
		if err != nil {
			return nil, err
		}
		text, err := teamText(key, x)
		if err != nil {
			return nil, err
		}
		if !x.Mentions(text, me) { // most are somebody else's
			continue
		}
		if x, err = x.Reveal(text); err != nil {
			return nil, err
		}
		if _, in := x.Member(me); in {
			mine = append(mine, x)
		}
	}
	return mine, nil
}
