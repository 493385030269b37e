"""Lines that belong to the page and not to the story: links, newsletters, sharing, paywalls, comments.

``HEADINGS`` are whole lines that head a list of links; ``LINES`` are whole lines that stand alone;
``OPENERS`` begin a line, by the longest line they are believed of.
"""

from app.dedup.phrases import listed

HEADINGS = frozenset(
    listed("""
# English
read more | read also | also read | see also | also see | related | related articles | related stories
related news | related content | related coverage | related links | related topics | related posts
related reading | recommended | recommended stories | recommended for you | recommended reading
more stories | more on this | more on this story | more on this topic | more from | most read
most popular | trending | trending now | trending stories | top stories | top news stories | latest news
you may also like | you might also like | you might like | don't miss | dont miss | must read | must reads
must-read | further reading | editor's picks | editors' picks | suggested articles | popular stories
more | what to read next | read next | up next | in other news | promoted stories | sponsored stories
sponsored content | around the web | tags | topics | mirror football's top stories
top news stories from mirror online | full coverage | in case you missed it
# Spanish
lea también | lea tambien | lea además | lea más | leer más | leé más | lee también | leé también
te puede interesar | te podría interesar | le puede interesar | puede interesarle
también te puede interesar | también le puede interesar | noticias relacionadas | notas relacionadas
artículos relacionados | información relacionada | relacionadas | relacionados | mira también
mirá también | vea también | ver también | lo más visto | lo más leído | más noticias | más información
tenés que leer | no te pierdas | temas relacionados | te recomendamos | contenido relacionado
más sobre este tema
# French
lire aussi | à lire aussi | a lire aussi | à lire également | lire également | voir aussi | à voir aussi
sur le même sujet | articles associés | articles liés | articles similaires | pour aller plus loin
les plus lus | à découvrir | à lire | dans la même rubrique | nos articles
# German
lesen sie auch | lesen sie mehr | mehr zum thema | mehr zu diesem thema | verwandte themen
verwandte artikel | das könnte sie auch interessieren | auch interessant | meistgelesen | weitere artikel
weitere themen | weitere nachrichten | mehr themen | mehr dazu | mehr | mehr >> | zum thema
links zum thema | ähnliche artikel | empfohlen | hintergrund zum thema
# Portuguese
leia também | leia mais | veja também | veja mais | saiba mais | notícias relacionadas
artigos relacionados | matérias relacionadas | relacionados | relacionadas | mais lidas | mais notícias
ler mais | leia ainda | conteúdo relacionado
# Italian
leggi anche | leggi tutto | ti potrebbe interessare | potrebbe interessarti | articoli correlati
notizie correlate | per approfondire | approfondimenti | vedi anche | potrebbero interessarti
# Russian, Ukrainian, Bulgarian, Serbian
читайте также | читайте ещё | читайте еще | читать также | читайте | читать далее | смотрите также
еще по теме | ещё по теме | по теме | материалы по теме | новости по теме | ссылки по теме
похожие материалы | похожие новости | другие новости | последние новости | рекомендуем
вам может быть интересно | вас может заинтересовать | больше новостей | главное за день
связанные новости | другие материалы | подробнее по теме | читайте також | читайте ще | читати також
дивіться також | матеріали за темою | новини за темою | більше новин | прочетете още | още по темата
вижте още | свързани новини | pročitajte još | pročitajte i | povezane vesti | najčitanije
# Arabic, Persian
اقرأ أيضا | اقرأ أيضاً | اقرأ ايضا | إقرأ أيضا | إقرأ أيضاً | اقرا ايضا | اقرأ المزيد | أخبار ذات صلة
مقالات ذات صلة | مواضيع ذات صلة | موضوعات ذات صلة | شاهد أيضا | شاهد أيضاً | ذات صلة | المزيد
موضوعات متعلقة | أخبار متعلقة | قد يهمك | قد يهمك أيضا | قد يعجبك | مرتبط | بیشتر بخوانید | مطالب مرتبط
اخبار مرتبط | همچنین بخوانید | خبرهای مرتبط
# Chinese, Japanese, Korean
相关阅读 | 相关新闻 | 相关报道 | 延伸阅读 | 推荐阅读 | 更多新闻 | 热门新闻 | 相關閱讀 | 相關新聞 | 延伸閱讀 | 推薦閱讀 | 更多新聞 | 相關報導 | 猜你喜欢 | 関連記事
関連ニュース | 関連リンク | 関連写真 | あわせて読みたい | こちらもおすすめ | おすすめ記事 | 人気記事 | 合わせて読みたい | 관련기사 | 관련 기사 | 관련뉴스 | 많이 본 뉴스
인기기사
# others
ilgili haberler | ayrıca okuyun | bunları okudun mu? | bunları okudun mu | çok okunanlar | lees ook
lees meer | meer nieuws | meer over dit onderwerp | baca juga | baca selengkapnya | simak juga
berita terkait | artikel terkait | lihat juga | यह भी पढ़ें | ये भी पढ़ें | इसे भी पढ़ें | यह भी देखें
les også | les mer | läs mer | läs också | læs også | læs mere | lue myös | przeczytaj także
czytaj także | czytaj też | zobacz także | zobacz też | čtěte také | přečtěte si také | súvisiace články
kapcsolódó hírek | kapcsolódó cikkek | a cikkhez kapcsolódó linkek | articole asemanatoare | citește și
citeşte şi | citeste si | διαβάστε επίσης | σχετικά άρθρα | δείτε επίσης | xem thêm | tin liên quan
đọc thêm | อ่านข่าวที่เกี่ยวข้อง | ข่าวที่เกี่ยวข้อง | mest lest akkurat nå | διαβαστε επισης
διαβαστε επισησ | σχετικα αρθρα | bunlari okudun mu | ilgili̇ haberler | die redaktion empfiehlt
povezane objave | more on this story | ďalšie články, ktoré by ťa mohli zaujímať | berita berkaitan
más noticias | à (re)lire | ver más
""")
)

LINES = frozenset(
    listed("""
advertisement | advertisment | ad | advt | advertising | anzeige | werbung | publicité | publicidad
publicidade | pubblicità | reklama | реклама | реклам | إعلان | اعلان | 广告 | 廣告 | 広告 | 광고 | iklan
advertentie | reklam | annonse | advertisement - story continues below | story continues below
story continues below advertisement | story continued below | story continues | continue reading below
continue reading | continue reading the main story | article continues below | continue reading this story
scroll to continue | close | loading | loading... | share | share this | share this article
share on facebook | tweet | print | email | comment | comments | leave a comment | post a comment
leave a reply | view comments | no comments | hide caption | reprints | sign up | sign in | log in
subscribe | subscribe now | sign up now | sign up today | sign up for daily newsletters
sign up for daily newsletters manage newsletters | manage newsletters | newsletter | newsletter sign-up
newsletter sign up | give feedback | report a typo | feedback | copy link | link copied | save | listen
watch | video | photos | gallery | slideshow | facebook | twitter | whatsapp | telegram | instagram
youtube | linkedin | pinterest | reddit | flipboard | vk | вконтакте | одноклассники | яндекс.дзен
яндекс новости | facebook twitter | share tweet | get the app | download the app | terms of use
terms & conditions | terms and conditions | privacy policy | cookie policy | contact us | about us
all rights reserved | back to top | top | next | previous | next article | previous article | photo
click here | more on this... | please read our comment policy before commenting
this comment form is under antispam protection | visit business insider's homepage for more stories
view original content | original article | source text for eikon | further company coverage | support us
donate | donate now | comentarios | comentar | deja un comentario | compartir | compartilhar | partager
teilen | condividi | поделиться | комментарии | комментировать | ответить | оставить комментарий
написать комментарий | обсудить | версия для печати | подписаться | поділитися | коментарі | коментувати
اترك تعليق | اترك تعليقا | إلغاء الرد | مشاركة | تعليقات | طباعة | لن يتم نشر عنوان بريدك الإلكتروني
نظر شما | ارسال نظر | 分享 | 分享到 | 评论 | 發表評論 | コメントする・見る | シェアする | ツイート | 共有 | 댓글 | 좋아요 | 공유하기
assine agora | suscríbete | suscribirse | abonnez-vous | s'abonner | abonnieren | jetzt abonnieren
abbonati | artículo original | edición global | от редакции | новость дополняется | новина доповнюється
reacties | reageer | yorumlar | yorum yap | paylaş | komentar | bagikan | kommentare | kommentieren
commentaires | réagir | commenta | commenti | dúvidas, críticas e sugestões? fale com a gente
read the original article | read full article | read the full story | read full story
read the full article | open full article | show more | show less | view more | load more | read more:
read more about | read more on | read more at | read more from | read also: | also read: | also read_
see also: | also see: | related: | related story: | related stories: | related article | more:
more on this | more from_ | read next: | must read: | must-read: | don't miss: | watch: | watch now:
listen: | listen to this | recommended: | here's more | from the archives: | see more: | view more:
trending: | click to_ | click the_ | tap here | follow @ | follow us | follow on twitter | - follow_
like us on | find us on | join us on | connect with | share on_ | tweet this | email this | print this
tags: | topics: | filed under | categories: | more stories | article continues | scroll down
download our app | download the | get our app | watch the video | watch video | view gallery
report an error | spotted an error | visit our_ | full coverage: | in pictures: | gallery:
contact the author | contact the reporter | send tips | got a tip | got a news tip | have a tip
do you have a story | log in to | sign in to | register to | register now | subscribe to | subscribe for
subscribe today | sign up to | sign up for | sign up here | get breaking news | get the latest
get all the latest | get our_ | get unlimited | get full access | want more | want to read more
already a subscriber | already have an account | become a member | become a subscriber
support our journalism | make a donation | buy now | shop now | msrp: | sale price: | image:
interested in_ | originally published | this article was originally published
this article originally appeared | this story was originally published | this story originally appeared
this post originally appeared
# Spanish, Portuguese
lea también | lea tambien | lea además | lea más | lee también | leé también | lee más | leer más
leé más | lea: | también lea | te puede interesar | le puede interesar | también puede interesarle
te recomendamos | ver también | vea también | mira también | mirá también | mira: | más información:
no te pierdas | síguenos en | sigue a_ | seguinos en | suscríbete | suscribite | suscríbase | haz clic
haga clic | haz click | compartir en | etiquetas: | temas: | descarga la app | recibe las noticias
únete a nuestro | leia também | leia mais | leia ainda | veja também | veja mais | saiba mais
confira também | siga-nos | siga o_ | siga a_ | inscreva-se | assine_ | clique aqui | compartilhe
acompanhe o_ | receba as notícias | entre no grupo | baixe o app | continue a ler
# French
lire aussi | à lire aussi | a lire aussi | à lire également | lire également | lire : | lire la suite
voir aussi | à voir aussi | suivez-nous | suivez_ | abonnez-vous | inscrivez-vous | cliquez ici
partager_ | découvrez aussi | retrouvez_ | ne ratez aucun
# German
lesen sie auch | lesen sie mehr | lesen sie hier | mehr zum thema | mehr dazu | auch interessant
das könnte sie | folgen sie uns | jetzt abonnieren | abonnieren sie | zur startseite | hier klicken
weiterlesen | newsletter: | zum newsletter | melden sie sich | teilen sie
# Italian
leggi anche | leggi pure | leggi tutto | leggi: | vedi anche | guarda anche | guarda il video | segui_
seguici | iscriviti | abbonati | clicca qui | ti potrebbe interessare | potrebbe interessarti
# Russian, Ukrainian and neighbours
читайте также | читайте ещё | читайте еще | читать также | читайте: | читайте на_ | читайте нас
читайте подробнее | читать далее | смотрите также | смотрите: | еще по теме | ещё по теме | по теме:
подробнее: | подробнее читайте | подписывайтесь | подпишитесь | подписаться | следите за | присоединяйтесь
поделиться | оставить комментарий | добавьте_ | добавить_ | нашли ошибку | заметили ошибку
если вы нашли ошибку | сообщить новость | написать автору | ранее по теме | фоторепортаж | видео:
хотите первыми | хотите быть в курсе | больше новостей | все новости | наш канал | наш telegram
наш whatsapp | вступайте | прослушать новость | мнение читателей | читайте також | читайте ще
читати також | дивіться також | підписуйтесь | підпишіться | долучайтеся | слідкуйте за | якщо ви помітили
хочете обговорити | більше новин | следвайте | абонирайте | прочетете още | pročitajte još | zapratite
# Arabic, Persian
اقرأ أيضا | اقرأ أيضاً | اقرأ ايضا | إقرأ أيضا | إقرأ أيضاً | اقرا ايضا | اقرأ المزيد | اقرأ: | شاهد أيضا
شاهد أيضاً | شاهد: | تابعونا | تابعوا | تابعنا | اشترك | للاشتراك | انضم | لمتابعة | لمزيد من | لقراءة
حمل تطبيق | شارك_ | كلمات مفتاحية | هذا الموقع يستخدم | بیشتر بخوانید | همچنین بخوانید | مطالب مرتبط
کد خبر | برچسب‌ها | لینک کوتاه | به کانال
# East Asia
相关阅读 | 相关新闻 | 延伸阅读 | 推荐阅读 | 相關閱讀 | 相關新聞 | 延伸閱讀 | 推薦閱讀 | 更多新闻 | 更多精彩 | 点击查看 | 点击进入 | 扫描二维码 | 扫码 | 关注微信
本文网址 | 本文網址 | 原文链接 | 责任编辑 | 責任編輯 | ▶ | ☞ | ► | → | 関連記事 | 関連: | 【関連 | 続きを読む | この記事 | あわせて読みたい | フォローする
【写真 | 写真特集 | 관련기사 | 관련 기사 | 무단전재 | 저작권자 | copyright ⓒ | ⓒ
# others
ayrıca okuyun | ilgili haber | haberin devamı | takip edin | abone ol | lees ook | lees meer | lees verder
volg ons | meld je aan | baca juga | baca: | simak juga | ikuti_ | lanjut ke halaman | dapatkan update
यह भी पढ़ें | ये भी पढ़ें | इसे भी पढ़ें | पढ़ें: | les også | les mer | läs mer | läs också | läs även
læs også | læs mere | lue myös | przeczytaj też | przeczytaj także | czytaj także | czytaj też
zobacz też | zobacz także | čtěte také | čtěte: | čítajte: | olvassa el | kövessen | citește și
citeşte şi | citeste si | διαβάστε επίσης | διαβάστε: | δείτε επίσης | ακολουθήστε | xem thêm | đọc thêm
theo dõi | newsletter sign up | terms & conditions sign up | prev image | next image | analysis/opinion
follow cnn opinion | listen to article | this article tagged under | 18+ | loading…
""")
)

_SHORT = listed("""
read more: | read more about | read more on | read more at | read more from | read also: | also read:
also read_ | see also: | also see: | related: | related story: | related stories: | related article
more: | more on this | read next: | must read: | must-read: | don't miss: | watch now: | listen to this
recommended: | here's more | from the archives: | see more: | view more: | trending: | click here
click to_ | click the_ | tap here | follow @ | follow on twitter | - follow_ | like us on | find us on
join us on | connect with | share this | share on_ | tweet this | email this | print this | tags:
topics: | more stories | story continues | article continues | continue reading | scroll down
download our app | get the app | get our app | watch the video | watch video | view gallery
view comments | post a comment | leave a comment | report an error | spotted an error | report a typo
give feedback | full coverage: | contact the author | contact the reporter | send tips | got a tip
got a news tip | have a tip | do you have a story | sign in to | register to | register now | subscribe to
subscribe now | subscribe for | subscribe today | sign up to | sign up for | sign up here | sign up now
get breaking news | get the latest | get all the latest | get unlimited | get full access
want to read more | already a subscriber | already have an account | become a member | become a subscriber
support our journalism | make a donation | buy now | shop now | msrp: | sale price: | slideshow
originally published | this article was originally published | this article originally appeared
this story was originally published | this story originally appeared | this post originally appeared
more from_ | watch:_ | watch: | video: | видео: | видео:_ | смотрите: | lire : | leggi: | baca: | lea:
mira: | follow us on | follow us: | sign in to your | log in to your | interested in donald | download our
download the app | download the free | get our free | get our top | get our weekly | get our daily
get our best | visit our website | visit our site | visit our page | want more stories | listen:
gallery: | in pictures: | filed under: | filed under_ | categories: | newsletter: | get columns like this
prev image | next image | just watched | now watch | listen to article | read:_ | go deeper
click for more | find ap fact checks | send a tip | for all your latest | **want_ | want fox news
write to_ | full coverage of | support vox | for the latest from | this article is more than
get the monitor stories | this article tagged under | related content from | add interest
# Spanish, Portuguese
lea también | lea tambien | lea además | lea más | lee también | leé también | lee más | leer más
leé más | también lea | te puede interesar | le puede interesar | también puede interesarle
te recomendamos | ver también | vea también | mira también | mirá también | más información:
no te pierdas | síguenos en | seguinos en | suscríbete | suscribite | suscríbase | haz clic | haga clic
haz click | compartir en | etiquetas: | temas: | descarga la app | recibe las noticias | únete a nuestro
leia também | leia mais | leia ainda | veja também | veja mais | confira também | siga-nos | inscreva-se
clique aqui | compartilhe | acompanhe o_ | receba as notícias | entre no grupo | baixe o app
continue a ler
# French
lire aussi | à lire aussi | a lire aussi | à lire également | lire également | voir aussi | à voir aussi
suivez-nous | abonnez-vous | inscrivez-vous | cliquez ici | découvrez aussi | ne ratez aucun
# German
lesen sie auch | lesen sie mehr | lesen sie hier | mehr zum thema | mehr dazu | auch interessant
das könnte sie | folgen sie uns | jetzt abonnieren | abonnieren sie | zur startseite | hier klicken
weiterlesen | zum newsletter | melden sie sich | teilen sie
# Italian
leggi anche | leggi pure | leggi tutto | vedi anche | guarda anche | seguici | iscriviti | clicca qui
ti potrebbe interessare | potrebbe interessarti
# Russian, Ukrainian and neighbours
читайте также | читайте ещё | читайте еще | читать также | читайте: | читайте на_ | читайте нас
читайте подробнее | читать далее | смотрите также | еще по теме | ещё по теме | по теме: | подробнее:
подробнее читайте | подписывайтесь | подпишитесь | подписаться | следите за | присоединяйтесь | поделиться
оставить комментарий | нашли ошибку | заметили ошибку | если вы нашли ошибку | сообщить новость
написать автору | ранее по теме | фоторепортаж | хотите первыми | больше новостей | все новости
наш канал | наш telegram | наш whatsapp | вступайте | прослушать новость | мнение читателей
читайте також | читайте ще | читати також | дивіться також | підписуйтесь | підпишіться | долучайтеся
слідкуйте за | якщо ви помітили | хочете обговорити | більше новин | следвайте | абонирайте
прочетете още | pročitajte još | zapratite
# Arabic, Persian
اقرأ أيضا | اقرأ أيضاً | اقرأ ايضا | إقرأ أيضا | إقرأ أيضاً | اقرا ايضا | اقرأ المزيد | اقرأ: | شاهد أيضا
شاهد أيضاً | شاهد: | تابعونا | تابعوا | تابعنا | اشترك | للاشتراك | انضم | لمتابعة | لمزيد من | لقراءة
حمل تطبيق | كلمات مفتاحية | هذا الموقع يستخدم | بیشتر بخوانید | همچنین بخوانید | مطالب مرتبط | کد خبر
برچسب‌ها | لینک کوتاه | به کانال
# East Asia
相关阅读 | 相关新闻 | 延伸阅读 | 推荐阅读 | 相關閱讀 | 相關新聞 | 延伸閱讀 | 推薦閱讀 | 更多新闻 | 更多精彩 | 点击查看 | 点击进入 | 扫描二维码 | 扫码 | 关注微信
本文网址 | 本文網址 | 原文链接 | 责任编辑 | 責任編輯 | ▶ | ☞ | ► | 関連記事 | 関連: | 【関連 | 続きを読む | この記事 | あわせて読みたい | フォローする | 【写真
写真特集 | 관련기사 | 관련 기사 | 무단전재 | 저작권자 | copyright ⓒ | ⓒ
# others
ayrıca okuyun | ilgili haber | haberin devamı | takip edin | abone ol | lees ook | lees meer | lees verder
volg ons | meld je aan | baca juga | simak juga | lanjut ke halaman | dapatkan update | यह भी पढ़ें
ये भी पढ़ें | इसे भी पढ़ें | पढ़ें: | les også | les mer | läs mer | läs också | läs även | læs også
læs mere | lue myös | przeczytaj też | przeczytaj także | czytaj także | czytaj też | zobacz też
zobacz także | čtěte také | čtěte: | čítajte: | olvassa el | kövessen | citește și | citeşte şi
citeste si | διαβάστε επίσης | διαβάστε: | δείτε επίσης | ακολουθήστε | xem thêm | đọc thêm
""")

_MIDDLE = listed("""
subscribe to continue | subscribe to read | subscribe to unlock | to continue reading | to read the full
you have reached your limit | you've reached your | this article is for subscribers | this is a subscriber
this story is for subscribers | please log in | please sign in | please subscribe | please enable
sign up for our | sign up to our | sign up to receive | sign up here to | sign up for daily
subscribe to our | thanks for signing up | thank you for subscribing | thank you for reading
stay updated | stay informed | get the day's | get the news | get breaking news alerts
get all the latest news | let our news meet | our morning update | by signing up | by subscribing
by clicking | by submitting | by continuing to use | we use cookies | this site uses cookies
this website uses cookies | we and our partners | this site is protected by | your email address
enter your email | we may earn | we use income earning | if you buy something | if you purchase
when you purchase | this post may contain | copyright © | copyright (c) | © | (c) copyright
all rights reserved | this material may not be | this is a rush transcript | the views expressed
the views and opinions | the opinions expressed | views expressed in this | opinions expressed by
opinions expressed in | to comment on this story | are you affected by | please include a contact
you can also contact us | suscríbete para | para seguir leyendo | este contenido es exclusivo
contenido exclusivo para | utilizamos cookies | usamos cookies | este sitio usa
todos los derechos reservados | prohibida la reproducción | para continuar lendo
este conteúdo é exclusivo | conteúdo exclusivo para | todos os direitos reservados
cet article est réservé | la suite est réservée | pour lire la suite | cet article est payant
tous droits réservés | nous utilisons des cookies | weiterlesen mit | um weiterzulesen
wir verwenden cookies | alle rechte vorbehalten | questo contenuto è riservato | per continuare a leggere
tutti i diritti riservati | © riproduzione | riproduzione riservata | все права защищены
при использовании материалов | ваше мнение ценно | вы можете подписаться | усі права захищені
جميع الحقوق محفوظة | كل الحقوق محفوظة | 版权声明 | 版权所有 | 未经授权 | 免责声明 | 无断转载 | 無断転載 | är du prenumerant
artikeln du läser är låst | artikel ini telah tayang | subscribe for full access | unlock this article
start your free trial | try it free | cancel any time | cancel anytime | ftc: we use | copyright 19
copyright 20 | (c) 19 | (c) 20 | we want to hear from you | to read this article | to read this story
this content is for | this content is only | if you have information about this | dieser artikel ist nur
dieser inhalt ist nur | dieser artikel erschien | полное или частичное копирование
перепечатка материалов | перепечатка возможна | использование материалов сайта
diese seite verwendet cookies | il vous reste à lire | tillgång till över | full tillgång till
saknar du en prenumeration | innehållet i alla | propublica is a nonprofit newsroom | follow us on
""")

OPENERS: dict[int, tuple[str, ...]] = {160: _SHORT, 320: _MIDDLE}
"""Beginnings of a line, by the longest line they are believed of."""
