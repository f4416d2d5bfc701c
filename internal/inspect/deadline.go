package inspect

import (
	"time"

	"suicha/internal/workday"
)

// A MonthDay is a day of every year.
type MonthDay struct{ Month, Day int }

// Deadlines are the yearly dates of a city, and its terms of publication and of recusals. They are configuration, because
// practice differs: the regulation says 20 January and February, provincial
// practice since 2025 the end of March for filings with the justice bureau: C6.
type Deadlines struct {
	Filing      MonthDay // departments report their plans: R44
	Publication MonthDay // the joint plan is out: R45; {2, 29} is the last day of February

	RepairMonths int // how long a result is public before its repair can be applied for: C19
	PublicMonths int // how long one that speaks against its object is public; 0 is without end: C19
	RecusalDays  int // working days to decide on an application for recusal: C19
}

// Regulation holds the dates of 海政办发〔2020〕2号 二(四), and the usual terms of
// publication.
var Regulation = Deadlines{Filing: MonthDay{1, 20}, Publication: MonthDay{2, 29}, RepairMonths: 3, PublicMonths: 36, RecusalDays: 2}

func (d Deadlines) filing(year int) workday.Date      { return d.Filing.in(year) }
func (d Deadlines) publication(year int) workday.Date { return d.Publication.in(year) }

// FilingDue is the last day for departments' plans of year.
func (d Deadlines) FilingDue(year int) workday.Date { return d.filing(year) }

// PublicationDue is the last day for publishing the joint plan of year.
func (d Deadlines) PublicationDue(year int) workday.Date { return d.publication(year) }

// in returns the day in year; a day past the month's end is its last day.
func (m MonthDay) in(year int) workday.Date {
	day, err := workday.New(year, time.Month(m.Month), m.Day)
	for last := m.Day; err != nil && last > 28; last-- {
		day, err = workday.New(year, time.Month(m.Month), last-1)
	}
	return day
}
