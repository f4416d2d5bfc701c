package inspect

import (
	"strings"
	"testing"
)

// FuzzReadRefusals reads what people type or paste: each row has a number of its own and
// a reason, or the whole is refused with a sentence.
func FuzzReadRefusals(f *testing.F) {
	for _, text := range []string{
		"12 统一社会信用代码不存在", "12\t企业已迁出\r\n13，代码不存在\n", " 1,重复\n\n2：超出期限", "1\u3000任务编号为空", "7", "0 无", "12 a\n12 b", "99999999999999999999 大",
		"第 12 条 代码不存在", "\xff\xfe1 a", "１２ 全角数字", "3 ,、：", strings.Repeat("1 a\n", 3), "1\u3000\f0", "",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := ReadRefusals(text)
		if err != nil && len(all) > 0 || err == nil && (len(all) == 0 || len(all) > DeliveriesMost) {
			t.Fatalf("%d rows and %v", len(all), err)
		}
		seen := map[int64]bool{}
		for _, r := range all {
			if r.No < 1 || seen[r.No] || r.Reason == "" || strings.Contains(r.Reason, "\n") || strings.TrimSpace(r.Reason) != r.Reason {
				t.Errorf("%+v of %q", r, text)
			}
			seen[r.No] = true
		}
	})
}
