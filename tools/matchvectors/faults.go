package main

import (
	"errors"
	"log"
	"strings"

	"suicha/internal/match"
)

// A broken vector is a set of files with one fault, and where it is reported.
type broken struct {
	Name        string `json:"name"`
	Inspectors  string `json:"inspectors"`
	Eligibility string `json:"eligibility"`
	Demands     string `json:"demands"`
	Avoidance   string `json:"avoidance"`
	File        string `json:"file"`
	Line        int    `json:"line"`
	Text        string `json:"text"`
}

var sound = broken{
	Inspectors:  "a1\td1\t370601\tfood,leader\t2\t9\na2\td1\t370602\t-\t0\t-\nb1\td2\t370601\t-\t1\t-\n",
	Eligibility: "g1\td1\t-\t3\t370601;3706\ng2\td2\t-\t0\t370601,370602\n",
	Demands:     "o1\td1\t1\tg1\t2\tlead\no1\td2\t1\tg2\t1\tjoin\no2\td1\t1\tg1\t2\tlead\n",
	Avoidance:   "o1\ta1\t亲属\no2\ta2\t轮换\n",
}

// faults makes one fault after another in sound files: of the text old in one
// of the files, new takes the place.
func faults() []broken {
	var list []broken
	for _, f := range []struct{ name, file, old, new string }{
		{"no last newline", "i", "1\t-\n", "1\t-"},
		{"carriage return", "i", "2\t9\n", "2\t9\r\n"},
		{"byte order mark", "i", "a1", "\ufeffa1"},
		{"missing column", "i", "\t2\t9", "\t2"},
		{"empty line", "i", "a2\t", "\na2\t"},
		{"space in an id", "i", "a2", "a 2"},
		{"colon in an id", "i", "a2", "a:2"},
		{"empty id", "i", "a2\t", "\t"},

		{"duplicate inspector", "i", "a2\t", "a1\t"},
		{"inspectors out of order", "i", "a2\t", "c2\t"},
		{"leading zero", "i", "\t0\t-", "\t00\t-"},
		{"negative load", "i", "\t0\t-", "\t-1\t-"},
		{"load too great", "i", "\t0\t-", "\t1000001\t-"},
		{"cap of no number", "i", "\t9", "\tx"},
		{"qualifications out of order", "i", "food,leader", "leader,food"},
		{"empty qualification", "i", "food,leader", "food,"},
		{"empty stage", "e", "370601;3706", "370601;"},
		{"regions twice", "e", "370601,370602", "370601,370601"},
		{"least missing", "e", "\t3\t", "\t\t"},
		{"unknown group", "d", "g1\t2\tlead\no1", "g9\t2\tlead\no1"},
		{"group of another department", "d", "d2\t1\tg2", "d2\t1\tg1"},
		{"line zero", "d", "d2\t1\t", "d2\t0\t"},
		{"line ten", "d", "d2\t1\t", "d2\t10\t"},
		{"need zero", "d", "g2\t1", "g2\t0"},
		{"need a hundred", "d", "g2\t1", "g2\t100"},
		{"role unknown", "d", "join", "JOIN"},
		{"two leads", "d", "join", "lead"},
		{"no lead", "d", "lead\no1", "join\no1"},
		{"team of one", "d", "o2\td1\t1\tg1\t2", "o2\td1\t1\tg1\t1"},
		{"lines disagree about the lead", "d", "o2\td1\t1\tg1\t2\tlead\n", "o2\td1\t1\tg1\t2\tlead\no2\td1\t2\tg1\t1\tjoin\n"},
		{"demand twice", "d", "o2\td1\t1\tg1\t2\tlead\n", "o2\td1\t1\tg1\t2\tlead\no2\td1\t1\tg1\t1\tlead\n"},
		{"avoidance of an unknown inspector", "a", "o2\ta2", "o2\tz9"},
		{"avoidance twice", "a", "o2\ta2", "o1\ta1"},
		{"avoidance without reason", "a", "\t轮换", "\t-"},
	} {
		b := sound
		b.Name = f.name
		part := map[string]*string{"i": &b.Inspectors, "e": &b.Eligibility, "d": &b.Demands, "a": &b.Avoidance}[f.file]
		if !strings.Contains(*part, f.old) {
			log.Fatalf("%s: nothing to break", f.name)
		}
		*part = strings.Replace(*part, f.old, f.new, 1)
		_, err := match.Parse(match.Files{Inspectors: []byte(b.Inspectors), Eligibility: []byte(b.Eligibility), Demands: []byte(b.Demands), Avoidance: []byte(b.Avoidance)})
		var fault *match.FileError
		if !errors.As(err, &fault) {
			log.Fatalf("%s: %v", f.name, err)
		}
		b.File, b.Line, b.Text = fault.File, fault.Line, fault.Text
		list = append(list, b)
	}
	return list
}
