package uscc

import (
	"errors"
	"fmt"
	"strings"
)

// ErrPrefix is the error of a beginning that no code can have.
var ErrPrefix = errors.New("uscc: not the beginning of a code")

// checkCharacter computes the 18th character: GB 32100-2015, appendix. The
// weights are the powers of 3 modulo 31.
func checkCharacter(prefix17 string) byte {
	sum, weight := 0, 1
	for i := range len(prefix17) {
		sum += strings.IndexByte(alphabet, prefix17[i]) * weight
		weight = weight * 3 % 31
	}
	return alphabet[(31-sum%31)%31]
}

// orgCheck computes the ninth character of an organisation code: GB 11714.
func orgCheck(prefix8 string) byte {
	sum := 0
	for i, weight := range []int{3, 7, 9, 10, 5, 8, 4, 2} {
		sum += strings.IndexByte(orgAlphabet, prefix8[i]) * weight
	}
	switch check := 11 - sum%11; check {
	case 10:
		return 'X'
	case 11:
		return '0'
	default:
		return byte('0' + check)
	}
}

// registrationCheck computes the 15th digit of a registration number: ISO 7064,
// modulus 11, 10.
func registrationCheck(prefix14 string) byte {
	product := 10
	for i := range len(prefix14) {
		sum := (product + int(prefix14[i]-'0')) % 10
		if sum == 0 {
			sum = 10
		}
		product = sum * 2 % 11
	}
	return byte('0' + (11-product)%10)
}

// Make returns the code that begins with prefix: 17 characters of a credit
// code, 16 of one whose organisation code still lacks its check character, or
// 14 digits of a registration number. It fails with ErrPrefix.
func Make(prefix string) (Code, error) {
	if len(prefix) == 14 && digits(prefix) {
		return Code(prefix + string(registrationCheck(prefix))), nil
	}
	valid := strings.Trim(prefix, alphabet) == ""
	if valid && len(prefix) == 16 {
		prefix += string(orgCheck(prefix[8:]))
	}
	if !valid || len(prefix) != 17 || !digits(prefix[2:8]) {
		return "", fmt.Errorf("%w: %.20q", ErrPrefix, prefix)
	}
	return Code(prefix + string(checkCharacter(prefix))), nil
}

// Synthetic returns the n-th invented code for a body of the kind and place
// that the eight characters of head name, as 91370687 for an enterprise of
// Haiyang. Its organisation code begins with YY, which is not known to have
// been given out. Different n give different codes, up to 31⁶.
func Synthetic(head string, n int) (Code, error) {
	if len(head) != 8 || n < 0 || n >= 31*31*31*31*31*31 {
		return "", fmt.Errorf("%w: %.20q with number %d", ErrPrefix, head, n)
	}
	number := make([]byte, 6)
	for i := len(number) - 1; i >= 0; i-- {
		number[i] = alphabet[n%31]
		n /= 31
	}
	return Make(head + "YY" + string(number))
}
