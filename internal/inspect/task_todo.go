package inspect

import "slices"

// A TaskTodo is one thing that a task asks of somebody, until its first day.
type TaskTodo struct {
	Verb    Verb
	Task    Task
	Library Library // of ConfirmSign
	Note    string  // why it waits, or what comes next
}

// TaskTodos lists what the tasks ask of who, the first day first. States is how the
// confirmations of who's department stand, of the tasks that ask for them.
func TaskTodos(who Actor, tasks []Task, states map[TaskID][]LibraryState) []TaskTodo {
	var todos []TaskTodo
	for _, t := range tasks {
		todos = append(todos, t.todos(who, states[t.ID])...)
	}
	slices.SortStableFunc(todos, func(a, b TaskTodo) int { return a.Task.From.Compare(b.Task.From) })
	return todos
}

// Confirms reports whether the task asks its departments to confirm their libraries:
// R36.
func (t Task) Confirms() bool { return slices.Contains(t.Verbs(), ConfirmSign) }

func (t Task) todos(who Actor, states []LibraryState) []TaskTodo {
	may := who.Among(t.Verbs(), t.Relations(who.Org)...)
	own := who.Person == t.DraftedBy || who.Person == t.SubmittedBy // INV-09
	part, _ := t.Part(who.Org.ID)
	var todos []TaskTodo
	add := func(verb Verb, when bool, note string) {
		if when && slices.Contains(may, verb) {
			todos = append(todos, TaskTodo{Verb: verb, Task: t, Note: note})
		}
	}
	note := "填写完整后报审"
	if t.Opinion != "" {
		note = "已退回：" + t.Opinion
	}
	add(TaskSubmit, true, note)
	add(TaskAgree, !own && part.AgreedBy == "", "各部门同意后由发起部门负责人批准")
	add(TaskApprove, !own && len(t.Waiting()) == 0, "批准后报联席会议办公室备案")
	add(TaskFile, true, "备案后确认名录库、列入批次抽取")
	for _, s := range states {
		if s.Org != who.Org.ID || s.Current() || !slices.Contains(may, ConfirmSign) {
			continue
		}
		note := "抽取前须确认"
		if s.Last.No > 0 {
			note = "确认之后又有变动，须再次确认"
		}
		todos = append(todos, TaskTodo{Verb: ConfirmSign, Task: t, Library: s.Library, Note: note})
	}
	return todos
}
