"""Who wrote, photographed, edited and supplied: bylines, captions, sign-offs, disclaimers."""

from app.dedup.model import Provenance

CAPTION_OPENERS = tuple(
    ["representative image", "representational image", "representational photo", "representative photo", "representational picture", "representational", "image credit", "image credits", "image courtesy", "image copyright", "image caption", "image source", "image for representation", "image:", "images:", "picture:", "pic:", "pics:", "pic courtesy", "photo credit", "photo courtesy", "photo by ", "photos by ", "photo:", "photos:", "photo illustration", "photograph:", "photographer:", "photo for representation", "photograph by", "file photo", "file image", "file picture", "file pic", "file –", "file -", "file—", "(file photo", "(photo by", "(photo:", "(photo ", "(image:", "(image credit", "(representative", "(representational", "(file photo", "(file image", "(file)", "(file pic", "(pixabay", "(getty", "(ap photo", "(reuters photo", "getty images", "ap photo", "afp photo", "reuters photo", "enlarge this image", "caption:", "in this photo", "in this image", "in this file", "media caption", "image:", "illustration:", "illustrative image", "illustrative photo", "illustrative:", "screenshot", "screengrab", "credit:", "credits:", "stock photo", "cover image", "cover photo", "featured image", "video grab", "handout", "courtesy:", "courtesy of", "hide caption", "toggle caption", "view this post on", "a post shared by", "symbolic image", "(symbolic image", "foto:", "foto por", "foto de archivo", "fotos:", "fotografía:", "imagen:", "imagen de archivo", "imagen referencial", "imagen ilustrativa", "crédito:", "foto ©", "bild:", "bilder:", "fotoquelle", "quelle: imago", "symbolbild", "archivbild", "archivfoto", "bildquelle", "© dpa", "©dpa", "© afp", "© reuters", "© getty", "photo d'illustration", "photo d’illustration", "crédit photo", "crédits photo", "© ", "image d'illustration", "photo :", "crédits :", "légende", "foto (", "foto/", "foto -", "foto –", "foto reprodução", "foto: reprodução", "foto divulgação", "divulgação", "reprodução", "imagem:", "imagem ilustrativa", "fotogramma", "foto di repertorio", "immagine di repertorio", "immagine:", "фото:", "фото ", "фотографии:", "фотографии ", "фото/", "фотография:", "иллюстрация:", "изображение:", "иллюстративное", "фото из ", "скриншот", "источник фото", "фото автора", "обложка:", "світлина", "ілюстрація", "снимка:", "снимки:", "صورة أرشيفية", "صورة:", "(صورة", "عکس:", "تصویر:", "مصدر الصورة", "أرشيفية", "图为", "图片来源", "图源", "资料图", "圖為", "圖片來源", "图：", "圖：", "圖／", "圖/", "图/", "▲", "△", "▼", "写真：", "写真は", "写真:", "（写真", "[写真]", "사진=", "사진제공", "사진 =", "/사진", "(사진", "[사진", "fotoğraf:", "foto bron", "beeld:", "gambar:", "ilustrasi", "foto ilustrasi", "foto: ilustrasi", "kuva:", "fotó:", "zdjęcie:", "fot.", "fot:", "φωτογραφία", "ảnh:"]
)
"""Beginnings of a caption or picture credit; believed of short lines."""

PICTURE_AGENCIES = (
    "getty images|ap photo|afp photo|shutterstock|istock|imago|picture alliance|picture-alliance|alamy|pixabay|unsplash|depositphotos|"
    "epa-efe|epa/|/epa|via ap|via reuters|/reuters|/getty|/afp|/ap|reuters/|afp/|ap/|file photo|photo courtesy|reuters photo|via getty|zuma|wikimedia|wikipedia|flickr|"
    "/epa-efe|/shutterstock|/tass|тасс|риа новости|/dpa|keystone|photo by|photo:|image credit|photo credit|courtesy of|file image|pool|"
    "instagram|youtube|screenshot|handout|associated press|reuters|afp|ap"
)
"""Words in a closing bracket or behind a bar that make a short line a caption."""

BYLINE_OPENERS = tuple(
    ["by ", "written by ", "reported by ", "story by ", "from our correspondent", "staff reporter", "special correspondent", "by: ", "author: ", "authored by", "por ", "por: ", "redacción", "texto: ", "escrito por", "autor: ", "autora: ", "par ", "par: ", "rédigé par", "auteur : ", "von ", "autor: ", "text: ", "von: ", "di ", "a cura di", "articolo di", "автор:", "автор ", "текст:", "текст ", "редактор:", "корреспондент", "корреспондент:", "كتب ", "كتبت ", "بقلم", "إعداد", "نویسنده", "خبرنگار", "记者", "作者", "文/", "文：", "編輯", "编辑：", "编辑:", "編輯：", "撰文", "校對", "文｜", "（文", "来源：", "來源：", "来源:", "來源:", "记者：", "記者：", "記者／", "記者/", "【記者", "责编", "执笔", "haber:", "yazar:", "door ", "oleh ", "penulis:", "reporter:", "editor:", "laporan "]
)

SIGN_OFF_OPENERS = tuple(
    ["reporting by ", "(reporting by", "(reporting and ", "(writing by", "writing by ", "(editing by", "editing by ", "(additional reporting", "additional reporting", "our standards:", "(compiled by", "compiled by ", "(with reporting", "with reporting by", "(by ", "reporting for ", "(reporting ", "reporte de ", "(reporte de", "(reportes de", "(reporte ", "reporte adicional", "(información de", "información de ", "con información de", "(con información", "editado por", "(editado por", "traducido por", "(traducido", "escrito por ", "reportaje de ", "(reportaje de", "(redacción", "reportagem de ", "(reportagem", "(por ", "edição de ", "(edição", "tradução de", "(reportage ", "reportage de ", "édité par", "(édité", "(avec ", "avec afp", "avec reuters", "(version française", "version française", "pour le service français", "(mit material", "mit material", "(geschrieben von", "bearbeitet von", "geschrieben von", "(bericht von", "(reporter:", "redigiert von", "rückfragehinweis", "(in redazione", "(a cura di", "montaggio di", "(автор", "репортаж", "перевод", "(перевел", "(редактор", "материал подготовил", "(إعداد", "إعداد ", "(تغطية صحفية", "تحرير ", "(تحرير", "（编辑", "（责任编辑", "（責任編輯", "（記者", "（记者", "（完", "(完", "（取材", "(取材", "編集：", "編集:", "（编译", "[责任编辑", "【责任编辑", "責任編輯", "责任编辑", "编辑：", "责编", "انتهای پیام", "انتهى", "(haber:", "editörler:", "bewerking door", "(antara)", "editor :", "pewarta:"]
)

CREDIT_OPENERS = tuple(
    ["source:", "source :", "sources:", "source link", "contributing:", "with contributions from", "with agency inputs", "with inputs", "with agencies", "(with agencies", "(agencies", "agencies", "fuente:", "fuentes:", "fuente :", "con información de", "fonte:", "fontes:", "fonte ", "quelle:", "quellen:", "bron:", "kaynak:", "sumber:", "sumber :", "источник:", "источник ", "по материалам", "по данным сайта", "джерело:", "джерело ", "за матеріалами", "източник:", "izvor:", "źródło:", "zdroj:", "forrás:", "sursa:", "sursă:", "kilde:", "källa:", "πηγή:", "nguồn:", "المصدر", "مصدر:", "منبع:", "منبع ", "来源", "來源", "（来源", "（來源", "稿源", "出典", "情報源", "출처", "the associated press contributed", "associated press writer", "reuters contributed", "the canadian press", "this report by the canadian press was first", "cnn's ", "--with assistance", "-- with assistance", "—with assistance", "with assistance from", "originally published on", "originally published at", "this story was first published", "this article was first published"]
)
"""Beginnings of a line that names where a text comes from."""

DISCLAIMERS: tuple[tuple[str, str, Provenance | None], ...] = (
    ("not been edited by", "syndicated feed", Provenance.VERBATIM),
    ("has not been edited by", "story", Provenance.VERBATIM),
    ("has not been edited by", "article", Provenance.VERBATIM),
    ("except for the headline", "not been edited", Provenance.VERBATIM),
    ("other than the headline", "not been edited", Provenance.VERBATIM),
    ("auto-generated from", "feed", Provenance.VERBATIM),
    ("auto-published from", "feed", Provenance.VERBATIM),
    ("automatically generated from", "feed", Provenance.VERBATIM),
    ("wire agency feed", "without modifications", Provenance.VERBATIM),
    ("agency feed", "modifications to the text", Provenance.VERBATIM),
    ("published unedited from", "feed", Provenance.VERBATIM),
    ("published from a syndicated feed", "", Provenance.VERBATIM),
    ("this is an unedited", "feed", Provenance.VERBATIM),
    ("not been edited or", "feed", Provenance.VERBATIM),
    ("generated automatically", "feed", Provenance.VERBATIM),
    ("this story is auto", "feed", Provenance.VERBATIM),
    ("supplied by", "not been edited", Provenance.VERBATIM),
    ("diese meldung wurde", "automatisch", Provenance.VERBATIM),
    ("automatisiert", "dpa", Provenance.VERBATIM),
    ("unbearbeitet", "agentur", Provenance.VERBATIM),
    ("nicht redaktionell", "bearbeitet", Provenance.VERBATIM),
    ("von der redaktion nicht", "bearbeitet", Provenance.VERBATIM),
    ("no ha sido editad", "", Provenance.VERBATIM),
    ("sin modificaciones", "agencia", Provenance.VERBATIM),
    ("não foi editad", "", Provenance.VERBATIM),
    ("n'a pas été modifié", "", Provenance.VERBATIM),
    ("n'a pas été édité", "", Provenance.VERBATIM),
    ("généré automatiquement", "", Provenance.VERBATIM),
    ("with inputs from", "", Provenance.EDITED),
    ("with agency inputs", "", Provenance.EDITED),
    ("with inputs by", "", Provenance.EDITED),
    ("with additional inputs", "", Provenance.EDITED),
    ("with material from", "", Provenance.EDITED),
    ("with files from", "", Provenance.EDITED),
    ("based on wire service", "", Provenance.EDITED),
    ("based in part on wire", "", Provenance.EDITED),
    ("contributed to this", "", Provenance.EDITED),
    ("mit material von", "", Provenance.EDITED),
    ("mit material der", "", Provenance.EDITED),
    ("mit agenturmaterial", "", Provenance.EDITED),
    ("con información de", "", Provenance.EDITED),
    ("con informaciones de", "", Provenance.EDITED),
    ("com informações d", "", Provenance.EDITED),
    ("com agências", "", Provenance.EDITED),
    ("com agência", "", Provenance.EDITED),
    ("(avec afp", "", Provenance.EDITED),
    ("(avec reuters", "", Provenance.EDITED),
    ("(avec agences", "", Provenance.EDITED),
    ("avec les agences", "", Provenance.EDITED),
    ("с использованием материалов", "", Provenance.EDITED),
    ("с использованием информации", "", Provenance.EDITED),
)
"""What a disclaimer must contain (both parts, in order), and what it says of the text."""
