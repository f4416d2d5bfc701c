package job

import (
	"context"
	"net/http"
)

// ReceiptOf is receiptOf.
func ReceiptOf(status int, answer []byte) string { return receiptOf(status, answer) }

// Dial connects as a webhook does.
func Dial(ctx context.Context, inner bool, address string) error {
	client := webhookClient(inner)
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
