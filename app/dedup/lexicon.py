"""Small word lists, by language: days and months, and words that deny.

They tell a form filled in for another day from a copy, and a lost "not" from a light edit.
"""

CALENDAR = {
    "en": "monday tuesday wednesday thursday friday saturday sunday january february march april may june "
    "july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec",
    "es": "lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio "
    "agosto septiembre octubre noviembre diciembre",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet "
    "aout septembre octobre novembre decembre",
    "de": "montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz juni juli oktober "
    "dezember",
    "pt": "segunda terca quarta quinta sexta janeiro fevereiro marco maio junho julho setembro outubro "
    "novembro dezembro",
    "it": "lunedi martedi mercoledi giovedi venerdi sabato domenica gennaio febbraio aprile maggio giugno "
    "luglio settembre ottobre dicembre",
    "ru": "понедельник вторник среду среда четверг пятницу пятница субботу суббота воскресенье января "
    "февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "понеділок вівторок середу четвер пятницю суботу неділю січня лютого березня квітня травня червня "
    "липня серпня вересня жовтня листопада грудня",
    "ar": "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد يناير فبراير مارس أبريل مايو يونيو يوليو "
    "أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}

NEGATIONS = {
    "en": "not no never neither nor none nothing nobody without denied denies deny cannot cant didnt doesnt "
    "dont wont isnt arent wasnt werent aint hasnt havent hadnt wouldnt couldnt shouldnt mustnt neednt",
    "es": "no sin nunca jamas ni tampoco nadie ningun ninguno ninguna nego niega",
    "fr": "ne pas jamais aucun aucune",
    "de": "nicht kein keine keinen keinem keiner keines nie niemals nichts weder",
    "pt": "nao sem nunca jamais nem nenhum nenhuma nega negou",
    "it": "non mai nessuno nessuna senza",
    "ru": "не нет ни без нельзя никогда никто",
    "uk": "не немає ні без ніколи ніхто",
    "ar": "لا لم لن ليس ليست دون بدون ولا ولم ولن وليس فلم",
    "fa": "نه نیست نیستند نبود نشد نکرد نمیشود نمیکند نمیتواند",
    "zh": "不 没 沒 未 无 無 否",
    "ja": "ない なかっ なく ません",
    "tr": "degil yok",
    "hi": "नहीं न",
    "id": "tidak bukan tanpa",
    "pl": "nie bez nigdy",
    "nl": "niet geen nooit",
    "el": "δεν μην χωρις οχι",
}
"""By language. Where words are not spaced apart, one of several letters is a sequence of words here."""
