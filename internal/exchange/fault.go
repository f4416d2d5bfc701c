package exchange

import "fmt"

// A Severity says whether a Fault keeps a row out.
type Severity string

const (
	Error   Severity = "error"   // the row cannot be taken; mend it and bring it again
	Warning Severity = "warning" // the row can be taken, but somebody should look
)

// A Fault is one thing that is wrong, or strange, in a file: where it is, and
// one Chinese sentence that says what to do.
type Fault struct {
	Line     int      `json:"line"`   // as Excel shows it; 0 is the whole file
	Letter   string   `json:"letter"` // of the column; empty for the whole row
	Heading  string   `json:"heading"`
	Severity Severity `json:"severity"`
	Code     string   `json:"code"` // stable, for programs
	Text     string   `json:"text"`
}

// Place says where the fault is, as people look for it: 第12行C列（企业名称）.
func (f Fault) Place() string {
	place := ""
	if f.Line > 0 {
		place = fmt.Sprintf("第%d行", f.Line)
	}
	if f.Letter != "" {
		place += f.Letter + "列"
	}
	if f.Heading != "" {
		place += "（" + f.Heading + "）"
	}
	if place == "" {
		return "整个文件"
	}
	return place
}

// A finding is a fault without its place, which the caller knows.
type finding struct {
	severity Severity
	code     string
	text     string
}

func wrong(code, text string, args ...any) finding {
	if len(args) > 0 {
		text = fmt.Sprintf(text, args...)
	}
	return finding{Error, code, text}
}

func strange(code, text string, args ...any) finding {
	f := wrong(code, text, args...)
	f.severity = Warning
	return f
}

func (f finding) at(line int, letter, heading string) Fault {
	return Fault{line, letter, heading, f.severity, f.code, f.text}
}

// shown is a text as a sentence quotes it: printable and not too long.
func shown(text string) string {
	const most = 30
	short := []rune(text)
	if len(short) > most {
		short = append(short[:most], '…')
	}
	for i, r := range short {
		if invisible(r) || r < ' ' {
			short[i] = '�'
		}
	}
	return string(short)
}
