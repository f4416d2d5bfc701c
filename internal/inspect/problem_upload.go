package inspect

// Problems of evidence files and of their upload.
var (
	ErrUploadEmpty  = Problem{Kind: Invalid, Code: "upload_empty", Field: "file", Text: "没有收到文件内容。请重新选择文件。"}
	ErrUploadLarge  = Problem{Kind: Invalid, Code: "upload_large", Field: "file", Text: "文件最大 %d MB。请压缩、剪短或者分成几个文件后再上传。"}
	ErrUploadType   = Problem{Kind: Invalid, Code: "upload_type", Field: "file", Text: "不能接收这种文件。可以上传 JPEG、PNG 图片，PDF 文书，MP4、MOV 录像，M4A、MP3、WAV 录音。"}
	ErrUploadHeic   = Problem{Kind: Invalid, Code: "upload_heic", Field: "file", Text: "不能接收 HEIC 图片。请在手机相机设置中选择“兼容性最佳”（JPEG）后重拍，或者转换后上传。"}
	ErrUploadBroken = Problem{Kind: Invalid, Code: "upload_broken", Field: "file", Text: "文件不完整或者已损坏。请在手机或者电脑上确认能打开后重新上传。"}
	ErrUploadTail   = Problem{Kind: Invalid, Code: "upload_tail", Field: "file", Text: "文件末尾附有其他内容，例如动态照片。请关闭动态照片后重拍，或者另存为普通文件后上传。"}
	ErrUploadHidden = Problem{Kind: Invalid, Code: "upload_hidden", Field: "file", Text: "文件中夹带网页、压缩包或者脚本。请另存为普通的图片或者 PDF 后上传。"}
	ErrUploadPixels = Problem{Kind: Invalid, Code: "upload_pixels", Field: "file", Text: "图片尺寸太大。请缩小后上传。"}
	ErrUploadDigest = Problem{Kind: Refused, Code: "upload_digest", Field: "file", Text: "收到的内容与上传前计算的摘要不一致，已全部丢弃。请重新上传。"}
	ErrUploadOther  = Problem{Kind: Refused, Code: "upload_other", Field: "file", Text: "这个上传编号已用于另一个文件。请刷新页面后重新上传。"}
	ErrUploadAt     = Problem{Kind: Refused, Code: "upload_at", Field: "file", Text: "续传的位置不对，已收到 %d 字节。请从这里继续。"}
	ErrUploadLost   = Problem{Kind: Refused, Code: "upload_lost", Field: "file", Text: "上传中断。已收到的部分保留，请从断处继续。"}
	ErrUploadBusy   = Problem{Kind: Refused, Code: "upload_busy", Field: "file", Text: "这个文件正在从另一处上传。请稍后再试。"}
	ErrUploadMany   = Problem{Kind: Refused, Code: "upload_many", Field: "file", Text: "您最近一天上传的文件已到上限。请明天再传，或者联系系统管理员。"}
	ErrUploadFull   = Problem{Kind: Refused, Code: "upload_full", Field: "file", Text: "服务器存储空间不足，暂不能接收文件。文件请先保留在手机中，并联系系统管理员。"}
	ErrUploadClaim  = Problem{Kind: Invalid, Code: "upload_claim", Field: "file", Text: "上传的编号、大小或者摘要格式不对。请刷新页面后重新上传。"}
)
