package ceremony

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// The most bytes of a line of the files that list who was drawn, besides the names of
// department and group. In a packed text a TAB and a LF are two bytes each.
const (
	pickRoom   = 144 // of result.tsv and reserve.tsv
	demandRoom = 56
	seatRoom   = 64
	labelRoom  = 48
	packBlock  = 4096
)

// Pack makes one text of the files that list who was drawn, for a sealed run to keep
// encrypted. It is as long as the lists could be at most, by what was fixed at the
// lock, so that its length tells nothing of who was drawn.
func (d *Drawing) Pack(files fs.FS) ([]byte, error) {
	all, err := d.Files()
	if err != nil {
		return nil, err
	}
	listed := map[string]string{}
	for _, f := range all {
		if f.Listed {
			listed[f.Name] = string(f.Text)
		}
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(listed); err != nil {
		return nil, fmt.Errorf("pack the lists: %w", err)
	}
	room, err := d.room(files)
	for err == nil && room < text.Len() { // a name with many quotes, for all we know
		room *= 2
	}
	return append(text.Bytes(), bytes.Repeat([]byte(" "), max(0, room-text.Len()))...), err
}

// Unpack returns the files that Pack was given, by name.
func Unpack(text []byte) (map[string][]byte, error) {
	var listed map[string]string
	if err := json.Unmarshal(text, &listed); err != nil {
		return nil, fmt.Errorf("unpack the lists: %w", err)
	}
	files := map[string][]byte{}
	for name, text := range listed {
		files[name] = []byte(text)
	}
	return files, nil
}

// room is how long the packed lists can be, by the tasks' numbers and needs alone.
func (d *Drawing) room(files fs.FS) (int, error) {
	needs, err := fs.ReadFile(files, match.NeedsFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	inspectors, err := fs.ReadFile(files, match.InspectorsFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	each := map[string]int{} // of one drawn object, by task
	for line := range strings.Lines(string(needs)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 5 {
			return 0, &draw.Fault{File: match.NeedsFile, Text: "行的格式不对"}
		}
		officers, err := strconv.Atoi(f[4])
		if err != nil {
			return 0, &draw.Fault{File: match.NeedsFile, Text: "人数不是数字"}
		}
		each[f[0]] += demandRoom + len(f[2]) + len(f[3]) + officers*(seatRoom+len(f[2]))
	}
	room := packBlock + labelRoom*bytes.Count(inspectors, []byte("\n"))
	for _, c := range d.Ceremony.Result.Cells {
		room += int(c.Drawn)*(pickRoom+each[c.Task]) + int(c.Reserve)*pickRoom
	}
	return (room/packBlock + 1) * packBlock, nil
}
