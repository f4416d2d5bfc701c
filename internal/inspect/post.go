package inspect

import (
	"slices"

	"suicha/internal/workday"
)

// A PostKind (岗位) is what a person does for an organisation.
type PostKind string

// The posts.
const (
	Clerk         PostKind = "clerk"          // 经办人
	Leader        PostKind = "leader"         // 分管负责人
	Principal     PostKind = "principal"      // 主要负责人: R119
	Liaison       PostKind = "liaison"        // 联络员: R134
	InspectorPost PostKind = "inspector"      // 执法检查人员
	Convener      PostKind = "convener"       // 召集人: R117
	Supervisor    PostKind = "supervisor"     // 执法监督: 行政执法监督条例; R139
	SystemAdmin   PostKind = "system_admin"   // 系统管理员
	SecurityAdmin PostKind = "security_admin" // 安全管理员
	AuditAdmin    PostKind = "audit_admin"    // 审计管理员
	ConsolePost   PostKind = "console"        // the server's console, once
	SystemPost    PostKind = "system"         // the platform itself, between two acts of persons
)

// PostKinds lists the posts that can be granted, in the order of the form.
var PostKinds = []PostKind{
	Clerk, Leader, Principal, Liaison, InspectorPost, Convener, Supervisor, SystemAdmin, SecurityAdmin, AuditAdmin,
}

// Text is the post's Chinese name.
func (k PostKind) Text() string {
	return map[PostKind]string{
		Clerk: "经办人", Leader: "分管负责人", Principal: "主要负责人", Liaison: "联络员", InspectorPost: "执法检查人员",
		Convener: "召集人", Supervisor: "执法监督员", SystemAdmin: "系统管理员", SecurityAdmin: "安全管理员",
		AuditAdmin: "审计管理员", ConsolePost: "服务器控制台", SystemPost: "平台",
	}[k]
}

// Class is the group of posts that one person may hold together: "business" for
// all work posts, and one class for each of the three administrators, who are
// three different persons and do no business (三员分立, 等保 2.0 三级).
func (k PostKind) Class() string {
	switch k {
	case SystemAdmin, SecurityAdmin, AuditAdmin, ConsolePost, SystemPost:
		return string(k)
	}
	return "business"
}

// A Post (任职) is held by a person in an organisation from one day until
// another.
type Post struct {
	ID      PostID
	Version int64
	Person  PersonID
	Org     OrgID
	Kind    PostKind
	From    workday.Date
	Until   workday.Date // first day no longer held; zero while open
	Ended   bool         // ended by an act, which also frees the person for another class
}

// Held reports whether the post is held on day.
func (p Post) Held(day workday.Date) bool {
	return !day.Before(p.From) && (p.Until.IsZero() || day.Before(p.Until))
}

// NewPost grants a post. Others are all posts the person has ever held.
//
// Nobody grants a post to themselves, and the three administrators stay apart
// from each other and from business: trust in them rests on that.
func NewPost(p Post, by PersonID, others []Post) (Post, error) {
	switch {
	case !ValidID(p.ID):
		return p, ErrIdent.At("id")
	case !slices.Contains(PostKinds, p.Kind):
		return p, ErrChoice.With("岗位").At("kind")
	case p.Person == by:
		return p, ErrOwnPost
	case !p.Until.IsZero() && p.Until.Before(p.From):
		return p, ErrPostDates
	}
	for _, other := range others {
		if other.Ended {
			continue
		}
		if other.Kind.Class() != p.Kind.Class() {
			return p, ErrAdminApart
		}
		if other.Org == p.Org && other.Kind == p.Kind {
			return p, ErrPostHeld.With(p.Kind.Text())
		}
	}
	return p, nil
}

// End ends the post on day; one that has not begun yet is then never held.
// Securities is how many other security administrators remain: without one,
// nobody could grant anything any more.
func (p Post) End(by PersonID, day workday.Date, securities int) (Post, error) {
	switch {
	case p.Person == by:
		return p, ErrOwnPost
	case p.Ended:
		return p, ErrStep.With(PostEnd.Text())
	case p.Kind == SecurityAdmin && securities == 0:
		return p, ErrLastSecurity
	}
	if day.Before(p.From) {
		day = p.From
	}
	p.Until, p.Ended = day, true
	return p, nil
}
