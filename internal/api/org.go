package api

import "suicha/internal/inspect"

// The orgs of a region.
type orgs struct {
	Orgs []org `json:"orgs" label:"单位" hint:"已撤并的在后"`
}

// An org is an organisation with its former names: R141.
type org struct {
	ID       inspect.OrgID   `json:"id" label:"单位 id"`
	Version  int64           `json:"version" label:"版本" hint:"办理时填入 seen"`
	Kind     inspect.OrgKind `json:"kind" label:"单位类型"`
	KindText string          `json:"kind_text" label:"单位类型（文字）"`
	Region   string          `json:"region" label:"行政区划代码"`
	Code     string          `json:"code" label:"单位代码"`
	Name     string          `json:"name" label:"单位名称"`
	Short    string          `json:"short" label:"简称"`
	From     date            `json:"from" label:"设立日期"`
	Until    date            `json:"until,omitempty" label:"撤并日期" hint:"自这一天起不再存在"`
	Into     inspect.OrgID   `json:"into,omitempty" label:"承接单位 id"`
	Former   []formerName    `json:"former" label:"曾用名" hint:"早的在前"`
}

// A formerName is a name until a day.
type formerName struct {
	Name  string `json:"name" label:"单位名称"`
	Short string `json:"short" label:"简称"`
	Until date   `json:"until" label:"停用日期"`
}

func (s *server) orgs(c *call, _ none) (orgs, error) {
	all, err := s.DB.Orgs(c.Context(), c.scope(), c.who().Org.Region)
	return orgs{each(all, func(o inspect.Org) org {
		return org{
			ID: o.ID, Version: o.Version, Kind: o.Kind, KindText: o.Kind.Text(), Region: o.Region, Code: o.Code, Name: o.Name,
			Short: o.Short, From: dateOf(o.From), Until: dateOf(o.Until), Into: o.Into,
			Former: each(o.Names, func(n inspect.OrgName) formerName { return formerName{n.Name, n.Short, dateOf(n.Until)} }),
		}
	})}, err
}
