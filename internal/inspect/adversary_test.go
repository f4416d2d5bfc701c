package inspect

import "testing"

// A name that nobody can see, or that looks like another one, is no name.
func TestNoTextIsInvisible(t *testing.T) {
	for _, text := range []string{
		"\u3164", "\u115f", "\uffa0", "\u2800", "\u034f", "王\ufe0f局长", "王\U000e0100局长", "\u180b", "王\u3164局长",
		"\u202e", "王\u200b局长", "\u2066", "\u00ad", "\ue000", "\u2028", "\x00", "\x7f", "\u0085", "\ufeff",
	} {
		var ps Problems
		if Line(&ps, "name", "姓名", text, 30); ps.Err() == nil {
			t.Errorf("%+q is taken for a name", text)
		}
	}
	var ps Problems
	if got := Line(&ps, "name", "姓名", "　𠮷田é·买买提 Ｂ区", 30); ps.Err() != nil || got != "𠮷田é·买买提 Ｂ区" {
		t.Errorf("a rare name: %q, %v", got, ps.Err())
	}
}
