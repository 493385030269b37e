"""Names of months and weekdays, and words that stand beside a time, by language."""

from app.dedup.phrases import listed

_MONTHS = (
    """
january | jan | enero | ene | januar | jän | jänner | jan. | janvier | janv | janeiro | gennaio | gen
januari | ocak | января | янв | январь | січня | січ | stycznia | ledna | ianuarie | януари | يناير
كانون | جنوری | जनवरी | ιανουαρίου
""",
    """
february | feb | febrero | febr | februar | février | févr | fevereiro | fev | febbraio | februari | şubat
февраля | фев | февр | лютого | лют | lutego | února | februarie | февруари | فبراير | شباط | فوریه
फरवरी | φεβρουαρίου
""",
    """
march | mar | marzo | märz | mrz | mars | março | maart | mart | maret | марта | мар | березня | бер
marca | března | martie | март | مارس | آذار | मार्च | μαρτίου
""",
    """
april | apr | abril | abr | avril | avr | aprile | nisan | апреля | апр | квітня | квіт | kwietnia | dubna
aprilie | април | أبريل | ابريل | نيسان | آوریل | अप्रैल | απριλίου
""",
    """
may | mayo | mai | maio | maggio | mag | mei | mayıs | мая | май | травня | трав | maja | května | مايو
أيار | مه | मई | μαΐου
""",
    """
june | jun | junio | juni | juin | junho | giugno | giu | haziran | июня | июн | червня | черв | czerwca
června | iunie | юни | يونيو | حزيران | ژوئن | जून | ιουνίου
""",
    """
july | jul | julio | juli | juillet | juil | julho | luglio | lug | temmuz | июля | июл | липня | лип
lipca | července | iulie | юли | يوليو | تموز | ژوئیه | जुलाई | ιουλίου
""",
    """
august | aug | agosto | ago | août | agustus | agu | ağustos | августа | авг | серпня | серп | sierpnia
srpna | август | أغسطس | اغسطس | آب | اوت | अगस्त | αυγούστου
""",
    """
september | sep | sept | septiembre | set | septembre | setembro | settembre | eylül | сентября | сен
сент | вересня | вер | września | září | septembrie | септември | سبتمبر | أيلول | سپتامبر | सितंबर
σεπτεμβρίου
""",
    """
october | oct | octubre | oktober | okt | octobre | outubro | out | ottobre | ott | ekim | октября | окт
жовтня | жовт | października | října | octombrie | октомври | أكتوبر | اكتوبر | اکتبر | अक्टूबर
οκτωβρίου
""",
    """
november | nov | noviembre | novembre | novembro | kasım | ноября | ноя | нояб | листопада | лист
listopada | listopadu | noiembrie | ноември | نوفمبر | نوامبر | नवंबर | νοεμβρίου
""",
    """
december | dec | diciembre | dic | dezember | dez | décembre | déc | dezembro | dicembre | desember | des
aralık | декабря | дек | грудня | груд | grudnia | prosince | decembrie | декември | ديسمبر | دسامبر
दिसंबर | δεκεμβρίου
""",
)
MONTHS: dict[str, int] = {name: number for number, names in enumerate(_MONTHS, 1) for name in listed(names)}
"""Month by its lower-case name or abbreviation, without a stop."""

WEEKDAYS = frozenset(
    listed("""
monday | tuesday | wednesday | thursday | friday | saturday | sunday | mon | tue | tues | wed | thu | thur
thurs | fri | sat | sun | lunes | martes | miércoles | jueves | viernes | sábado | domingo | lundi | mardi
mercredi | jeudi | vendredi | samedi | dimanche | montag | dienstag | mittwoch | donnerstag | freitag
samstag | sonntag | mo | di | mi | do | fr | sa | so | segunda | terça | quarta | quinta | sexta
segunda-feira | terça-feira | quarta-feira | quinta-feira | sexta-feira | lunedì | martedì | mercoledì
giovedì | venerdì | sabato | domenica | maandag | dinsdag | woensdag | donderdag | vrijdag | zaterdag
zondag | senin | selasa | rabu | kamis | jumat | sabtu | minggu | pazartesi | salı | çarşamba | perşembe
cuma | cumartesi | pazar | понедельник | вторник | среда | четверг | пятница | суббота | воскресенье
понеділок | вівторок | середа | четвер | п'ятниця | субота | неділя
""")
)

TIME_WORDS = frozenset(
    listed("""
published | updated | update | created | posted | first | last | modified | on | at | date | time
release | released | filed | publicado | actualizado | creado | el | a | las | la | hora | horas | hs
publié | mis | à | jour | le | modifié | heures | veröffentlicht | aktualisiert | stand | erstellt | am
um | uhr | atualizado | em | às | pubblicato | aggiornato | il | alle | ore | опубликовано | обновлено
дата | в | создано | опубліковано | оновлено | о | г | года | року | p | yayınlanma | güncelleme | giriş
tarihi | saat | eklenme | diterbitkan | wib | wita | wit | pukul | gepubliceerd | om | نشر | في | تحديث
آخر | تم | النشر | بتاريخ | الساعة | تاریخ | انتشار | ساعت | کد | خبر | 发布时间 | 时间 | 更新 | 更新时间 | 发布 | 日期
公開 | 配信 | 更新日 | 入力 | 입력 | 수정 | 등록 | 기사입력 | 최종수정 | de | del | du | da | do | of | the | and | pm | a.m
p.m | m | ist | gmt | utc | est | edt | et | pst | pdt | pt | ct | cst | cdt | mst | mdt | cet | cest
bst | msk | мск | jst | kst | sgt | aest | aedt | h | hrs | noon | midnight | ago | hour | hours | minute
minutes | min | mins | day | days | week | weeks | month | months | year | years | second | seconds | hace
vor | y | heure | jours | stunden | tagen | назад | часов | час | часа | минут | дня | дней | 年 | 月 | 日
时 | 時 | 分 | 秒 | 点 | 上午 | 下午 | 午前 | 午後 | 星期 | 周 | 년 | 월 | 일 | 시 | 분 | 오전 | 오후 | am. | pm.
""")
)
"""Words that may stand in a line that only tells a time."""

TIME_LABELS = frozenset(
    listed("""
updated | update | created | posted | published | publicado | actualizado | atualizado | publié
veröffentlicht | aktualisiert | pubblicato | aggiornato | опубликовано | обновлено | опубліковано
оновлено | نشر | 发布时间 | 更新时间 | 发布 | 公開 | 配信 | 更新 | 입력 | 수정 | 기사입력 | stand | modified
""")
)
"""Of these, the words that say what the time is of."""
