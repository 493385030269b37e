"""Cities that datelines name without an agency, and words in capitals that are no place."""

from app.dedup.phrases import listed

CITIES = frozenset(
    listed("""
abuja | accra | addis ababa | ahmedabad | algiers | alger | almaty | amman | amsterdam | ankara
antananarivo | asunción | athens | atlanta | auckland | baghdad | baku | bali | bamako | bandung | bangkok
barcelona | beijing | beirut | belgrade | bengaluru | bangalore | berlin | bern | bhopal | bhubaneswar
bogor | bogotá | bogota | boston | brasília | brasilia | bratislava | brussels | bruxelles | bruselas
brüssel | bucharest | budapest | buenos aires | cairo | canberra | cape town | caracas | chandigarh
chennai | chicago | colombo | copenhagen | dakar | damascus | dar es salaam | dehradun | denpasar | depok
dhaka | doha | dubai | dublin | edinburgh | frankfurt | gaza | geneva | genève | genf | ginebra
guatemala | guwahati | gurugram | hague | hamburg | hanoi | harare | havana | la habana | helsinki
hong kong | honolulu | houston | hyderabad | indore | islamabad | istanbul | i̇stanbul | jaipur | jakarta
jammu | jeddah | jerusalem | johannesburg | kabul | kampala | karachi | kathmandu | khartoum | kiev | kyiv
kigali | kingston | kinshasa | kochi | kolkata | kuala lumpur | kuwait | kuwait city | lagos | lahore
la paz | lima | lisbon | lisboa | ljubljana | london | londres | los angeles | lucknow | luanda | lusaka
luxembourg | madrid | makassar | malang | managua | manama | manila | medan | melbourne | mexico city
méxico | ciudad de méxico | miami | milan | milano | minsk | mogadishu | mohali | montevideo | montréal
montreal | moscow | moscou | moscú | moskau | mumbai | munich | münchen | muscat | nagpur | nairobi
new delhi | new york | nueva york | nicosia | noida | oslo | ottawa | panamá | paris | patna | perth
peshawar | philadelphia | phnom penh | podgorica | porto | prague | prag | prishtina | pristina | pune
putrajaya | pyongyang | quetta | quito | rabat | ramallah | ranchi | rawalpindi | reykjavik | riga
rio de janeiro | riyadh | roma | rome | rom | san francisco | san josé | san juan | santiago
santo domingo | sana'a | sanaa | sarajevo | seattle | semarang | seoul | shanghai | shillong | shimla
singapore | singapura | skopje | sofia | solo | srinagar | stockholm | strasbourg | straßburg | surabaya
surat | suva | sydney | são paulo | taipei | tallinn | tashkent | tbilisi | tegucigalpa | tehran
tel aviv | thiruvananthapuram | tirana | tokyo | tokio | toronto | tripoli | tunis | united nations
naciones unidas | nations unies | ulaanbaatar | valencia | vancouver | vatican city | vienna | viena
vienne | wien | vientiane | vilnius | visakhapatnam | vijayawada | warsaw | washington | washington dc
wellington | windhoek | yangon | yaoundé | yerevan | yogyakarta | zagreb | zurich | zürich | анкара
берлин | брюссель | вашингтон | киев | київ | лондон | минск | москва | париж | пекин | القاهرة | بيروت
دمشق | بغداد | الرياض | واشنطن | موسكو | لندن | باريس | طهران | الدوحة | أبوظبي | دبي | عمان | الكويت
الجزائر | تونس | الرباط | صنعاء | عدن | غزة | رام الله | القدس | الخرطوم | طرابلس | أنقرة | إسطنبول | جدة
تهران | نيويورك | جنيف | بروكسل | برلين | مدريد | روما
""")
)

NOT_PLACES = frozenset(
    listed("""
a | an | the | this | that | these | those | it | he | she | we | you | they | i | but | and | or | if
when | while | as | to | for | from | with | by | file | update | updated | updates | watch | note | notes | read
more | also | exclusive | opinion | analysis | video | videos | photo | photos | breaking | live | news
tip | fact | facts | question | answer | q | best | top | story | stories | editorial | correction
corrected | clarification | related | advertisement | ad | warning | spoiler | alert | review | preview
interview | transcript | breakdown | summary | what | why | how | who | where | which | there | here | yes
no | not | new! | listen | download | subscribe | photos: | pics | gallery | share | click | source
sources | via | image | images | caption | credit | ap | reuters | afp | cnn | bbc | dpa | efe | ansa
copyright | editor | editors | reporter | staff | correspondent | agencies | january | february | march
april | june | july | august | september | october | november | december | nota | notas | foto | fotos
vídeo | lea | leia | lire | attention | achtung | urgente | última | noticia | noticias | directo | фото
видео | обновлено | важно | внимание | справка | источник | читайте | новости | эксклюзив | срочно | first
second | third | one | two | three | part | chapter | step | day | week | year | season | round | group
game | match | fbi | cia | nato | nasa | un | eu | usa | us | uk | gop | un: | ceo | covid | covid-19 | tv
pm | mp | mps | nfl | nba | mlb | nhl | ufc | wwe | final | report | poll | quiz | recipe | ingredients
method | directions | overview | background | context | conclusion | paru | dans | journal | mettere
new: | editors:
""")
)
"""Words that no place name of a dateline holds."""

SMALL_WORDS = frozenset(
    listed("""
de | del | della | di | da | do | dos | das | du | des | la | las | le | les | el | los | of | the | upon
on | sur | am | an | der | den | bei | im | in | i | y | e | et | und | and | al | ul | bin | y'all | aan
op | na | над | на | near | outside | aboard
""")
)
"""Words in small letters within a place name."""
