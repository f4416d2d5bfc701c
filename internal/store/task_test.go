package store_test

// taskAttacks are attacks on the shape of tasks, confirmations, caps and waivers.
var taskAttacks = []attack{
	{"a number of two tasks", `UPDATE task SET number = (SELECT number FROM task WHERE state = 'cancelled'), cseq = @E WHERE state = 'discarded'`},
	{"a task of nothing", `UPDATE task SET org = 'zz', cseq = @E WHERE state = 'discarded'`},
	{"a task of no line", `UPDATE task SET line = 99, cseq = @E WHERE state = 'cancelled'`},
	{"a task outside the plan without ground", `UPDATE task SET ground = '', cseq = @E WHERE state = 'discarded'`}, // R62
	{"no notice and an open list", `UPDATE task SET no_notice = '1', sealed = '0', cseq = @E WHERE state = 'discarded'`},
	{"one officer", `UPDATE task SET officers = 1, cseq = @E WHERE state = 'discarded'`},                                // C9
	{"a task approved by its drafter", `UPDATE task SET approved_by = drafted_by, cseq = @E WHERE state = 'cancelled'`}, // INV-09
	{"a task that nobody handed in", `UPDATE task SET submitted_by = '', submitted_at = '', cseq = @E WHERE state = 'cancelled'`},
	{"a task approved at no time", `UPDATE task SET approved_at = '', cseq = @E WHERE state = 'cancelled'`},
	{"a task that ends before it begins", `UPDATE task SET until_day = '2000-01-01', cseq = @E WHERE state = 'cancelled'`}, // R65
	{"a filing without number", `UPDATE task SET filing_no = '', cseq = @E WHERE state = 'cancelled'`},                     // R16
	{"a task cancelled without reason", `UPDATE task SET cancel_note = '', cseq = @E WHERE state = 'cancelled'`},
	{"a cancelled task in a batch", `UPDATE task SET batch = 'x', cseq = @E WHERE state = 'cancelled'`},
	{"a filing of two tasks", `UPDATE task SET filed_by = 'y', filed_at = 'y', filing_no = (SELECT filing_no FROM task WHERE state = 'cancelled'), cseq = @E WHERE state = 'discarded'`},
	{"an item of no task", `INSERT INTO task_item SELECT 'zz', item, kind, version, org, @E FROM task_item LIMIT 1`},
	{"an item in a version that never was", `INSERT INTO task_item SELECT @GONE, item, kind, 99, org, @E FROM task_item LIMIT 1`}, // INV-29
	{"an item of nothing", `INSERT INTO task_item SELECT @GONE, item, kind, version, 'zz', @E FROM task_item LIMIT 1`},
	{"a checklist for an item", `INSERT INTO task_item SELECT @GONE, id, kind, version, @ORG(gaj), @E FROM history WHERE kind = 'checklist' AND version = 1`},
	{"a confirmation's number twice", `INSERT INTO confirmation SELECT 'zz', 1, task, org, library, no, row_count, hash, oldest, upto, since, added, changed, removed, statement, by_whom, at, @E FROM confirmation LIMIT 1`},
	{"a confirmation of no task", `INSERT INTO confirmation SELECT 'zz', 1, 'zz', org, library, no, row_count, hash, oldest, upto, since, added, changed, removed, statement, by_whom, at, @E FROM confirmation LIMIT 1`},
	{"a confirmation of nothing", `INSERT INTO confirmation SELECT 'zz', 1, task, 'zz', library, no, row_count, hash, oldest, upto, since, added, changed, removed, statement, by_whom, at, @E FROM confirmation LIMIT 1`},
	{"a confirmation of no rows", `INSERT INTO confirmation SELECT 'zz', 1, task, org, library, 7, 0, hash, oldest, upto, since, added, changed, removed, statement, by_whom, at, @E FROM confirmation LIMIT 1`}, // R36
	{"a cap of nothing", `UPDATE body_cap SET org = 'zz', cseq = @E`},
	{"a cap of no visits", `UPDATE body_cap SET most = 0, cseq = @E`},
	{"a waiver of nothing", `UPDATE waiver SET org = 'zz', cseq = @E WHERE state = 'withdrawn'`},
	{"a waiver for no object", `UPDATE waiver SET object = 999, cseq = @E WHERE state = 'withdrawn'`},
	{"a waiver granted by its asker", `UPDATE waiver SET decided_by = asked_by, cseq = @E WHERE state = 'granted'`}, // INV-09
	{"a waiver granted without opinion", `UPDATE waiver SET opinion = '', cseq = @E WHERE state = 'granted'`},
	{"a waiver without ground", `UPDATE waiver SET ground = '', cseq = @E WHERE state = 'withdrawn'`}, // R53
	{"two waivers of an object and year", `INSERT INTO waiver SELECT 'zz', 1, region, org, object, year, kind, ground, 'asked', asked_by, asked_at, '', '', '', @E FROM waiver WHERE state = 'granted'`},
}
