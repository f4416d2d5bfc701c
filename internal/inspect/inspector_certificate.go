package inspect

import (
	"cmp"
	"slices"

	"suicha/internal/workday"
)

// A CertificateKind is whose certificate it is.
type CertificateKind string

// The kinds of certificate.
const (
	ProvinceCertificate CertificateKind = "province"   // 省（行政）执法证
	OwnCertificate      CertificateKind = "department" // 部门执法证
)

// CertificateKinds lists the kinds in the order of the form.
var CertificateKinds = []Choice{{string(ProvinceCertificate), "行政执法证（省统一）"}, {string(OwnCertificate), "部门执法证"}}

// Text is the kind in Chinese.
func (k CertificateKind) Text() string { return ChoiceText(CertificateKinds, string(k)) }

// A Certificate (行政执法证) lets its holder inspect from one day until another,
// both included: C2, 山东省行政执法监督条例 十.
type Certificate struct {
	Kind      CertificateKind
	Number    string
	Authority string
	From      workday.Date // zero: always
	Until     workday.Date
}

// Tidy brings a certificate into its one form, or says what is wrong with it.
func (c Certificate) Tidy() (Certificate, error) {
	var ps Problems
	chosen(&ps, CertificateKinds, "kind", "证件种类", string(c.Kind))
	c.Number = Line(&ps, "number", "证件编号", c.Number, 40)
	c.Authority = short(&ps, "authority", "发证机关", c.Authority, 60)
	switch {
	case identityCard.MatchString(c.Number):
		ps = append(ps, ErrIdentityCard.At("number"))
	case c.Until.IsZero():
		ps = append(ps, ErrEmpty.With("有效期止").At("until"))
	case c.Until.Before(c.From):
		ps = append(ps, ErrDays.With("有效期").At("until"))
	}
	return c, ps.Err()
}

// certificatesMost is how many certificates of a person are kept.
const certificatesMost = 20

// Certify adds a certificate, or with was, the number of one that is there,
// corrects or renews it. Helpers have none: C1.
func (i Inspector) Certify(c Certificate, was string) (Inspector, error) {
	if i.Category.Helper() {
		return i, ErrHelperCertificate
	}
	c, err := c.Tidy()
	if err != nil {
		return i, err
	}
	list := slices.Clone(i.Certificates)
	if was != "" {
		at := slices.IndexFunc(list, func(x Certificate) bool { return x.Number == was })
		if at < 0 {
			return i, ErrMissing
		}
		list = slices.Delete(list, at, at+1)
	}
	if (Inspector{Certificates: list}).Holds(c.Number) {
		return i, ErrCertificateTaken.With(c.Number, i.Name).At("number")
	}
	if len(list) == certificatesMost {
		return i, ErrNotFinite.With(certificatesMost)
	}
	list = append(list, c)
	slices.SortFunc(list, func(a, b Certificate) int { return cmp.Compare(a.Number, b.Number) })
	i.Certificates = list
	return i, nil
}

// Holds reports whether the inspector has a certificate of this number.
func (i Inspector) Holds(number string) bool {
	return slices.ContainsFunc(i.Certificates, func(c Certificate) bool { return c.Number == number })
}

// CertifiedUntil is the last day up to which the inspector holds certificates
// without a gap, beginning with a day on which one is valid. Ok is false if none
// is valid on that day.
func (i Inspector) CertifiedUntil(from workday.Date) (until workday.Date, ok bool) {
	list := slices.Clone(i.Certificates)
	slices.SortFunc(list, func(a, b Certificate) int { return a.From.Compare(b.From) })
	next := from // the first day that is not known to be covered
	for _, c := range list {
		if !next.IsZero() && !c.From.After(next) && !c.Until.Before(next) {
			until, ok, next = c.Until, true, c.Until.AddDays(1) // none after 9999-12-31, which is 长期
		}
	}
	return until, ok
}

// ExpiresWithin reports whether the inspector is certified today and no longer
// so some days from now, and until when.
func (i Inspector) ExpiresWithin(today workday.Date, days int) (until workday.Date, soon bool) {
	until, ok := i.CertifiedUntil(today)
	return until, ok && i.Ended.IsZero() && until.Before(today.AddDays(days))
}

// ExpiryWarning is how many days before its end a certificate is called to mind.
const ExpiryWarning = 90
