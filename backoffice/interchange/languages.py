"""Names of many languages, for people who are made up. Family names are those that women and men share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """The names of one language; `weight` is how often it is met. `family_first` is the order in which a name is said."""

    code: str
    weight: int
    given: tuple[str, ...]
    family: tuple[str, ...]
    family_first: bool = False


def _language(code: str, weight: int, given: str, family: str, *, family_first: bool = False) -> Language:
    return Language(code, weight, _names(given), _names(family), family_first)


def _names(words: str) -> tuple[str, ...]:
    """Returns the names in `words`; an underscore stands for the blank inside one."""
    return tuple(word.replace("_", " ") for word in words.split())


LANGUAGES = (
    _language(
        "en",
        36,
        "Olivia Amelia Isla Ava Ivy Freya Lily Florence Mia Willow Rosie Sophia Isabella Grace Daisy Emily Charlotte Alice Ruby "
        "Poppy Noah Oliver George Arthur Muhammad Leo Harry Oscar Archie Henry Theodore Freddie Jack Charlie Theo Alfie Jacob "
        "Thomas Finley Joshua Margaret Susan Patricia Janet Christine Brian Keith Graham Trevor Malcolm",
        "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall "
        "Wood Jackson Clarke Patel Hughes Edwards Hill Moore Clark Harrison Scott Young Morris Ward Turner Carter Phillips "
        "Mitchell Campbell Anderson Allen Cook Bailey Parker Miller Davis Murphy Price Bell Baker Griffiths Kelly O'Brien "
        "Smith-Jones Ashworth Fairclough St_John",
    ),
    _language(
        "cy",
        5,
        "Siân Gruffudd Angharad Llŷr Carys Dafydd Eirlys Gethin Nerys Osian Seren Tomos Wyn Ffion Ieuan Mair Rhodri",
        "ap_Rhys Llewelyn Gwynne Morgan Powell Prosser Bevan Pugh Vaughan Tudur Cadwaladr Rhydderch Llwyd Môn",
    ),
    _language(
        "gd",
        5,
        "Mòrag Eilidh Ruairidh Catrìona Fionnlagh Mairi Seonaidh Iain Oighrig Beathag Calum Donnchadh Ùisdean Peigi Alasdair",
        "MacDonald MacLeòid Campbell MacKenzie Stiùbhart Cameron Fraser Munro Sutherland Buchanan MacAoidh Grannd Ros",
    ),
    _language(
        "ga",
        4,
        "Aoife Caoimhe Saoirse Ciarán Séamus Róisín Gráinne Oisín Pádraig Sinéad Tadhg Máire Eoghan Bláthnaid Diarmuid Úna",
        "Ó_Súilleabháin Murphy Ní_Dhomhnaill Byrne Ryan O'Connor Doyle McCarthy Gallagher Doherty Kennedy Lynch Fitzgerald Nolan",
    ),
    _language(
        "pl",
        5,
        "Agnieszka Łukasz Małgorzata Krzysztof Zofia Paweł Elżbieta Michał Grażyna Sławomir Joanna Wojciech Bożena Rafał Żaneta",
        "Nowak Wójcik Woźniak Zając Mazur Gąsior Wróbel Sikora Duda Pawlak Michalak Szewczyk Stępień Król",
    ),
    _language(
        "de",
        3,
        "Jürgen Käthe Björn Anna Günther Sören Jörg Ursula Heike Matthias Lieselotte Wolfgang Annegret Thorsten Änne Felix",
        "Müller Schmidt Schäfer Weiß Krüger Jäger Groß Böhm Köhler Vogel von_der_Heide Lüdemann Strauß Öztürk Brüggemann",
    ),
    _language(
        "fr",
        3,
        "François Zoé Hélène Jérôme Aurélie Benoît Chloé Gaël Inès Loïc Maëlle Noël Océane Rémi Thérèse Yves Amélie Étienne",
        "Dubois Lefèvre Bélanger Côté Moreau Gagné Lemaître Garçon d'Aubigné Hébert Noël Rousseau Mbappé Diallo Traoré",
    ),
    _language(
        "es",
        3,
        "José María Íñigo Begoña Jesús Ángel Concepción Martín Nuria Raúl Sofía Andrés Lucía Óscar Inés Matías Ximena Joaquín",
        "García Núñez Muñoz Ibáñez Peña Domínguez Vázquez Ordóñez Gutiérrez Castaño Güell Pérez Jiménez Ramírez Fernández",
    ),
    _language(
        "pt",
        2,
        "João Conceição Antônio Inês Luís Mônica Sebastião Tânia Vítor Cecília Érica Fábio Gonçalo Lídia Márcio Patrícia",
        "da_Silva Gonçalves Araújo Simões Conceição Magalhães Brandão Falcão Leitão Guimarães Assunção Antunes Corrêa",
    ),
    _language(
        "nordic",
        2,
        "Åsa Øyvind Søren Björk Jón Þóra Håkon Märta Sigríður Lærke Ásdís Göran Kåre Väinö Liisa Ödön Jörgen",
        "Ångström Sørensen Bjørnstad Jónsdóttir Þorsteinsson Nygård Lindström Kjær Mäkinen Hämäläinen Virtanen Åkesson",
    ),
    _language(
        "tr",
        2,
        "Ayşe Çağlar İbrahim Gülşen Şükrü Özlem Uğur Yağmur Işıl Ömer Büşra Tuğçe Müjde Oğuz Zeynep Emre",
        "Yılmaz Çelik Şahin Öztürk Yıldız Özdemir Doğan Kılıç Güneş Erdoğan Çiftçi Aydın Koç Tanrıkulu",
    ),
    _language(
        "cs",
        2,
        "Žofie Jiří Tomáš Šárka Ondřej Kateřina Václav Lukáš Zdeněk Eliška Řehoř Ľubica Ján Zuzana Matěj Anežka",
        "Krejčí Martinů Janů Petrů Dolejší Hořejší Kočí Jirků Pavlů Řezníčků Srnčí Tomšů",
    ),
    _language(
        "vi",
        2,
        "Anh Bảo Châu Dũng Hiền Khánh Linh Minh Ngọc Phúc Quỳnh Sơn Thảo Tuấn Vy Yến",
        "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Đặng Bùi Đỗ Ngô Dương Lý",
        family_first=True,
    ),
    _language(
        "yo",
        3,
        "Adébáyọ̀ Folákẹ́ Oluwaseun Chinwe Ngozi Emeka Títílayọ̀ Babátúndé Ifeoma Kwame Abena Kofi Zanele Sipho Wanjiru Chidi",
        "Okafor Adéyẹmí Mensah Nwosu Olúwọlé Dlamini Kamau Boateng Eze Ọ̀ṣọ́bà Mutasa Asante Nkosi Achebe Wanyama",
    ),
    _language(
        "hi",
        6,
        "Aarav Priya Rohan Ananya Vikram Lakshmi Sanjay Meera Arjun Kavita Imran Fatima Bilal Ayesha Harpreet Gurdeep Simran "
        "Nadia Zainab Tariq",
        "Patel Singh Kaur Sharma Khan Ahmed Hussain Begum Gupta Iyer Chowdhury Das Reddy Malik Shah Mukherjee Ali Rahman",
    ),
    _language(
        "zh",
        3,
        "伟 芳 娜 秀英 敏 静 丽 强 磊 军 洋 勇 艳 杰 涛 明",
        "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙",
        family_first=True,
    ),
    _language(
        "ja",
        2,
        "翔太 陽菜 結衣 蓮 美咲 大輝 葵 拓海 さくら 健一 由美子 直樹",
        "佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 中村 小林 加藤 吉田 山田",
        family_first=True,
    ),
    _language(
        "ru",
        3,
        "Анна Дмитрий Елена Сергей Ольга Иван Мария Алексей Наталья Фёдор Юлия Пётр Оксана Андрій Євгенія Тарас",
        "Шевченко Коваленко Бондаренко Кравчук Ткаченко Мельник Ковальчук Черных Седых Гончаренко Йовович Дурново",
    ),
    _language(
        "ar",
        4,
        "محمد فاطمة أحمد عائشة يوسف مريم خالد زينب عمر ليلى حسن نور إبراهيم سارة",
        "الأحمد حداد خوري السيد منصور النجار عباس صالح الحسن درويش فارس المصري",
    ),
    _language(
        "el",
        2,
        "Γιώργος Μαρία Κωνσταντίνος Ελένη Δημήτρης Αικατερίνη Νίκος Σοφία Παναγιώτης Άννα Χρήστος Ιωάννα",
        "Γεωργίου Οικονόμου Νικολάου Δημητρίου Βασιλείου Παπαϊωάννου Αναστασίου Ζαφειρίου Χατζή Μιχαήλ",
    ),
)

# People who have one name only (Java, South India, Afghanistan, Myanmar).
SINGLE_NAMES = tuple(
    "Suharto Sukarno Megawati Budiono Sari Wulandari Slamet Ngatini Revathi Murugan Selvi Anbu Karthik Zarmina Farida "
    "Gulalai Najib Thein Aung Phyu Nilar Sukarni Paijo".split()
)
