package office

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var setupPage = web.NewPage[setupView](files, "setup.html")

type setupFields struct {
	Token       string `json:"token" label:"初始化口令牌" hint:"在服务器上运行 suicha user token 得到，一小时内有效，只能使用一次。"`
	Government  string `json:"government" label:"人民政府全称" hint:"例如：海阳市人民政府。"`
	GovShort    string `json:"government_short" label:"人民政府简称" hint:"例如：市政府。"`
	Office      string `json:"office" label:"联席会议办公室全称" hint:"例如：海阳市“双随机、一公开”监管工作联席会议办公室。"`
	OfficeShort string `json:"office_short" label:"联席会议办公室简称" hint:"例如：联席办。"`
	Person      string `json:"person" label:"您的姓名"`
	Name        string `json:"name" label:"登录名" hint:"2 到 40 个汉字、字母或者数字。"`
	New         string `json:"new_password" label:"口令" hint:"至少 8 个字符，可以是一句话。"`
	Again       string `json:"again" label:"再输入一次口令"`
}

type setupView struct {
	Form  web.Form
	Place string
}

// setup founds the installation: the government, the conference office and the
// first security administrator, who lets all others in.
func (e *Entrance) setup(w http.ResponseWriter, r *http.Request) error {
	return setupPage.Show(w, r, setupView{
		Place: e.Place,
		Form:  web.FormTo(r, "/setup", &setupFields{Token: r.URL.Query().Get("token")}),
	})
}

func (e *Entrance) postSetup(w http.ResponseWriter, r *http.Request) error {
	var in setupFields
	err := read(r, &in)
	var ticket auth.Ticket
	if err == nil {
		ticket, err = e.found(r, in)
	}
	if err != nil {
		if r, err = back(r, err); err != nil {
			return err
		}
		return e.setup(w, r)
	}
	return e.admit(w, r, ticket, "/office/accounts")
}

// foundingID is an id that is the same in each attempt: a founding that broke off
// after its act is taken up where it stopped.
func foundingID(region, what string) string {
	sum := sha256.Sum256([]byte("suicha founding " + region + " " + what))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // a version 8 UUID
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// check asks of the names what the act will ask, at the fields of this form.
func (in setupFields) check() error {
	var ps inspect.Problems
	inspect.Line(&ps, "government", "人民政府全称", in.Government, 40)
	inspect.Line(&ps, "government_short", "人民政府简称", in.GovShort, 12)
	inspect.Line(&ps, "office", "联席会议办公室全称", in.Office, 40)
	inspect.Line(&ps, "office_short", "联席会议办公室简称", in.OfficeShort, 12)
	inspect.Line(&ps, "person", "您的姓名", in.Person, 30)
	if in.New != in.Again {
		ps = append(ps, inspect.ErrAgain)
	}
	return ps.Err()
}

func (e *Entrance) found(r *http.Request, in setupFields) (auth.Ticket, error) {
	if err := in.check(); err != nil {
		return auth.Ticket{}, err
	}
	if err := e.Gate.MayFound(r.Context(), in.Token, in.Person, in.Name, in.New); err != nil {
		return auth.Ticket{}, err
	}
	id := func(what string) string { return foundingID(e.Region, what) }
	person := inspect.PersonID(id("person"))
	_, err := e.Desk.Do(r.Context(), id("request"), inspect.Console(e.Region), act.FoundInstallation{
		Region:     e.Region,
		Government: act.NewOrg{ID: inspect.OrgID(id("government")), Code: "zf", Name: in.Government, Short: in.GovShort},
		Office:     act.NewOrg{ID: inspect.OrgID(id("office")), Code: "lxb", Name: in.Office, Short: in.OfficeShort},
		Person:     person, Post: inspect.PostID(id("post")), Name: in.Person, Areas: e.Areas,
	})
	// The act is on record from an attempt that broke off before the account was
	// made, perhaps with other names: what is on record counts.
	if err != nil && !errors.Is(err, inspect.ErrFounded) && !errors.Is(err, inspect.ErrReplayed) {
		return auth.Ticket{}, err
	}
	return e.Gate.Found(r.Context(), in.Token, person, in.Name, in.New, e.from(r))
}
