package office

import "suicha/internal/web"

// A plainAct ("acts", which shows a list of them) is a form with a button and
// nothing to fill in.
type plainAct struct {
	Form   web.Form
	Button string
	Ask    string // asked before sending; empty sends at once
	Main   bool
}

// An answerForm ("answer") is a leader's decision: two buttons over an opinion each.
type answerForm struct {
	Title           string
	Yes, No         web.Form
	YesText         string // empty offers No only
	NoText, NoLabel string
	Why             string // why this reader cannot approve; they can still return
}
