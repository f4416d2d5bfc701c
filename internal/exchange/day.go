package exchange

import "time"

// china is the zone in which documents tell the time: China has one, without
// summer time.
var china = time.FixedZone("CST", 8*60*60)

func chinaDay(at *time.Time) string {
	if at == nil {
		return "—"
	}
	return at.In(china).Format(time.DateOnly)
}
