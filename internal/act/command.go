package act

import (
	"reflect"

	"suicha/internal/inspect"
)

// commands lists every command there is: the forms, the API and the phone's
// outbox all come from it. A command missing here cannot be asked for.
var commands = []Command{
	FoundInstallation{}, SealSecurityLog{},
	FoundOrg{}, RenameOrg{}, MergeOrg{}, AddPerson{}, GrantPost{}, EndPost{},
	ListItem{}, RetireItem{}, AdoptItems{}, KeepItem{}, ApproveKey{}, PutItemLimit{}, PutUpstream{}, PutChecklist{}, PutQuestion{}, DropQuestion{},
	DraftJoint{}, PutJointLine{}, DropJointLine{}, InviteJoint{}, AcceptJoint{}, ProposeJoint{}, DeclineJoint{}, PublishJoint{}, AmendJoint{}, DiscardJoint{},
	PutSublibrary{},
	PutObject{}, WithdrawObject{}, MergeObject{}, PutFlag{}, EndFlag{}, PutLicence{}, EndLicence{},
	PutFlags{}, EndFlags{}, EndLicences{}, ReviveLicences{}, TakeOutside{}, BringInside{},
	AddMembers{}, ConfirmMembers{}, RemoveMembers{}, SetMemberRule{}, ProposeMembers{},
	PutInspector{}, EndInspector{}, CertifyInspector{}, PutAway{}, DropAway{}, PutTie{}, DropTie{}, PutTraining{}, PutWorkforce{},
	UploadImport{}, CheckImport{}, RefuseImport{}, CancelImport{}, ConfirmImport{}, SecondImport{}, ApplyImport{}, ReverseImport{}, UndoImport{},
	DraftBatch{}, PutBatch{}, DiscardBatch{}, AnnounceBatch{}, LockBatch{}, CommitBatch{}, RevealBatch{}, TypeEvent{}, ConfirmEvent{}, UnsealBatch{},
	EntrustBatch{}, DrawBatch{}, PeekBatch{}, DiscloseBatch{}, VoidBatch{}, AnnulBatch{},
	DispatchBatch{}, ReceiveBatch{}, ScheduleTeams{}, AcknowledgeTeams{},
	AskSubst{}, GrantSubst{}, RefuseSubst{}, WithdrawSubst{}, ReceiveRecusal{}, EraseRecusal{},
	PrecheckVisit{}, NotifyVisit{}, BeginVisit{}, FillVisit{}, MeasureVisit{}, HelpVisit{}, AttachVisit{}, SetVisitAside{}, ConcludeVisit{}, ReopenVisit{}, SignParty{}, SignVisit{},
	DraftPlan{}, PutLine{}, DropLine{}, SubmitPlan{}, RecallPlan{}, ReturnPlan{}, ApprovePlan{}, RatifyPlan{},
	FilePlan{}, AmendPlan{}, PublishPlan{}, DiscardPlan{},
	InvitePlan{}, AcceptLine{}, ProposeLine{}, DeclineLine{}, MergePlans{}, SendBackPlan{}, UrgeOrg{},
	DraftTask{}, PutTask{}, ScopeTask{}, SubmitTask{}, AgreeTask{}, DeclineTask{}, RecallTask{}, ReturnTask{}, ApproveTask{}, FileTask{}, CancelTask{}, DiscardTask{},
	SignConfirm{}, PutCap{}, AskWaiver{}, GrantWaiver{}, RefuseWaiver{}, WithdrawWaiver{},
	PutResult{}, SubmitResult{}, ReturnResult{}, ApproveResult{}, PublishResult{}, DraftCorrection{}, SignCorrection{}, DropCorrection{},
	ReceiveFeedback{}, PassFeedback{}, AnswerFeedback{}, EraseFeedback{},
	MendFollowUp{}, PassFollowUp{}, FailFollowUp{}, EscalateFollowUp{}, SendFollowUp{}, AcceptFollowUp{}, ReturnFollowUp{}, AnswerFollowUp{}, CloseFollowUp{},
	ReportFollowUp{}, ApproveFollowUp{}, RefuseFollowUp{}, HandFollowUp{}, ReceiptFollowUp{}, FileFollowUp{}, UnfileFollowUp{}, ObjectFollowUp{}, ArticlesFollowUp{},
	AddTarget{}, PutTarget{}, EndTarget{},
	OpenDeliveries{}, PackDeliveries{}, SendDelivery{}, FailDelivery{}, ReceiptDeliveries{}, RefuseDeliveries{}, RetryDeliveries{}, AbandonDelivery{}, CheckDeliveries{},
	ReceiveAppeal{}, EnterAppeal{}, AskAppeal{}, SupplyAppeal{}, AcceptAppeal{}, RejectAppeal{}, GrantAppeal{}, RefuseAppeal{}, RepairAppeal{}, WithdrawAppeal{}, EraseAppeal{}, AddAppeal{}, RetractAppeal{},
	ExpireResult{},
	AddUpstreamKey{}, ConfirmUpstreamKey{}, EndUpstreamKey{}, ReceiveUpstream{},
}

// Commands returns the zero value of every command.
func Commands() []Command { return append([]Command(nil), commands...) }

// New returns a pointer to the zero command of verb, for a decoder to fill. The
// founding of the installation is not among them: it is the console's. Nor is what
// the platform does by itself.
func New(verb inspect.Verb) (Command, bool) {
	for _, c := range commands {
		if c.Verb() == verb && verb != inspect.InstallFound && !inspect.ByPlatform(verb) {
			return reflect.New(reflect.TypeOf(c)).Interface().(Command), true
		}
	}
	return nil, false
}
