// Package config is everything a running Suicha can be told: one struct, each
// field documented, filled from flags, the environment and a JSON file, in this
// order of strength.
package config

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"suicha/internal/inspect"
)

// Server is the configuration of suicha serve. The tags are package kong's.
type Server struct {
	Listen   string   `env:"SUICHA_LISTEN" default:"127.0.0.1:8370" help:"监听地址。"`
	Origin   string   `env:"SUICHA_ORIGIN" default:"http://localhost:8370" help:"用户访问本站的地址，例如 https://suicha.example.gov.cn。"`
	Hosts    []string `env:"SUICHA_HOSTS" help:"本站应答的其他主机名；不列的一律拒绝。"`
	Database string   `env:"SUICHA_DATABASE" help:"SQLite 文件路径，或者 postgres:// 地址；不填即数据目录中的 suicha.db。"`
	Data     string   `env:"SUICHA_DATA" default:"data" help:"数据目录：密钥与 SQLite 数据库。"`
	Region   string   `env:"SUICHA_REGION" default:"370687" help:"行政区划代码（GB/T 2260）。"`
	Site     string   `env:"SUICHA_SITE" default:"双随机抽查公开平台" help:"公开网站的名称。"`
	Sponsor  string   `env:"SUICHA_SPONSOR" help:"页脚中的主办单位。"`
	Address  string   `env:"SUICHA_ADDRESS" help:"页脚中的办公地点。"`
	Phone    string   `env:"SUICHA_PHONE" help:"页脚中的咨询电话。"`
	LogName  string   `env:"SUICHA_LOG_NAME" help:"存证日志的名称，定下后不能更改；不填即由访问地址得出。"`
	Policy   string   `env:"SUICHA_POLICY" help:"见证策略文件：见证机构的公钥、地址和最少见证数。"`
	Proxies  []string `env:"SUICHA_PROXIES" default:"127.0.0.1,::1" help:"可信的反向代理（IP 地址或网段）：只采信它们的 X-Forwarded-For。"`
	Reads    int      `env:"SUICHA_READS" default:"20" help:"未登录时，同一网络地址每秒可以读取的公开页面和接口数；0 为不限。"`
	Filing   string   `env:"SUICHA_FILING_DUE" default:"01-20" help:"各部门报送年度计划的期限，月-日。"`
	Repair   int      `env:"SUICHA_REPAIR_MONTHS" default:"3" help:"检查结果公示满多少个月后可以申请信用修复。"`
	Recusal  int      `env:"SUICHA_RECUSAL_DAYS" default:"2" help:"收到回避申请后多少个工作日内作出决定，0 至 10，0 为当日。"`
	Public   int      `env:"SUICHA_PUBLIC_MONTHS" default:"36" help:"对检查对象不利的检查结果公示多少个月，期满后不再公示；0 为一直公示。"`
	Publish  string   `env:"SUICHA_PUBLICATION_DUE" default:"02-29" help:"公布联合抽查年度计划的期限，月-日；02-29 即二月最后一天。"`
}

// DatabaseURL is where the record is.
func (s Server) DatabaseURL() string {
	if s.Database == "" {
		return filepath.Join(s.Data, "suicha.db")
	}
	return s.Database
}

// OriginURL is the site's address, or what is wrong with it.
func (s Server) OriginURL() (*url.URL, error) {
	u, err := url.Parse(s.Origin)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.Trim(u.Path, "/") != "" ||
		u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, fmt.Errorf("SUICHA_ORIGIN %q 应为本站地址，例如 https://suicha.example.gov.cn", s.Origin)
	}
	return u, nil
}

// Log is the name of the transparency log.
func (s Server) Log() (string, error) {
	u, err := s.OriginURL()
	if err != nil {
		return "", err
	}
	if s.LogName != "" {
		return s.LogName, nil
	}
	return u.Host + "/log", nil
}

// Deadlines are the yearly dates: C6.
func (s Server) Deadlines() (inspect.Deadlines, error) {
	filing, err1 := monthDay(s.Filing)
	publication, err2 := monthDay(s.Publish)
	if s.Repair < 0 || s.Public < 0 || s.Repair > 600 || s.Public > 600 {
		err1 = errors.Join(err1, errors.New("SUICHA_REPAIR_MONTHS、SUICHA_PUBLIC_MONTHS 应当是 0 至 600"))
	}
	if s.Recusal < 0 || s.Recusal > 10 {
		err1 = errors.Join(err1, errors.New("SUICHA_RECUSAL_DAYS 应当是 0 至 10"))
	}
	return inspect.Deadlines{Filing: filing, Publication: publication, RepairMonths: s.Repair, PublicMonths: s.Public, RecusalDays: s.Recusal}, errors.Join(err1, err2)
}

func monthDay(text string) (inspect.MonthDay, error) {
	at, err := time.Parse("2006-01-02", "2024-"+text) // a leap year has every day
	if err != nil {
		return inspect.MonthDay{}, fmt.Errorf("%q 不是 月-日 形式的日期，例如 01-20", text)
	}
	return inspect.MonthDay{Month: int(at.Month()), Day: at.Day()}, nil
}
