package api_test

import (
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// followUps asks for every act of what follows from a published result: R97, R98, R99.
func followUps(c *client, v *rig.Visited, done, grave func(token, verb string, command any)) {
	c.Helper()
	tokens := map[inspect.PostID]string{}
	goes := func(v *rig.Visited, kind inspect.FollowKind, verbs ...inspect.Verb) {
		c.Helper()
		for _, verb := range verbs {
			for _, a := range v.FollowUpActs(kind) {
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
				if verb != inspect.FollowUpRefuse {
					c.Done(a.Who, a.Does)
				}
			}
		}
	}
	goes(v, inspect.FollowRectify, inspect.FollowUpMend, inspect.FollowUpFail, inspect.FollowUpPass)
	goes(v, inspect.FollowNotify, inspect.FollowUpSend, inspect.FollowUpReturn, inspect.FollowUpSend, inspect.FollowUpAccept, inspect.FollowUpAnswer, inspect.FollowUpClose)
	goes(v, inspect.FollowCrime, inspect.FollowUpReport, inspect.FollowUpRefuse, inspect.FollowUpApprove, inspect.FollowUpHand, inspect.FollowUpReceipt,
		inspect.FollowUpUnfile, inspect.FollowUpObject, inspect.FollowUpFile, inspect.FollowUpArticles)
	other := c.Visited(v.Crewed(0).Begin().Fill().Conclude().PartySigns().MembersSign()).Enter("rectify").Approve().Publish()
	goes(other, inspect.FollowRectify, inspect.FollowUpEscalate)
}
