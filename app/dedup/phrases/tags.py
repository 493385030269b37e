"""Tags that wires set before a headline, and the verbs that open their advisory lines, by kind."""

from app.dedup.model import TagKind
from app.dedup.phrases import listed

_TAGS = {
    TagKind.WITHDRAWAL: """
STORY WITHDRAWN | WITHDRAWN | WITHDRAWAL | STORY KILLED | MANDATORY KILL | KILL KILL KILL | KILL | KILLED
HOLD HOLD HOLD | HOLD | RETRACTION | RETRACTED | ANNULE | ANNULÉ | ANULADA | ANULACIÓN | ANULADO
RETIRADA | ZURÜCKGEZOGEN | ACHTUNG - SPERRUNG | ANNULLATA | ANNULLATO | ОТМЕНА | АННУЛИРОВАНО | 撤稿 | 取消
سحب
""",
    TagKind.CORRECTION: """
CORRECTED | CORRECTION | CORRECTS | CORRECTING | CLARIFICATION | CORRECCIÓN | CORRECCION | CORREGIDO
CORREGIDA | CORRIGE | CORRIGIDO | CORRIGIDA | CORREÇÃO | CORRIGÉ | CORRECTIF | RECTIFICATIF
RECTIFICACIÓN | BERICHTIGUNG | BERICHTIGT | KORREKTUR | KORRIGIERT | CORREZIONE | CORRETTO | RETTIFICA
ИСПРАВЛЕНО | ИСПРАВЛЕНИЕ | ПОПРАВКА | УТОЧНЕНИЕ | ВИПРАВЛЕНО | УТОЧНЕННЯ | DÜZELTME | RECTIFICATIE
CORRECTIE | RALAT | KOREKSI | 更正 | 訂正 | 정정 | تصحيح | تصويب | اصلاحیه
""",
    TagKind.REFILE: """
REFILE | REFILED | REFILES | REFILING | REENVÍA | 再送
""",
    TagKind.REPEAT: """
RPT | REPEAT | REPEATS | REPEATING | REPITE | REPETICIÓN | REPETIÇÃO | REPETE | RÉPÉTITION | WDH | WDHLG
WIEDERHOLUNG | RIPETE | RIPETIZIONE | ПОВТОР | ПОВТОРНО | TEKRAR | 重发 | 再掲
""",
    TagKind.UPDATE: """
UPDATE | UPDATED | UPDATES | ACTUALIZA | ACTUALIZACIÓN | ACTUALIZACION | ACTUALIZADO | ATUALIZA
ATUALIZAÇÃO | ACTUALISATION | ACTUALISÉ | ACTU | AKTUALISIERT | AKTUALISIERUNG | AGGIORNA | AGGIORNAMENTO
AGGIORNATO | ОБНОВЛЕНО | ОБНОВЛЕНИЕ | ДОПОЛНЕНО | ОНОВЛЕНО | ДОПОВНЕНО | GÜNCELLEME | GÜNCELLENDİ | LEAD
1ST LEAD | 2ND LEAD | 3RD LEAD | 4TH LEAD | 5TH LEAD | LD | 1ST LD | 2ND LD | 3RD LD | 4TH LD | 5TH LD
LD-WRITETHRU | WRITETHRU | 更新 | تحديث
""",
    TagKind.ROUNDUP: """
WRAPUP | WRAP | ROUNDUP | GESAMT-ROUNDUP | RESUMEN | RESUMO | SYNTHÈSE | SINTESI | RIEPILOGO
ZUSAMMENFASSUNG | ZF | ОБОБЩЕНИЕ | ОБЗОР | SUMMARY | 종합
""",
    TagKind.ALERT: """
URGENT | ALERT | FLASH | SNAP | NEWSBREAK | NEWSALERT | APNEWSALERT | BREAKING | BREAKING NEWS | BULLETIN
AVANCE | URGENTE | ALERTA | ALERTE | DERNIÈRE MINUTE | ÚLTIMA HORA | ULTIMORA | EIL | EILMELDUNG | EILT
МОЛНИЯ | СРОЧНО | ТЕРМІНОВО | ЭКСТРЕННО | ACİL | SON DAKİKA | 快讯 | 快訊 | 速报 | 速報 | 속보 | 1보 | عاجل | فوری
""",
    TagKind.BRIEF: """
BRIEF | BREVE | KURZMELDUNG
""",
}
TAGS: dict[str, TagKind] = {tag: kind for kind, tags in _TAGS.items() for tag in listed(tags)}
"""Kind by tag, in capitals as printed; a number, a dash, a colon or a bracket follows."""

TERSE = frozenset(
    listed(
        "HOLD | SNAP | LEAD | LD | WRAP | SUMMARY | BRIEF | ACTU | ZF | KILL | FLASH | BULLETIN | HOLD | RESUMO"
    )
)
"""Tags that are ordinary words; with a colon behind they count in capitals only."""

LABELS = listed("""
ANALYSIS | FACTBOX | TIMELINE | INTERVIEW | FEATURE | EXCLUSIVE | INSIGHT | EXPLAINER | PREVIEW
NEWSMAKER | GRAPHIC | COLUMN | SPECIAL REPORT | CORRECTED | OFFICIAL | ENTREVISTA | ANÁLISIS | ANÁLISE
EXCLUSIVA | EXCLUSIVO | ANALYSE | EXKLUSIV | ВНИМАНИЕ
""")
"""Labels that say what a text is and nothing about its version; they go from the headline unread."""

_ADVISORIES = {
    TagKind.WITHDRAWAL: """
withdraws | kills | retracts | story withdrawn
""",
    TagKind.CORRECTION: """
corrects | correcting | corrected | clarifies | corrige | corrects to | berichtigt | korrigiert | corregge
исправляет | исправлен | исправлена | исправлено | уточняет | rectifie | rectifica | düzeltir
""",
    TagKind.REPEAT: """
repeats | repeating | repeat of | repite | répète | repete | wiederholung | wiederholt | ripete | повтор
повторяет | tekrar
""",
    TagKind.REFILE: """
refiles | refiling | refiled | fixes | deletes | removes | this story fixes | adds dropped | restores
inserts dropped
""",
    TagKind.UPDATE: """
adds | updates | updated | updating | recasts | recasting | rewrites | releads | leads with
new throughout | new: | updates with | recasts with | agrega | añade | actualiza | actualizada | reescribe
acrescenta | atualiza | reescreve | ajoute | actualise | actualisé | réécrit | mis à jour | neu: | neu_
ergänzt | durchgehend neu | aktualisiert | aggiunge | aggiorna | riscrive | добавлен | добавлена
добавлено | добавлены | добавляет | обновляет | обновлено | дополняет | подробности | additional material
with details | writethru | writes through | changes_ | clarifying | includes | inserts
""",
}
ADVISORIES: dict[str, TagKind] = {verb: kind for kind, verbs in _ADVISORIES.items() for verb in listed(verbs)}
"""Kind by the verb that opens an advisory line, "(Adds quote)"; in lower case."""

SIGNALS: dict[str, TagKind] = {
    "correction": TagKind.CORRECTION,
    "corrected": TagKind.CORRECTION,
    "edstat:c": TagKind.CORRECTION,
    "kill": TagKind.WITHDRAWAL,
    "killed": TagKind.WITHDRAWAL,
    "withdrawal": TagKind.WITHDRAWAL,
    "withdrawn": TagKind.WITHDRAWAL,
    "retraction": TagKind.WITHDRAWAL,
    "update": TagKind.UPDATE,
    "updated": TagKind.UPDATE,
    "writethru": TagKind.UPDATE,
    "edstat:u": TagKind.UPDATE,
    "refile": TagKind.REFILE,
    "repeat": TagKind.REPEAT,
}
"""Kind by a signal in lower case, or by what stands behind its last colon: "sig:correction"."""

OUTLETS = frozenset(
    listed("""
bbc | bbc sport | the guardian | cnbc | fox news | nbc news | abc news | cbs news | npr | le monde | el país | rt
the independent | the sun | mirror online | france 24 | dw | rt en español | politico | axios | vox | time | msn
der spiegel | spiegel online | forbes | marketwatch | al jazeera | lenta.ru | rbc
""")
)
"""Outlets whose name may end a headline, beside those that end as OUTLET_ENDINGS say."""

OUTLET_ENDINGS = (
    " news", " times", " post", ".com", ".net", ".org", ".ru", ".ua", " herald", " tribune", " gazette", " today",
    " journal",
)  # fmt: skip
