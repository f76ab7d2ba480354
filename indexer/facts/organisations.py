"""How names of public bodies and of media are written, for whoever has to tell one from the other."""

from __future__ import annotations

from typing import Final

# Alternatives of a pattern: a medium by any of them, wherever it stands in a name. Rooms add what is sure only there.
MEDIA_WORDS: Final = (
    r"日报|晚报|晨报|早报|时报|商报|都市报|报社|通讯社|杂志|传媒|融媒|电视台|新华社|新华网|人民网|央视|客户端|公众号"
)
# A public body alone on a line or at the start of a title; spaces and 、 stand between bodies that issue together.
ISSUER: Final = r"[\u4e00-\u9fff、\s]{3,40}(?:政府|办公厅|办公室|委员会|[厅局委部院会署])"
