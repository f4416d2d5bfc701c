package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/blob"
	"suicha/internal/config"
	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
	"suicha/internal/store"
)

// MigrateCmd brings the database to the schema of this program.
type MigrateCmd struct {
	config.Server
}

// Run migrates; it does nothing to a database that is up to date.
func (c *MigrateCmd) Run() error {
	s, err := store.Open(context.Background(), c.DatabaseURL())
	if err != nil {
		return err
	}
	fmt.Println("数据库已是本程序的版本。")
	return s.Close()
}

// UserCmd is about accounts.
type UserCmd struct {
	Token TokenCmd `cmd:"" help:"显示初始化平台用的一次性口令，供第一位管理员使用。"`
}

// TokenCmd prints the one-time token with which the first administrator founds
// the installation. There are no accounts by default.
type TokenCmd struct {
	config.Server
}

// Run prints the token and where it is used.
func (c *TokenCmd) Run() error {
	ctx := context.Background()
	site, err := open(ctx, c.Server, false)
	if err != nil {
		return err
	}
	defer site.close()
	invite, err := site.gate.FoundingToken(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("一次性口令：%s\n请在 %s 之前打开 %s/setup 初始化平台。口令只能使用一次，不要转发。\n",
		invite.Token, invite.Until.In(time.Local).Format("2006-01-02 15:04"), c.Origin)
	return nil
}

// checkEvidence computes the digest of every evidence file again.
func checkEvidence(ctx context.Context, w io.Writer, evidence *blob.Folder) error {
	count, size := 0, int64(0)
	err := evidence.Each(ctx, func(f blob.File, err error) error {
		count, size = count+1, size+f.Size
		return err
	})
	if err != nil {
		return fmt.Errorf("证据文件核对未通过：%w", err)
	}
	_, err = fmt.Fprintf(w, "证据文件核对通过：%d 个，共 %d MB。\n", count, size>>20)
	return err
}

// VerifyRecordCmd recomputes the record: every entry, commitment, image, row,
// hash and checkpoint, each against the others.
type VerifyRecordCmd struct {
	config.Server
	Witness []string `placeholder:"URL" help:"同时核对的见证机构地址，可多次给出；不填即为见证策略中的各机构。"`
}

// Run exits with success if everything fits, and names the table and row of the
// first thing that does not.
func (c *VerifyRecordCmd) Run() error {
	ctx := context.Background()
	site, err := open(ctx, c.Server, false)
	if err != nil {
		return err
	}
	defer site.close()
	witnesses, err := c.peers(site.witnesses)
	if err != nil {
		return err
	}
	var known []note.Verifier
	for _, w := range site.witnesses { // a stored cosignature that is not theirs is found
		known = append(known, w.Key)
	}
	for _, vkey := range site.keys.vkeys {
		v, err := keys.ParseVerifier(vkey)
		if err != nil {
			return fmt.Errorf("读取日志公钥：%w", err)
		}
		known = append(known, v)
	}
	verified, err := site.store.Verify(ctx, func(signed []byte) (ledger.Checkpoint, error) {
		checkpoint, _, err := ledger.OpenCheckpoint(signed, known...)
		return checkpoint, err
	})
	if err != nil {
		return fmt.Errorf("存证记录核对未通过：%w", err)
	}
	fmt.Printf("存证记录核对通过：%d 条存证条目，%d 件事物，日志 %d 条，根 %s。\n", verified.Entries, verified.Things, verified.Head.Size, verified.Head.Root)
	fmt.Printf("安全日志核对通过：%d 行已封存，%d 行待封存。\n", verified.Sealed, verified.Unsealed)
	if err := checkEvidence(ctx, os.Stdout, site.evidence); err != nil {
		return err
	}
	if err := askWitnesses(ctx, os.Stdout, site.log, known, verified, witnesses); err != nil {
		return err
	}
	if lost := site.store.Restored; len(lost) > 0 {
		return fmt.Errorf("存证记录一致，但数据库的 %d 项防护曾被移除，现已恢复，请查明原因：%s", len(lost), strings.Join(lost, "；"))
	}
	return nil
}
