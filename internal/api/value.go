package api

import (
	"reflect"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// An instant is a moment as the record writes it; empty is "not yet".
type instant string

func instantOf(at time.Time) instant {
	if at.IsZero() {
		return ""
	}
	return instant(at.UTC().Format("2006-01-02T15:04:05.000Z"))
}

// A date is a day of the civil calendar in China; empty is "none".
type date string

func dateOf(d workday.Date) date {
	if d.IsZero() {
		return ""
	}
	return date(d.String())
}

// each maps a list; the result is never null in JSON.
func each[T, U any](list []T, f func(T) U) []U {
	out := make([]U, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}

// listed is list, never null in JSON.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// ids are the types of ids: lower-case UUIDs.
var ids = map[reflect.Type]bool{
	reflect.TypeFor[inspect.ImportID](): true, reflect.TypeFor[inspect.BatchID](): true, reflect.TypeFor[inspect.TeamID](): true, reflect.TypeFor[inspect.ReadingID](): true, reflect.TypeFor[inspect.SubstID](): true,
	reflect.TypeFor[inspect.PlanID](): true, reflect.TypeFor[inspect.OrgID](): true, reflect.TypeFor[inspect.PersonID](): true,
	reflect.TypeFor[inspect.UpstreamID](): true, reflect.TypeFor[inspect.JointID](): true,
	reflect.TypeFor[inspect.AwayID](): true, reflect.TypeFor[inspect.TieID](): true, reflect.TypeFor[inspect.TrainingID](): true,
	reflect.TypeFor[inspect.TaskID](): true, reflect.TypeFor[inspect.ConfirmationID](): true, reflect.TypeFor[inspect.WaiverID](): true, reflect.TypeFor[inspect.UpstreamKeyID](): true, reflect.TypeFor[inspect.UpstreamPackageID](): true,
	reflect.TypeFor[inspect.PostID](): true, reflect.TypeFor[inspect.ItemID](): true, reflect.TypeFor[inspect.SublibraryID](): true,
}

// choices are the types that have a closed list of values.
var choices = map[reflect.Type][]inspect.Choice{
	reflect.TypeFor[inspect.ImportNoun](): inspect.ImportNouns, reflect.TypeFor[inspect.ImportState](): texts(inspect.ImportLife().States()...),
	reflect.TypeFor[inspect.BatchState](): inspect.BatchStates,
	reflect.TypeFor[inspect.SubstKind]():  inspect.SubstKinds,
	reflect.TypeFor[inspect.TeamState]():  inspect.TeamStates,
	reflect.TypeFor[inspect.PlanKind]():   texts(inspect.PlanKinds...),
	reflect.TypeFor[inspect.PlanState](): texts(inspect.PlanDrafting, inspect.PlanSubmitted, inspect.PlanApproved, inspect.PlanFiled,
		inspect.PlanMerged, inspect.PlanPublished, inspect.PlanReplaced, inspect.PlanDiscarded),
	reflect.TypeFor[inspect.ConsentState](): texts(inspect.ConsentLife().States()...),
	reflect.TypeFor[inspect.OrgKind](): texts(inspect.OrgGovernment, inspect.OrgOffice, inspect.OrgDepartment, inspect.OrgTeam,
		inspect.OrgOversight),
	reflect.TypeFor[inspect.PostKind]():        texts(inspect.PostKinds...),
	reflect.TypeFor[inspect.StaffCategory]():   inspect.AllCategories,
	reflect.TypeFor[inspect.CertificateKind](): inspect.CertificateKinds,
	reflect.TypeFor[inspect.AwayKind]():        inspect.AwayKinds,
	reflect.TypeFor[inspect.TieKind]():         inspect.TieKinds,
	reflect.TypeFor[inspect.Level]():           inspect.Levels,
	reflect.TypeFor[inspect.QuestionType]():    inspect.QuestionTypes,
	reflect.TypeFor[inspect.Category]():        inspect.Categories,
	reflect.TypeFor[inspect.TaskType]():        inspect.TaskTypes,
	reflect.TypeFor[inspect.Method]():          inspect.Methods,
	reflect.TypeFor[inspect.DrawMode]():        inspect.DrawModes,
	reflect.TypeFor[inspect.TaskState]():       inspect.TaskStates,
	reflect.TypeFor[inspect.TaskSource]():      inspect.TaskSources,
	reflect.TypeFor[inspect.Library]():         inspect.Libraries,

	reflect.TypeFor[inspect.ObjectKind]():   inspect.ObjectKinds,
	reflect.TypeFor[inspect.ObjectStatus](): append(texts(inspect.ObjectVanished, inspect.ObjectWithdrawn, inspect.ObjectMerged), inspect.ObjectStatuses...),
	reflect.TypeFor[inspect.FlagKind]():     inspect.FlagKinds,
	reflect.TypeFor[inspect.MemberState]():  inspect.MemberStates,
	reflect.TypeFor[inspect.Draws]():        inspect.DrawsChoices,
	reflect.TypeFor[inspect.Where]():        inspect.Wheres,
	reflect.TypeFor[inspect.Age]():          inspect.Ages,
	reflect.TypeFor[inspect.Expiry]():       inspect.Expiries,
}

// choicesOf returns the values of a field, by its type, or by its name where the
// type is plain text.
func choicesOf(t reflect.Type, name string) ([]inspect.Choice, bool) {
	if name == "targeted" {
		return inspect.Targeting, true
	}
	list, ok := choices[t]
	return list, ok
}

func texts[T interface {
	~string
	Text() string
}](values ...T) []inspect.Choice {
	return each(values, func(v T) inspect.Choice { return inspect.Choice{Value: string(v), Text: v.Text()} })
}
