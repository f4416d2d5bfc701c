package county

import (
	"fmt"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

// delivered is what leaves the house: files for the enterprise credit system, the first
// taken whole and the second but for a row, and a feed that another system fetches: R94.
func (m *maker) delivered() []event {
	admin, office := m.who("zf", inspect.SystemAdmin), m.who("lhb", inspect.Clerk)
	file, feed := id[inspect.TargetID]("target", "gsxt"), id[inspect.TargetID]("target", "credit")
	pack := func() { m.try(office, act.PackDeliveries{Target: file}, inspect.ErrDeliveryNone) }
	return []event{
		{"2026-10-12 08:50", func() {
			m.do(admin, act.AddTarget{ID: file, Kind: inspect.TargetGSXT, Name: "国家企业信用信息公示系统（山东）", Days: 7})
			m.do(admin, act.AddTarget{ID: feed, Kind: inspect.TargetFeed, Name: "烟台市信用信息共享平台", Slug: "credit", Days: 7})
		}},
		{"2026-10-30 16:00", pack},
		{"2026-11-02 09:10", func() {
			m.try(office, act.ReceiptDeliveries{Target: file, Package: 1, Receipt: "GS-20261102-0017"}, inspect.ErrDeliveryNone)
		}},
		{"2026-11-13 16:00", pack},
		{"2026-11-16 09:20", func() {
			sent := m.sent(file)
			if len(sent) < 2 {
				return
			}
			m.do(office, act.RefuseDeliveries{Target: file, Package: 2, Refused: fmt.Sprintf("%d 统一社会信用代码未在对方系统登记", sent[0].No)})
		}},
	}
}

// sent is what was handed over to a target and has no receipt.
func (m *maker) sent(target inspect.TargetID) (all []store.DeliveryRow) {
	if m.err == nil {
		all, m.err = m.db.Deliveries(m.ctx, m.who("lhb", inspect.Clerk).Scope(), store.DeliveryFilter{Target: target, State: inspect.DeliverySent, Most: 100})
	}
	return all
}
