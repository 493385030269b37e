"""Who wrote, photographed, edited and supplied: bylines, captions, sign-offs, disclaimers."""

from app.dedup.model import Provenance
from app.dedup.phrases import listed

CAPTION_OPENERS = listed("""
representative image | representational image | representational photo | representative photo
representational picture | representational | image credit | image credits | image courtesy
image copyright | image caption | image source | image for representation | pic courtesy | photo credit
photo courtesy | photo: | photos: | photo illustration | photograph: | photographer:
photo for representation | file photo | file image | file picture | file pic | file – | file - | file—
(file photo | (photo by | (photo: | (image: | (image credit | (representative | (representational
(file image | (file) | (file pic | (pixabay | (ap photo | (reuters photo | enlarge this image | caption:
in this photo | in this image | in this file | media caption | illustrative image | illustrative photo
illustrative: | stock photo | cover image | cover photo | featured image | video grab | hide caption
toggle caption | symbolic image | (symbolic image | foto: | foto de archivo | fotos: | fotografía:
imagen: | imagen de archivo | imagen referencial | imagen ilustrativa | crédito: | foto © | bild:
bilder: | fotoquelle | quelle: imago | symbolbild | archivbild | archivfoto | bildquelle | © dpa | ©dpa
© afp | © reuters | © getty | photo d'illustration | photo d’illustration | crédit photo | crédits photo
image d'illustration | crédits : | foto/ | foto reprodução | foto: reprodução | foto divulgação
imagem: | imagem ilustrativa | fotogramma | foto di repertorio | immagine di repertorio | immagine:
фото: | фотографии: | фото/ | фотография: | иллюстрация: | изображение: | иллюстративное | фото из_
скриншот | источник фото | фото автора | обложка: | світлина | ілюстрація | снимка: | снимки:
صورة أرشيفية | صورة: | (صورة | عکس: | تصویر: | مصدر الصورة | أرشيفية | 图为 | 图片来源 | 图源 | 资料图 | 圖為 | 圖片來源
图： | 圖： | 圖／ | 圖/ | 图/ | ▲ | 写真： | 写真は | 写真: | （写真 | [写真] | 사진= | 사진제공 | 사진 = | /사진 | (사진 | [사진
fotoğraf: | foto bron | beeld: | foto ilustrasi | foto: ilustrasi | kuva: | fotó: | zdjęcie: | fot.
fot: | φωτογραφία | ảnh: | photo :_ | foto ( | foto -_ | foto –_ | foto por_ | handout photo
handout image | handout picture | (photo courtesy | (photo illustration | légende : | ilustrasi (
ilustrasi: | gambar:_ | фото с_ | фото предоставлено | фото пресс-службы | фото на обложке
фото на обкладинці | фото обкладинки | картинка: | image:_ | images:_ | picture:_ | pictures:_ | pic:_
credit:_ | credits:_ | illustration:_ | view this post on instagram | a post shared by | © ap_
nyitókép: | 圖、文 | 圖文
""")
"""Beginnings of a caption or picture credit; believed of short lines."""

PICTURE_OPENERS = listed("""
getty images | ap photo | afp photo | reuters photo | photo by_ | photos by_
(getty | photograph by | courtesy of | courtesy: | screenshot | screengrab
""")
"""Names that stand before a caption's end, not before a caption; believed of shorter lines."""

BYLINE_OPENERS = listed("""
by_ | written by_ | reported by_ | story by_ | from our correspondent | staff reporter
special correspondent | by:_ | author:_ | authored by | por_ | por:_ | texto:_ | escrito por | autor:_
autora:_ | par_ | par:_ | rédigé par | auteur :_ | von_ | text:_ | von:_ | a cura di | articolo di
автор: | текст: | редактор: | корреспондент: | بقلم | إعداد | 记者 | 作者 | 文/ | 文： | 撰文 | 文｜ | （文 | 记者： | 記者：
記者／ | 記者/ | 【記者 | 责编 | 执笔 | haber: | yazar: | door_ | oleh_ | penulis: | كتب: | كتبت: | نویسنده:
redacción_ | propos recueillis par | di_ | recueilli par | autor: | автор_ | texto y fotos
""")

SIGN_OFF_OPENERS = listed("""
reporting by_ | (reporting by | (reporting and_ | (writing by | writing by_ | (editing by | editing by_
(additional reporting | additional reporting | our standards: | (compiled by | compiled by_
(with reporting | with reporting by | (reporting_ | reporte de_ | (reporte de | (reportes de | (reporte_
reporte adicional | (información de | con información de | (con información | editado por | (editado por
traducido por | (traducido | reportaje de_ | (reportaje de | (redacción | reportagem de_ | (reportagem
edição de_ | (edição | tradução de | (reportage_ | reportage de_ | édité par | (édité | avec reuters
(version française | version française | pour le service français | (mit material | mit material
(geschrieben von | bearbeitet von | geschrieben von | (bericht von | redigiert von | rückfragehinweis
(a cura di | montaggio di | (автор | репортаж | перевод | (перевел | (редактор | материал подготовил
(إعداد | إعداد_ | (تغطية صحفية | تحرير_ | (تحرير | （编辑 | （责任编辑 | （責任編輯 | （記者 | （记者 | （完 | (完 | （取材 | (取材
編集： | 編集: | （编译 | [责任编辑 | 【责任编辑 | 責任編輯 | 责任编辑 | 编辑： | 责编 | انتهای پیام | انتهى | (haber: | editörler:
bewerking door | (antara) | editor : | pewarta: | (avec afp | (avec reuters | (avec agences
""")

CREDIT_OPENERS = listed("""
source: | source : | sources: | source link | contributing: | with contributions from | with agency inputs
with inputs | (with agencies | (agencies | fuente: | fuentes: | fuente : | con información de | fonte:
fontes: | fonte_ | quelle: | quellen: | bron: | kaynak: | sumber: | sumber : | источник: | по материалам
по данным сайта | джерело: | за матеріалами | източник: | izvor: | źródło: | zdroj: | forrás: | sursa:
sursă: | kilde: | källa: | πηγή: | nguồn: | المصدر | مصدر: | منبع: | منبع_ | 来源 | 來源 | （来源 | （來源 | 稿源 | 出典
情報源 | 출처 | the associated press contributed | associated press writer | reuters contributed
this report by the canadian press was first | --with assistance | -- with assistance | —with assistance
with assistance from | elements of this story were generated | originally published on | originally published at | this story was first published
this article was first published | источник —_ | источник информации | джерело —_ | with agencies | via:_
vía: |_ | lähde: | манба | সূত্র | manba
""")
"""Beginnings of a line that names where a text comes from."""

ADVISORY_OPENERS = listed("""
editor's note | editor’s note | editors' note | editors’ note | ed. note: | ed note: | [ed. note | eds.: | eds:
correction: | corrections: | correction — | clarification: | corrections & clarifications | corrections and clarifications
corrections and amplifications | correction and clarification | this story has been corrected | this story was corrected
this article has been corrected | this article was corrected | this post has been corrected | this story has been updated
this story was updated | this article has been updated | this article was updated | this post has been updated
this post was updated | this report has been updated | this report was updated | this version corrects
--this report was updated | —this report was updated | an earlier version of this | a previous version of this
an earlier headline | update: this | updated: this | updates with | (this story | (this version
(corrects | (adds | (updates | (repeats | (refiles | (recasts | (removes | (language in
berichtigung: | korrektur: | anmerkung der redaktion | anm. d. red | hinweis der redaktion | in einer früheren version
nota del editor | nota de la redacción | nota de redacción | corrección: | rectificación: | fe de errores | fe de erratas
nota da redação | correção: | erramos: | erramos | errata: | note de la rédaction | rectificatif : | rectificatif: | erratum
nota della redazione | errata corrige | rettifica: | исправление: | поправка: | примечание редакции | от редакции:
примітка редакції | уточнение: | 订正： | 更正： | 訂正： | 編集部注 | 编者按： | 编者注： | تنويه: | تصحيح:
""")
"""Beginnings of a note on the text's own versions."""

CORRECTING = listed("""
correct | clarif | this story has been corrected | this story was corrected | this article has been corrected
this article was corrected | an earlier version of this | a previous version of this | this version corrects
an earlier headline | berichtigung | korrektur | in einer früheren version | corrección | rectificación | fe de errores
fe de erratas | correção | erramos | errata | rectificatif | erratum | rettifica | исправление | поправка | уточнение
订正 | 更正 | 訂正 | تصحيح
""")
"""Beginnings of a note that owns to a mistake."""

SOURCE_LABELS = tuple(p for p in CREDIT_OPENERS if p.endswith((":", "：")))
"""Of these, labels that also open a sentence ("Sources: the deal is off"): few words may follow."""

_VERBATIM = """
not been edited by + syndicated feed
has not been edited by + story
has not been edited by + article
except for the headline + not been edited
other than the headline + not been edited
auto-generated from + feed
auto-published from + feed
automatically generated from + feed
wire agency feed + without modifications
agency feed + modifications to the text
published unedited from + feed
published from a syndicated feed
this is an unedited + feed
not been edited or + feed
generated automatically + feed
this story is auto + feed
supplied by + not been edited
diese meldung wurde + automatisch
automatisiert + dpa
unbearbeitet + agentur
nicht redaktionell + bearbeitet
von der redaktion nicht + bearbeitet
no ha sido editad
sin modificaciones + agencia
não foi editad
n'a pas été modifié
n'a pas été édité
généré automatiquement
"""
_EDITED = """
with inputs from
with agency inputs
with inputs by
with additional inputs
with material from
with files from
based on wire service
based in part on wire
contributed to this
mit material von
mit material der
mit agenturmaterial
con información de
con informaciones de
com informações d
com agências
com agência
(avec afp
avec les agences
с использованием материалов
с использованием информации
"""

DISCLAIMERS: tuple[tuple[str, str, Provenance], ...] = tuple(
    (first.strip(), second.strip(), provenance)
    for block, provenance in ((_VERBATIM, Provenance.VERBATIM), (_EDITED, Provenance.EDITED))
    for first, _, second in (line.partition("+") for line in block.split("\n") if line)
)
"""What a disclaimer must contain (both parts, in order), and what it says of the text."""
