package exchange

import "suicha/internal/inspect"

// Files that cannot be taken as a whole. Each sentence says what to do next.
var (
	ErrFileEmpty     = refusal("file_empty", "文件是空的。请核对是否选错了文件。")
	ErrFileLarge     = refusal("file_large", "文件超过 %d MB，没有读取。请分成几个文件，或者另存为 CSV 后重新上传。")
	ErrFileKind      = refusal("file_kind", "认不出这是什么文件。请上传 .xlsx、.csv、.tsv 或者 .json 文件。")
	ErrFileOldExcel  = refusal("file_old_excel", "这是旧版表格文件（.xls、.et），或者是加密的工作簿。请在 Excel 或者 WPS 中去掉密码，另存为 .xlsx 后重新上传。")
	ErrFileOther     = refusal("file_other", "这是%s，不是 .xlsx 工作簿。请在 Excel 或者 WPS 中打开，另存为 .xlsx 后重新上传。")
	ErrFileDamaged   = refusal("file_damaged", "文件损坏，读到%s时中断。请在 Excel 或者 WPS 中打开并另存为新文件后重新上传。")
	ErrFileBomb      = refusal("file_bomb", "文件的压缩内容不正常（%s），为了安全没有读取。请另存为新文件；确属正常数据的，请另存为 CSV 后重新上传。")
	ErrFileNested    = refusal("file_nested", "文件里嵌有别的文件（%s），没有读取。请删除嵌入的对象后重新上传。")
	ErrFileEncoding  = refusal("file_encoding", "第%d行的文字编码与其余部分不一致，无法确定内容。请在表格软件中另存为“CSV UTF-8”后重新上传。")
	ErrFileNUL       = refusal("file_nul", "第%d行含有空字符，这不是文本文件，或者文件已损坏。请另存为“CSV UTF-8”后重新上传。")
	ErrFileQuote     = refusal("file_quote", "第%d行的引号不成对，无法分清各列。请改正该行的引号，或者另存为 .xlsx 后重新上传。")
	ErrFileLineEnd   = refusal("file_line_end", "文件的换行方式是旧式苹果格式。请另存为“CSV UTF-8”后重新上传。")
	ErrFileLong      = refusal("file_long", "第%d行过长（超过 %d KB）。请核对该行是否缺少引号或者换行。")
	ErrFileJSON      = refusal("file_json", "第%d条不是合格的 JSON 数据：%s。请改正后重新上传。")
	ErrFileDepth     = refusal("file_depth", "第%d条的数据嵌套超过 %d 层。请改为一层的字段后重新上传。")
	ErrFileColumns   = refusal("file_columns", "第%d行超过 %d 列。请删除多余的列后重新上传。")
	ErrFileRows      = refusal("file_rows", "文件超过 %d 行。请分成几个文件后重新上传。")
	ErrFileNoRows    = refusal("file_no_rows", "表头下面没有数据行。请核对是否选错了文件或者工作表。")
	ErrFileNoHead    = refusal("file_no_head", "前 %d 行里没有找到表头。请使用模板，或者把各列名称写在同一行。")
	ErrFileNoSheet   = refusal("file_no_sheet", "文件里没有名为“%s”的工作表。请重新选择。")
	ErrWhichSheet    = refusal("file_which_sheet", "文件里有几个工作表有内容：%s。请选择要导入的一个。").At("sheet")
	ErrFileMerged    = refusal("file_merged", "合并的单元格超过 %d 处。请取消合并、填满每一格后重新上传。")
	ErrFileHeadMoved = refusal("file_head_moved", "第%d行的表头与对应关系不一致。请重新对应各列。")
)

func refusal(code, text string) inspect.Problem {
	return inspect.Problem{Kind: inspect.Invalid, Code: code, Text: text, Field: "file"}
}
