package api

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
)

func codesOf(err error) []string {
	var codes []string
	if err != nil {
		for _, p := range problemsOf(err) {
			codes = append(codes, p.Code+" "+p.Field)
		}
	}
	return codes
}

// A body is one object of the fields there are, each once and of its type:
// anything else is refused at its field, and nothing is guessed.
func TestBodiesAreStrict(t *testing.T) {
	many := `{"months":[` + strings.Repeat(`"1",`, 5000) + `"1"]}`
	for _, test := range []struct{ body, want string }{
		{``, "json "},
		{`null`, "type "},
		{`[]`, "type "},
		{`"x"`, "type "},
		{`{`, "json "},
		{`{}{}`, "json "},
		{`{} x`, "json "},
		{`{"plan":}`, "json "},
		{`{"plan":"a",}`, "json "},
		{`{plan:"a"}`, "json "},
		{`{'plan':"a"}`, "json "},
		{`{"plan":"a" /* */}`, "json "},
		{"\ufeff{}", "json "},
		{"{\"plan\":\"\xff\"}", "encoding "},
		{`{"plan":"\ud800"}`, "control plan"},
		{`{"plan":"a\u0000"}`, "control plan"},
		{`{"name":"a\u001b"}`, "control name"},
		{`{"plan":null}`, "type plan"},
		{`{"plan":1}`, "type plan"},
		{`{"plan":{}}`, "type plan"},
		{`{"Plan":"a"}`, "unknown_field Plan"},
		{`{"plan":"a","zzz":1}`, "unknown_field zzz"},
		{`{"verb":"plan.submit"}`, "unknown_field verb"},
		{`{"plan":"a","plan":"a"}`, "twice plan"},
		{`{"plan":"a","pl\u0061n":"b"}`, "twice plan"},
		{`{"seen":"1"}`, "type seen"},
		{`{"seen":1.0}`, "type seen"},
		{`{"seen":1e3}`, "type seen"},
		{`{"seen":-0}`, "type seen"},
		{`{"seen":9223372036854775808}`, "type seen"},
		{`{"seen":true}`, "type seen"},
		{`{"months":"1"}`, "type months"},
		{`{"months":[1]}`, "type months"},
		{`{"months":[["1"]]}`, "type months"},
		{`{"months":[null,null]}`, "type months"},
		{`{"months":{"0":"1"}}`, "type months"},
		{many, "too_many months"},
		{`{"x":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, "depth "},
		{strings.Repeat("[", 100_000), "depth "},
	} {
		err := decode([]byte(test.body), &act.PutLine{})
		if got := strings.Join(codesOf(err), ", "); got != test.want {
			t.Errorf("%.60q: got %s, want %s", test.body, got, test.want)
		}
		if err != nil && !errors.As(err, new(malformed)) {
			t.Errorf("%.60q: not malformed: %v", test.body, err)
		}
	}
}

// All faulty fields come together.
func TestAllFaultsTogether(t *testing.T) {
	err := decode([]byte(`{"plan":1,"seen":"x","zzz":[],"months":[1],"no":1,"no":2}`), &act.PutLine{})
	want := []string{"type plan", "type seen", "unknown_field zzz", "type months", "twice no"}
	if got := codesOf(err); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if err := decode([]byte(`{`+strings.Repeat(`"x":1,`, 1000)+`"y":1}`), &act.PutLine{}); len(codesOf(err)) != 100 {
		t.Errorf("%d problems are told", len(codesOf(err)))
	}
}

// What is written arrives as it was written, blanks between or not.
func TestBodiesArrive(t *testing.T) {
	var got act.PutLine
	err := decode([]byte(" {\n \"plan\" : \"a\" , \"seen\":\t12,\"months\" : [ \"1\" , \"2\" ], \"name\":\"\\u9910\\r\\n饮\", \"areas\":[] } \n"), &got)
	want := act.PutLine{Plan: "a", Seen: 12, Months: []string{"1", "2"}, Name: "餐\n饮"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	var post act.GrantPost
	if err := decode([]byte(`{"from":"2026-02-28","until":""}`), &post); err != nil || post.From.String() != "2026-02-28" || !post.Until.IsZero() {
		t.Errorf("got %+v, %v", post, err)
	}
	if got := codesOf(decode([]byte(`{"from":"2026-02-30","until":7}`), &post)); !reflect.DeepEqual(got, []string{"type from", "type until"}) {
		t.Errorf("bad dates: %v", got)
	}
	var answer act.AcceptLine
	if err := decode([]byte(`{"plan":"a","no":1,"seen":2,"note":"x"}`), &answer); err != nil || answer.No != 1 || answer.Note != "x" {
		t.Errorf("an embedded struct: %+v, %v", answer, err)
	}
}

// Every command can be filled, and its example is a body that is taken.
func TestEveryCommandHasAnExample(t *testing.T) {
	for _, zero := range act.Commands() {
		if zero.Verb() == inspect.InstallFound || inspect.ByPlatform(zero.Verb()) {
			continue
		}
		command, ok := act.New(zero.Verb())
		if !ok {
			t.Fatalf("%s is not to be had", zero.Verb())
		}
		example := exampleOf(zero)
		if err := decode(example, command); err != nil {
			t.Errorf("%s: %v in %s", zero.Verb(), err, example)
		}
		for _, m := range membersOf(reflect.TypeOf(zero)) {
			if m.title() == "" {
				t.Errorf("%s: the field %s has no name for people", zero.Verb(), m.name)
			}
			if reflect.ValueOf(command).Elem().FieldByIndex(m.index).Kind() == reflect.Slice && !strings.Contains(string(example), `"`+m.name+`":[`) {
				t.Errorf("%s: the example has no list %s", zero.Verb(), m.name)
			}
		}
	}
}

// FuzzDecode: whatever is taken, package json reads the same, and what is taken
// can be written and is taken again.
func FuzzDecode(f *testing.F) {
	for _, c := range act.Commands() {
		if c.Verb() != inspect.InstallFound && !inspect.ByPlatform(c.Verb()) {
			f.Add([]byte(exampleOf(c)))
		}
	}
	for _, s := range []string{`{"plan":"a","plan":"b"}`, `{"seen":1e3}`, `{"months":[null]}`, "{\"name\":\"\xff\"}", `{"name":"\ud83d\ude00"}`, `{"x":[[[[`, `{}{}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, into := range []act.Command{&act.PutLine{}, &act.GrantPost{}, &act.AcceptLine{}} {
			err := decode(text, into)
			if err != nil {
				if !errors.As(err, new(malformed)) || len(problemsOf(err)) == 0 || len(problemsOf(err)) > 101 {
					t.Fatalf("%q: %v", text, err)
				}
				for _, p := range problemsOf(err) {
					if strings.Contains(p.Error(), "%!") {
						t.Fatalf("%q: %s", text, p.Error())
					}
				}
				continue
			}
			other := reflect.New(reflect.TypeOf(into).Elem()).Interface()
			if _, dated := into.(*act.GrantPost); !dated { // package json knows no empty date
				if err := json.Unmarshal(text, other); err != nil {
					t.Fatalf("%q is taken, and is no JSON: %v", text, err)
				}
			}
			again := reflect.New(reflect.TypeOf(into).Elem()).Interface()
			written, err := json.Marshal(into)
			if err != nil {
				t.Fatal(err)
			}
			if err := decode([]byte(strings.ReplaceAll(string(written), "null", "[]")), again); err == nil && !reflect.DeepEqual(again, into) {
				t.Fatalf("%q reads differently again: %s", text, written)
			}
		}
	})
}
