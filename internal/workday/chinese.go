package workday

import (
	"fmt"
	"time"
)

var weekdays = [...]string{"日", "一", "二", "三", "四", "五", "六"}

// WeekdayName returns the short name of a weekday, as 周二.
func WeekdayName(w time.Weekday) string {
	if w < time.Sunday || w > time.Saturday {
		return ""
	}
	return "周" + weekdays[w]
}

// WeekdayFullName returns the full name of a weekday, as 星期二, which
// official documents use.
func WeekdayFullName(w time.Weekday) string {
	if w < time.Sunday || w > time.Saturday {
		return ""
	}
	return "星期" + weekdays[w]
}

// Short returns d for lists and buttons, as 11月24日（周二）.
func (d Date) Short() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d月%d日（%s）", d.Month(), d.Day(), WeekdayName(d.Weekday()))
}

// Long returns d for documents, as 2026年11月24日.
func (d Date) Long() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day())
}

// Full returns d with its year and weekday, as 2026年11月24日（周二）.
func (d Date) Full() string {
	if d.IsZero() {
		return ""
	}
	return d.Long() + "（" + WeekdayName(d.Weekday()) + "）"
}
