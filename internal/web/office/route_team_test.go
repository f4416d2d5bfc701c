package office_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R64, R69, INV-05: every page of teams, substitutions and lists from above, by every
// post of every organisation, before and after the dispatch. To those who may not see a
// team there is no page of it; nor is there one in the number of a team that is not.
func TestEveryTeamRouteByEveryPost(t *testing.T) {
	t.Parallel()
	o := rig.Open(t, rig.SQLite(t))
	r := o.BatchDrawn()
	pack := rig.ID[inspect.UpstreamPackageID](o.Name() + "list")
	o.Done(o.Clerk("李科长", "scjg"), act.ReceiveUpstream{ID: pack, Package: o.Superior("烟台市市场监督管理局").Registered().Package("p12", rig.Region, "SITE-scjg-1\t-")})
	var readers []*asker
	for _, org := range []string{"scjg", "gaj", "wjw", "lhb", "zf", "sfj"} {
		for _, kind := range []inspect.PostKind{inspect.Clerk, inspect.Leader, inspect.Principal, inspect.Supervisor, inspect.InspectorPost, inspect.AuditAdmin} {
			if org == "scjg" || kind != inspect.InspectorPost && kind != inspect.AuditAdmin {
				readers = append(readers, asks(o, o.Someone(string(kind)+org, kind, org)))
			}
		}
	}
	guest := asks(o, inspect.Actor{})
	check := func() {
		t.Helper()
		x := r.Teams()[0]
		scene := inspect.TeamScene{Batch: r.Stands(), Tasks: []inspect.Task{o.Task(x.Tasks[0])}}
		scene.Dispatch, _ = o.Store.DB.Dispatch(o.Context(), inspect.Scope{}, r.ID) // none before it
		for _, route := range guest.routes {
			noun, _, _ := strings.Cut(string(route.Verb), ".")
			if !slices.Contains([]string{"team", "subst", "upstream"}, noun) || route.Verb == inspect.UpstreamPut {
				continue
			}
			id := string(r.ID)
			if noun == "upstream" {
				id = string(pack)
			}
			_, path, _ := strings.Cut(strings.NewReplacer("{id}", id, "{no}", "1").Replace(route.Pattern), " ")
			row := routeRow{pattern: route.Pattern, path: path, form: url.Values{"ground": {"closed"}}}
			if code := guest.sendsRow(row).Code; code != http.StatusSeeOther && code != http.StatusUnauthorized {
				t.Errorf("%s by a guest: %d", route.Pattern, code)
			}
			for _, who := range readers {
				want := teamRoute(who.who, route.Verb, strings.Contains(route.Pattern, "{"), scene, x)
				got := who.sendsRow(row).Code
				if got != want {
					t.Errorf("%s by %s of %s, team %s: %d, want %d", route.Pattern, who.who.Post.Kind, who.who.Org.Code, x.State, got, want)
				}
				if want != 404 || !strings.Contains(route.Pattern, "{no}") {
					continue
				}
				page := who.page
				row := row
				row.path = strings.Replace(path, "/teams/1", "/teams/99", 1)
				who.sendsRow(row)
				if sameBut.ReplaceAllString(who.page, "") != sameBut.ReplaceAllString(strings.ReplaceAll(page, "/teams/1", "/teams/99"), "") {
					t.Errorf("%s by %s of %s: the answer tells that there is one", route.Pattern, who.who.Post.Kind, who.who.Org.Code)
				}
			}
		}
	}
	check()
	r.Dispatch()
	check()
}

// teamRoute is what somebody is answered; one says that the route is about one thing.
func teamRoute(who inspect.Actor, verb inspect.Verb, one bool, scene inspect.TeamScene, x inspect.Team) int {
	upstream := strings.HasPrefix(string(verb), "upstream.")
	sees := who.MayTo(inspect.TeamRead, scene.BatchRelations(who.Org)...) == nil
	switch {
	case who.May(verb) != nil:
		return 403
	case verb == inspect.UpstreamReceive:
		return 422 // without the file
	case upstream && one && who.Scope().Reach == inspect.ReachPublic:
		return 404
	case upstream || !one:
		return 200
	case !sees:
		return 404
	case verb != inspect.SubstAsk:
		return 200
	case who.MayTo(verb, scene.Relations(who.Org, x)...) != nil:
		return 403
	}
	return 422 // without the file
}
