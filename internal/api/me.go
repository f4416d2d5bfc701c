package api

import "suicha/internal/inspect"

// A me is who acts with the token, and what is open to it.
type me struct {
	Person personRef `json:"person" label:"人员"`
	Post   postRef   `json:"post" label:"岗位"`
	Org    orgRef    `json:"org" label:"单位"`
	Region string    `json:"region" label:"行政区划代码"`
	Token  tokenRef  `json:"token" label:"本令牌"`
	Verbs  []power   `json:"verbs" label:"岗位可以办理和查看的事项"`
}

// A personRef names a person.
type personRef struct {
	ID   inspect.PersonID `json:"id" label:"人员 id"`
	Name string           `json:"name" label:"姓名"`
}

// A postRef is the post that the token acts through.
type postRef struct {
	ID       inspect.PostID   `json:"id" label:"任职 id"`
	Kind     inspect.PostKind `json:"kind" label:"岗位"`
	KindText string           `json:"kind_text" label:"岗位（文字）"`
	From     date             `json:"from" label:"任职开始"`
	Until    date             `json:"until,omitempty" label:"任职结束"`
}

// A tokenRef is the token without its secret.
type tokenRef struct {
	ID     string   `json:"id" label:"令牌 id"`
	Name   string   `json:"name" label:"令牌名称"`
	Scopes []string `json:"scopes" label:"权限范围"`
	EndsAt instant  `json:"ends_at" label:"到期时间"`
}

// A power is a verb that the post may do to some things.
type power struct {
	Verb    inspect.Verb `json:"verb" label:"事项"`
	Text    string       `json:"text" label:"事项（文字）"`
	ByToken bool         `json:"by_token" label:"可以用本令牌办理"`
	Grave   bool         `json:"grave" label:"重要操作" hint:"须在网页上再次验证身份后办理"`
}

func (s *server) me(c *call, _ none) (me, error) {
	who, t := c.who(), c.token
	v := me{
		Person: personRef{who.Person, who.Name},
		Post:   postRef{who.Post.ID, who.Post.Kind, who.Post.Kind.Text(), dateOf(who.Post.From), dateOf(who.Post.Until)},
		Org:    orgRef{who.Org.ID, who.Org.Code, who.Org.Name, who.Org.Short},
		Region: who.Org.Region,
		Token:  tokenRef{t.ID, t.Name, t.Scopes, instantOf(t.Ends)},
		Verbs:  []power{},
	}
	acts := map[inspect.Verb]bool{}
	for _, verb := range inspect.Acts() {
		acts[verb] = true
	}
	for _, verb := range inspect.Verbs() {
		if who.May(verb) != nil {
			continue
		}
		open := t.MayRead() == nil
		if acts[verb] {
			open = t.May(verb) == nil
		}
		v.Verbs = append(v.Verbs, power{verb, verb.Text(), open, verb.Grave()})
	}
	return v, nil
}
