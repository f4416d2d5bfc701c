package inspect

// Problems of the way in. What a stranger can read says nothing about whether
// there is such an account: an unknown name, a wrong password and an account
// without a password get the same sentence.
var (
	ErrSignIn     = Problem{Kind: Invalid, Code: "sign_in", Text: "登录名或者口令不对。请核对后重新输入；忘记口令的，请联系安全管理员。"}
	ErrSlow       = Problem{Kind: Refused, Code: "slow", Text: "连续输错次数较多，请过 %s再试，或者改用通行密钥登录。"}
	ErrShut       = Problem{Kind: Refused, Code: "shut", Text: "连续输错次数过多，口令登录已停用。请改用通行密钥登录，或者联系安全管理员重置账号。"}
	ErrCrowded    = Problem{Kind: Refused, Code: "crowded", Text: "现在登录的人较多。请稍等片刻后重新提交。"}
	ErrNet        = Problem{Kind: Refused, Code: "net", Text: "您所在的网络尝试登录过于频繁。请过几分钟再试，或者改用通行密钥登录。"}
	ErrUnfinished = Problem{Kind: Refused, Code: "unfinished", Text: "账号还没有启用第二验证方式，不能只凭口令登录。请联系安全管理员重新发放邀请。"}
	ErrSignedOut  = Problem{Kind: Denied, Code: "signed_out", Text: "登录已失效。请重新登录后再办理。"}
)

// Problems of second factors.
var (
	ErrCode         = Problem{Kind: Invalid, Code: "code", Field: "code", Text: "动态口令或者恢复码不对。请核对手机上的 6 位数字和手机时间后重新输入。"}
	ErrCodeUsed     = Problem{Kind: Invalid, Code: "code_used", Field: "code", Text: "这个动态口令已经用过。请等手机显示下一个口令（最多 30 秒）后再输入。"}
	ErrCodeShut     = Problem{Kind: Refused, Code: "code_shut", Text: "连续输错次数过多，动态口令已停用。请改用通行密钥，或者联系安全管理员重置账号。"}
	ErrCodeSlow     = Problem{Kind: Refused, Code: "code_slow", Text: "连续输错次数较多，请过 %s再试，或者改用通行密钥。"}
	ErrPasskey      = Problem{Kind: Invalid, Code: "passkey", Text: "通行密钥没有通过验证。请重试，或者改用口令登录。"}
	ErrPasskeyOff   = Problem{Kind: Refused, Code: "passkey_off", Text: "本站没有使用域名，不能使用通行密钥。请使用动态口令。"}
	ErrEnrolled     = Problem{Kind: Refused, Code: "enrolled", Text: "这个通行密钥已经登记过，或者验证方式已满 %d 个。请先移除不用的。"}
	ErrLastFactor   = Problem{Kind: Refused, Code: "last_factor", Text: "这是您唯一的第二验证方式，不能移除。请先登记另一个。"}
	ErrEnrolFirst   = Problem{Kind: Refused, Code: "enrol_first", Text: "请先登记动态口令或者通行密钥，再办理其他事项。"}
	ErrCeremonyPast = Problem{Kind: Refused, Code: "ceremony_past", Text: "这一步已经超时。请重新开始。"}
)

// Problems of accounts and passwords.
var (
	ErrAccountName  = Problem{Kind: Invalid, Code: "account_name", Field: "name", Text: "登录名应为 2 到 40 个汉字、字母、数字，中间可用点、短横或者下划线。请修改。"}
	ErrAccountTaken = Problem{Kind: Refused, Code: "account_taken", Field: "name", Text: "登录名“%s”已被使用，或者此人已有账号。请换一个登录名，或者为此人重置账号。"}
	ErrInvitation   = Problem{Kind: Refused, Code: "invitation", Text: "邀请无效：可能已经用过、已经过期，或者没有复制完整。请联系安全管理员重新发放。"}
	ErrConsoleToken = Problem{Kind: Refused, Code: "console_token", Field: "token", Text: "口令牌无效：可能已经用过、已经过期，或者没有复制完整。请在服务器上重新运行 suicha user token。"}
	ErrOwnAccount   = Problem{Kind: Refused, Code: "own_account", Text: "不能为本人发放邀请或者重置账号。请由另一位安全管理员办理。"}
	ErrOldPassword  = Problem{Kind: Invalid, Code: "old_password", Field: "password", Text: "现在的口令不对。请重新输入。"}
	ErrShort        = Problem{Kind: Invalid, Code: "short_password", Field: "new_password", Text: "口令至少 %d 个字符，现在是 %d 个。可以使用一句容易记住的话。"}
	ErrShortAlone   = Problem{Kind: Invalid, Code: "short_alone", Field: "new_password", Text: "没有第二验证方式时，口令至少 %d 个字符，现在是 %d 个。可以使用一句容易记住的话。"}
	ErrLongPassword = Problem{Kind: Invalid, Code: "long_password", Field: "new_password", Text: "口令最多 %d 个字符，现在是 %d 个。请缩短。"}
	ErrCommon       = Problem{Kind: Invalid, Code: "common_password", Field: "new_password", Text: "这个口令太容易被猜到：不要使用常见口令、连续字符，以及姓名、登录名、地名和平台名称。请换一个。"}
	ErrSecretText   = Problem{Kind: Invalid, Code: "secret_text", Field: "new_password", Text: "口令中有无法识别的字符。请换用普通文字、数字和符号。"}
	ErrDemoPassword = Problem{Kind: Refused, Code: "demo_password", Text: "演示账号的口令是公开的，不能修改。"}
	ErrAgain        = Problem{Kind: Invalid, Code: "again", Field: "again", Text: "两次输入的口令不一致。请重新输入。"}
	ErrNotYourPost  = Problem{Kind: Refused, Code: "not_your_post", Text: "您现在不担任这个岗位。请重新选择。"}
)
