package api_test

import (
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// appeals asks for every act of appeals about a published result that people make; the
// platform takes in what comes by the public form: R102.
func appeals(c *client, v *rig.Visited, done, grave func(token, verb string, command any)) {
	c.Helper()
	tokens := map[inspect.PostID]string{}
	goes := func(id inspect.AppealID, verbs ...inspect.Verb) {
		c.Helper()
		for _, verb := range verbs {
			for _, a := range v.AppealActs(id) {
				if a.Does.Verb() != verb {
					continue
				}
				if tokens[a.Who.Post.ID] == "" {
					tokens[a.Who.Post.ID] = c.token(a.Who)
				}
				if !verb.Grave() {
					done(tokens[a.Who.Post.ID], string(verb), a.Does)
					continue
				}
				grave(tokens[a.Who.Post.ID], string(verb), a.Does)
				if verb == inspect.AppealRefuse {
					c.Done(a.Who, a.Does)
				}
			}
		}
	}
	done(c.token(v.Li), "appeal.enter", v.EnterAppeal(inspect.AppealReply))
	id := v.Appealed(inspect.AppealObjection)
	goes(id, inspect.AppealAsk, inspect.AppealSupply, inspect.AppealAccept, inspect.AppealGrant, inspect.AppealRepair, inspect.AppealRefuse, inspect.AppealErase)
	goes(v.Appealed(inspect.AppealObjection), inspect.AppealReject)
	goes(v.Appealed(inspect.AppealObjection), inspect.AppealWithdraw)
}
