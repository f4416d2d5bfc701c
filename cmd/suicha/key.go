package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
	"suicha/internal/seal"
)

// A keyring is the secrets of one installation, kept as files of the data
// directory that only its owner can read.
type keyring struct {
	signer *ledger.Signer
	vkeys  []string // public keys of the log: Ed25519, SM2
	pepper []byte
	lists  seal.Ring // of sealed lists
}

// openKeys reads the keys of the log called name and the pepper of passwords,
// and makes those of a new installation. Fresh says that the record has no
// signed checkpoint yet: with one, a missing key is never made anew, because a
// log that changes its key is another log. Unsealed says that the record has no sealed
// list yet, so that the key of lists may be made.
func openKeys(dir, name string, fresh, unsealed bool) (keyring, error) {
	var k keyring
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return k, fmt.Errorf("建立数据目录：%w", err)
	}
	var signers []note.Signer
	for _, key := range []struct {
		file string
		kind keys.Kind
	}{{"log.key", keys.LogEd25519}, {"log-sm2.key", keys.LogSM2}} {
		text, err := secretFile(filepath.Join(dir, key.file), fresh, func() (string, error) {
			skey, vkey, err := keys.Generate(key.kind, name, rand.Reader)
			return skey + "\n" + vkey, err
		})
		if err != nil {
			return k, err
		}
		skey, vkey, _ := strings.Cut(text, "\n")
		signer, err := keys.ParseSigner(skey)
		if err != nil {
			return k, fmt.Errorf("读取 %s：%w", key.file, err)
		}
		if signer.Name() != name {
			return k, fmt.Errorf("%s 是日志 %s 的密钥，与配置的日志名称 %s 不符", key.file, signer.Name(), name)
		}
		signers, k.vkeys = append(signers, signer), append(k.vkeys, vkey)
	}
	var err error
	if k.signer, err = ledger.NewSigner(signers...); err != nil {
		return k, err
	}
	if k.pepper, err = randomFile(filepath.Join(dir, "pepper.key"), fresh); err != nil {
		return k, err
	}
	secret, err := randomFile(filepath.Join(dir, "seal.key"), unsealed)
	if err != nil {
		return k, err
	}
	if k.lists, err = seal.NewRing(secret); err != nil {
		return k, fmt.Errorf("读取 seal.key：%w", err)
	}
	return k, nil
}

// randomFile reads a file of 32 random bytes, or makes it if it may.
func randomFile(path string, mayMake bool) ([]byte, error) {
	text, err := secretFile(path, mayMake, func() (string, error) {
		secret := make([]byte, 32)
		rand.Read(secret)
		return hex.EncodeToString(secret), nil
	})
	if err != nil {
		return nil, err
	}
	secret, err := hex.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("读取 %s：不是十六进制文字", path)
	}
	return secret, nil
}

// secretFile reads a file of secrets, or makes it if it may.
func secretFile(path string, mayMake bool, make func() (string, error)) (string, error) {
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		return strings.TrimSpace(string(text)), nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("读取密钥：%w", err)
	case !mayMake:
		return "", fmt.Errorf("缺少密钥文件 %s。请从备份恢复，不能重新生成", path)
	}
	secret, err := make()
	if err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", fmt.Errorf("保存密钥：%w", err)
	}
	_, err = f.WriteString(secret + "\n")
	return secret, errors.Join(err, f.Sync(), f.Close())
}
