"""News agencies and press-release wires under the names that pages print for them.

Names are whole: an alias matches a whole credit ("dpa", "вести ТАСС" does not), never a part
of a word. Ambiguous abbreviations (SID, CP, STA) stand only where a dateline can vouch for them.
"""

import re

from app.dedup.phrases import listed

_NAMES = """
Reuters = reuters | reuter | rtr | rtrs | thomson reuters | reuters news | reuters.com
    agencia reuters | рейтер | reuters agency | рейтерс | رويترز | وكالة رويترز | رویترز
    خبرگزاری رویترز | ロイター | ロイター通信 | 路透 | 路透社 | 路透社报道 | 로이터 | रॉयटर्स | רויטרס
AP = ap | a.p. | the ap | ap news | associated press | the associated press | ассошиэйтед пресс
    أسوشيتد برس | أ ب | آسوشیتدپرس | ap通信 | 美联社 | 美聯社 | ap연합뉴스 | एपी
AFP = afp | a.f.p. | agence france-presse | agence france presse | afp forum | afp.com | франс пресс
    афп | أ ف ب | أ.ف.ب | ا ف ب | فرانس برس | وكالة فرانس برس | وكالة الصحافة الفرنسية | فرانسه
    خبرگزاری فرانسه | afp時事 | afp通信 | afpbb news | 法新社 | एएफपी
dpa = dpa | dpa/tmn | dpa-tmn | dpa-afx | dpa-infocom | dpa international | deutsche presse-agentur
    د ب أ | د.ب.أ | وكالة الأنباء الألمانية | 德新社 | дпа
PTI = pti | p.t.i. | press trust of india | pti-bhasha | bhasha | भाषा | पीटीआई | पीटीआई-भाषा
ANI = ani | asian news international | एएनआई
IANS = ians | indo-asian news service | indo asian news service | आईएएनएस | आइएएनएस
UNI = uni | united news of india | वार्ता | यूनीवार्ता | एजेंसी/वार्ता
Xinhua = xinhua | xinhua news agency | 新华社 | 新華社 | 新华网 | синьхуа | شينخوا | 新華網 | 신화통신
China News Service = china news service | ecns | 中新社 | 中新网 | 中新網 | 中国新闻网
CNA = 中央社 | 中央通訊社
TASS = tass | tass news agency | тасс | итар-тасс | تاس | وكالة تاس | 塔斯社 | タス通信
Interfax = interfax | интерфакс | interfax-ukraine | інтерфакс | интерфакс-украина | інтерфакс-україна
    إنترفاكس
RIA Novosti = ria | ria novosti | риа | риа новости | р и а новости
Sputnik = sputnik | sputnik news | спутник | سبوتنيك | وكالة سبوتنيك | وكالة سبوتنيك الروسية
    اسپوتنیک
Ukrinform = ukrinform | укринформ | укрінформ
UNIAN = unian | унян | уніан
UNN = унн | українські національні новини
BelTA = belta | белта | бел та
EFE = efe | agencia efe | agência efe | efe news | эфе | إفي | 埃菲社
Europa Press = europa press | europapress | ep | e.p. | europa press.
ANSA = ansa | ansamed | ansa.it
Adnkronos = adnkronos | adn kronos | adnkronos salute
AGI = agi | agenzia italia
askanews = askanews | aska news
LaPresse = lapresse
Italpress = italpress
Lusa = lusa | agência lusa | agencia lusa
Agência Brasil = agência brasil | agencia brasil
Estadão Conteúdo = estadão conteúdo | estadao conteudo | agência estado | agencia estado
Folhapress = folhapress
Télam = télam | telam | agencia télam
Notimex = notimex
Prensa Latina = prensa latina | pl
Colprensa = colprensa
UPI = upi | united press international
Kyodo = kyodo | kyodo news | 共同 | 共同通信 | 共同社 | 교도통신
Jiji Press = jiji | jiji press | 時事 | 時事通信 | 时事社
Yonhap = yonhap | yonhap news agency | 연합뉴스 | 韩联社 | 韓聯社 | 聯合ニュース
Newsis = newsis | 뉴시스
News1 = 뉴스1
Anadolu = aa | a.a. | anadolu | anadolu agency | anadolu ajansı | анадолу | الأناضول | وكالة الأناضول
    آناتولی
DHA = dha | demirören haber ajansı
İHA = iha | i̇ha | ihlas haber ajansı
PA Media = pa | pa media | press association | the press association | pa news agency
BBC Monitoring = bbc monitoring
CNS = catholic news service | cns
Gracenote = gracenote
Opta = opta | opta sports
Bloomberg = bloomberg | bloomberg news | блумберг | بلومبرغ | بلومبرج | 彭博 | ブルームバーグ
The Canadian Press = the canadian press | canadian press | la presse canadienne
AAP = aap | australian associated press
APA = apa | austria presse agentur
Keystone-SDA = sda | keystone-sda | keystone-ats | ats | awp
ANP = anp
Belga = belga
NTB = ntb
TT = tt | tt nyhetsbyrån
Ritzau = ritzau
STT = stt
PAP = pap | polska agencja prasowa
ČTK = čtk | ctk
TASR = tasr
MTI = mti
Agerpres = agerpres
Mediafax = mediafax
BTA = бта | bta
Beta = beta | tanjug | танјуг
ANA-MPA = απε-μπε | απε | ana-mpa
Antara = antara | antara news
Bernama = bernama
VNA = ttxvn | vna | vietnam news agency
IRNA = irna | ایرنا | إرنا
ISNA = isna | ایسنا
Fars = fars | فارس | خبرگزاری فارس
Mehr = مهر | خبرگزاری مهر
Tasnim = tasnim | تسنیم | خبرگزاری تسنیم
SPA = spa | واس | وكالة الأنباء السعودية
WAM = wam | وام | وكالة أنباء الإمارات
KUNA = kuna | كونا
QNA = qna | قنا
MENA = mena | أ ش أ | أ.ش.أ | وكالة أنباء الشرق الأوسط
SANA = sana | سانا | سانا الإخبارية
NNA = الوكالة الوطنية للاعلام | الوكالة الوطنية للإعلام | وطنية
Petra = بترا | petra
WAFA = وفا | wafa
APP = app
UrduPoint = urdupoint
CNN = cnn | cnn business
PRNewswire = prnewswire | pr newswire | prnewswire-usnewswire | prnewswire-prweb | prweb
    prnewswire-asianet
Business Wire = business wire | businesswire
GlobeNewswire = globenewswire | globe newswire | marketwired
Newsfile = newsfile corp. | newsfile corp | newsfile
Accesswire = accesswire
Presseportal = ots | news aktuell
CNW = cnw | cnw group | cnw telbec
EQS = eqs | eqs group | dgap
"""
RELEASE_WIRES = frozenset(
    {"PRNewswire", "Business Wire", "GlobeNewswire", "Newsfile", "Accesswire", "CNW", "EQS"}
)
_BY_ALIAS = {
    alias: name.strip()
    for name, _, aliases in (entry.partition("=") for entry in re.split(r"\n(?! )", _NAMES.strip()))
    for alias in listed(aliases)
}
_LONGEST = max(map(len, _BY_ALIAS))
_WEAK = frozenset(
    {"pl", "pa", "ep", "app", "spa", "tt", "uni", "beta", "ots", "cns", "mena", "ria", "apa", "aa"}
)
"""Abbreviations that are ordinary words or names elsewhere: only brackets or a dateline vouch for them."""
_BETWEEN = re.compile(r"\s*(?:[/,;&+|–—-]|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bи\b|、|،)\s*")
_LEADING = ("source: ", "agency ", "agencia ", "agência ", "agence ", "вести ", "مصدر: ", "وكالة ")


def aliases_of(agency: str) -> tuple[str, ...]:
    """All names of a known agency, given one of them; none of another."""
    name = _BY_ALIAS.get(agency.strip().lower())
    return tuple(alias for alias, whose in _BY_ALIAS.items() if whose == name)


def agency_named(credit: str, *, vouched: bool = True) -> str | None:
    """The agency that ``credit`` names, whole or as the first of a list; None if it names none.

    Without ``vouched`` abbreviations that also mean other things are not believed, nor lists that
    hold anything but agencies.
    """
    name = credit[: _LONGEST * 3].strip(" \t.:-–—()[]（）").lower()
    found = _BY_ALIAS.get(name)
    if found is not None:
        return None if not vouched and name in _WEAK else found
    if name.startswith(_LEADING):
        start = next(start for start in _LEADING if name.startswith(start))
        return agency_named(name[len(start) :], vouched=vouched)
    if len(name) > _LONGEST * 2 or not (vouched or any(mark in name for mark in "/,;&|")):
        return None
    parts = _BETWEEN.split(name)
    known = [_BY_ALIAS[part] for part in parts if part in _BY_ALIAS]
    if not known or len(parts) > 5 or not (vouched or len(known) == len(parts)):
        return None
    return known[0]
