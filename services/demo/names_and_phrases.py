"""The people, companies, places and phrases of the sample data.

All are made up. The phone numbers are reserved for fiction. Emails end in ``.example``, which no mail server
serves (RFC 2606).
"""

from enum import StrEnum
from typing import Final, NamedTuple

from models.enums import Department

AGENCY: Final = {
    "agency_name": "Epic Events",
    "agency_address": "18 quai des Tanneurs\n44000 Nantes\n01 99 00 41 00 · bonjour@epic-events.example",
    "agency_siret": "99999100300016",
    "agency_vat": "FR89999991003",
    "agency_legal": "SARL au capital de 20 000 €, RCS Nantes",
}
"""What papers say of the agency; the numbers have the right form and belong to no company."""


class Sector(StrEnum):
    """The sector of a client, which selects suitable events."""

    PRIVATE = "private"
    COMPANY = "company"
    PUBLIC = "public"


class SampleCollaborator(NamedTuple):
    """The fields of a collaborator."""

    username: str
    first_name: str
    last_name: str
    department: Department
    phone: str


class SampleClient(NamedTuple):
    """The fields of a client."""

    sector: Sector
    full_name: str
    company: str
    email: str
    phone: str
    contact_person: str = ""
    language: str = ""


class Occasion(NamedTuple):
    """A kind of event.

    ``name`` may hold ``{client}`` or ``{company}``. ``hours`` is the duration. ``attendees`` are the smallest
    and the largest number. ``price`` is for one attendee, in whole units of the currency.
    """

    name: str
    start_hour: int
    hours: int
    attendees: tuple[int, int]
    price: int


# The brief names Bill Boquet, Kate Hastroff and Aliénor Vichum.
TEAM: Final = (
    SampleCollaborator("admin", "Solange", "Kermarrec", Department.GESTION, "01 99 00 41 10"),
    SampleCollaborator("commercial1", "Bill", "Boquet", Department.COMMERCIAL, "06 39 98 41 11"),
    SampleCollaborator("commercial2", "Inès", "Delacroix-Muñoz", Department.COMMERCIAL, "06 39 98 41 12"),
    SampleCollaborator("support1", "Kate", "Hastroff", Department.SUPPORT, "06 39 98 41 13"),
    SampleCollaborator("support2", "Aliénor", "Vichum", Department.SUPPORT, "06 39 98 41 14"),
)
FORMER: Final = SampleCollaborator("anna_l", "Anna", "Lindqvist", Department.COMMERCIAL, "06 39 98 41 15")
"""A collaborator who left: deactivated and without a usable password."""

_PRIVATE, _COMPANY, _PUBLIC = Sector.PRIVATE, Sector.COMPANY, Sector.PUBLIC

SAMPLE_CLIENTS: Final = (
    SampleClient(_PRIVATE, "Amélie d'Orgeval", "", "amelie@dorgeval.example",
                 "06 39 98 12 04", language="fr"),
    SampleClient(_COMPANY, "Camille Bréhat", "Brasserie du Vieux-Lavoir", "c.brehat@vieux-lavoir.example",
                 "02 61 91 30 22", language="fr"),
    SampleClient(_COMPANY, "Oliver Whitcombe", "Whitcombe & Sons Ltd", "oliver@whitcombe.example",
                 "+44 20 7946 0318", language="en"),
    SampleClient(_PUBLIC, "Monique Péchenard", "Mairie de Saint-Aubin-des-Noyers",
                 "mairie@saint-aubin-des-noyers.example", "03 53 01 44 10", "Sylvain Rouxel", language="fr"),
    SampleClient(_PRIVATE, "Jean-François Le Bihan", "", "jf.lebihan@courriel.example", "02 61 91 77 05"),
    SampleClient(_COMPANY, "Thaïs Lemoine", "Ateliers Lemoine", "thais@ateliers-lemoine.example",
                 "04 65 71 08 19"),
    SampleClient(_COMPANY, "Giulia D'Angelo", "D'Angelo Ceramiche S.r.l.", "giulia@dangelo-ceramiche.example",
                 "+39 06 5555 0142"),
    SampleClient(_PRIVATE, "Siobhán O'Malley", "", "siobhan@omalley.example",
                 "+353 20 915 0137", language="en"),
    SampleClient(_COMPANY, "Søren Østergaard", "Nordlys Design ApS", "soren@nordlys-design.example",
                 "+45 32 55 01 42"),
    SampleClient(_PUBLIC, "Yves Combaluzier", "Association Les Amis de l'Orgue", "bureau@amis-orgue.example",
                 "05 36 49 18 60", "Geneviève Aït-Saïd"),
    SampleClient(_PRIVATE, "Łukasz Wiśniewski", "", "lukasz@wisniewski.example", "+48 22 555 01 77"),
    SampleClient(_COMPANY, "Anneliese Größmann", "Größmann Optik GmbH",
                 "a.groessmann@groessmann-optik.example", "+49 30 23125 417"),
    SampleClient(_COMPANY, "Rachid El Amrani", "Atlas Logistique", "r.elamrani@atlas-logistique.example",
                 "01 99 00 62 35", "Salma Benjelloun"),
    SampleClient(_PRIVATE, "Đặng Thu Hà", "", "thuha@dang.example", "06 39 98 55 21"),
    SampleClient(_PUBLIC, "Hélène Marsac", "Fondation Hélène-Marsac", "contact@fondation-marsac.example",
                 "01 99 00 87 40"),
    SampleClient(_COMPANY, "Mei-Ling Huang", "Jade River Trading", "meiling@jade-river.example",
                 "+852 5555 0163", language="en"),
    SampleClient(_PRIVATE, "Élodie et Marc Thévenin", "", "famille@thevenin.example", "03 53 01 92 48"),
    SampleClient(_COMPANY, "Pierre-Yves Cœurdevey", "Cœurdevey Horlogerie", "py@coeurdevey.example",
                 "03 53 01 25 80"),
    SampleClient(_COMPANY, "Sarah Goldstein", "Maplewood Software Inc.", "sarah@maplewood-software.example",
                 "+1 617 555 0148", "Devon Achebe", language="en"),
    SampleClient(_PRIVATE, "Zoë van den Berg", "", "zoe@vandenberg.example", "+31 20 555 0193"),
    SampleClient(_COMPANY, "Étienne L'Hermitte", "Vignobles L'Hermitte",
                 "etienne@vignobles-lhermitte.example", "05 36 49 70 11"),
    SampleClient(_PUBLIC, "Patrice Vauquelin", "Lycée agricole de la Tuilerie",
                 "intendance@la-tuilerie.example", "02 61 91 14 33"),
    SampleClient(_COMPANY, "Ayşe Yıldırım", "Bosphore Textiles", "ayse@bosphore-textiles.example",
                 "+90 212 555 0126"),
    SampleClient(_PRIVATE, "José Ángel Ibáñez", "", "joseangel@ibanez.example", "+34 915 550 184"),
    SampleClient(_COMPANY, "Hugo Fernández Núñez", "Solaria Energía", "hugo@solaria-energia.example",
                 "+34 935 550 110"),
    SampleClient(_COMPANY, "Maud Vasseur", "Clinique vétérinaire des Tilleuls",
                 "accueil@clinique-tilleuls.example", "03 53 01 63 07", "Dr Loïc Hénaff"),
    SampleClient(_PRIVATE, "Chloé Kouassi", "", "chloe@kouassi.example", "06 39 98 30 66"),
    SampleClient(_PUBLIC, "Josiane Brûlé", "Chambre de métiers du Val-Joli", "j.brule@cma-val-joli.example",
                 "04 65 71 52 90"),
    SampleClient(_COMPANY, "田中 美咲", "Sakura Paper Co.", "misaki.tanaka@sakura-paper.example",
                 "+81 3 5555 0171"),
    SampleClient(_PRIVATE, "Björn Åkesson", "", "bjorn@akesson.example", "+46 8 465 004 18"),
    SampleClient(_COMPANY, "Baptiste Noël", "L'Échappée Belle", "baptiste@echappee-belle.example",
                 "05 36 49 33 02"),
    SampleClient(_PUBLIC, "Didier Lasserre", "Rugby Club de Montferrand-le-Vieux", "club@rcmv.example",
                 "04 65 71 15 15"),
    SampleClient(_PRIVATE, "Νίκος Παπαδόπουλος", "", "nikos@papadopoulos.example", "+30 21 5550 0139"),
    SampleClient(_COMPANY, "Katarzyna Dąbrowska", "Bursztyn Studio", "kasia@bursztyn.example",
                 "+48 58 555 01 23"),
    SampleClient(_PUBLIC, "Lison Archambault", "Festival Les Nuits d'Août", "lison@nuits-aout.example",
                 "06 39 98 08 08"),
    SampleClient(_COMPANY, "Ibrahim Ouédraogo", "Sahel Coton Équitable", "ibrahim@sahel-coton.example",
                 "+226 25 55 01 90"),
    # The last three are prospects without a contract.
    SampleClient(_PRIVATE, "Fatoumata N'Diaye", "", "fatoumata@ndiaye.example", "06 39 98 71 43"),
    SampleClient(_COMPANY, "Gaëlle Quéméneur", "Biscuiterie de l'Aber", "gaelle@biscuiterie-aber.example",
                 "02 61 91 50 50"),
    SampleClient(_PRIVATE, "Noémie Saint-Léger", "", "noemie@saint-leger.example", "06 39 98 24 89"),
)  # fmt: skip
PROSPECT_COUNT: Final = 3

OCCASIONS: Final = {
    _PRIVATE: (
        Occasion("{client}: wedding", 14, 12, (60, 160), 95),
        Occasion("{client}: 40th birthday", 19, 6, (30, 80), 70),
        Occasion("{client}: baptême et déjeuner", 11, 6, (25, 60), 55),
        Occasion("{client}: noces d'or", 12, 8, (40, 90), 80),
        Occasion("{client}: family reunion", 12, 7, (35, 110), 60),
    ),
    _COMPANY: (
        Occasion("{company}: séminaire annuel", 9, 9, (30, 120), 140),
        Occasion("{company}: product launch", 18, 5, (80, 250), 85),
        Occasion("{company}: soirée du personnel", 19, 5, (60, 200), 75),
        Occasion("{company}: assemblée générale", 14, 3, (40, 180), 45),
        Occasion("{company}: client evening", 19, 4, (40, 120), 110),
    ),
    _PUBLIC: (
        Occasion("{company}: concert et buffet", 18, 4, (100, 350), 30),
        Occasion("{company}: marché de producteurs", 8, 10, (200, 900), 12),
        Occasion("{company}: soirée caritative", 19, 5, (80, 260), 65),
        Occasion("{company}: remise des prix", 15, 4, (60, 220), 40),
    ),
}  # fmt: skip
# Monday is 0: families meet at the weekend, companies on working days.
WEEKDAYS: Final = {_PRIVATE: (4, 5, 6), _COMPANY: (0, 1, 2, 3, 4), _PUBLIC: (2, 4, 5, 6)}

PLACES: Final = {
    _PRIVATE: (
        "Domaine des Aulnaies, 14 chemin du Gué, 41400 Chissay",
        "Moulin de la Planche, 2 rue du Bief, 37150 Luzillé",
        "Le Clos Saint-Éloi, 8 impasse des Tanneurs, 45000 Orléans",
        "Orangerie du Grand-Pressoir, 49700 Doué-en-Anjou",
        "Ferme de l'Étang-Neuf, 18410 Brinon-sur-Sauldre",
        "Villa Bel-Air, 27 quai des Violettes, 37400 Amboise",
    ),
    _COMPANY: (
        "Palais des Lices, salle Vauban, 3 place du Marché, 72000 Le Mans",
        "Hôtel de l'Écluse, 19 quai Ronsard, 37000 Tours",
        "La Halle aux Grains, 6 cours Gambetta, 41000 Blois",
        "Péniche L'Indolente, port de la Fonderie, 75015 Paris",
        "Manufacture 1889, 44 rue des Corroyeurs, 45000 Orléans",
        "Centre de congrès du Val, 1 esplanade de l'Europe, 86000 Poitiers",
    ),
    _PUBLIC: (
        "Salle polyvalente Jean-Vilar, 5 rue des Écoles, 41350 Vineuil",
        "Parc de la Roseraie, allée des Cèdres, 45160 Olivet",
        "Foyer rural, place de l'Église, 36110 Levroux",
        "Théâtre de verdure, chemin des Remparts, 37600 Loches",
    ),
}  # fmt: skip

# The notes of events: preparations, and reports that are added after the event.
PREPARATIONS: Final = {
    _PRIVATE: (
        "Caterer confirmed; tasting done with the family.\nTables of ten, two of eight by the window.",
        "Menu: 3 guests without gluten, 1 allergy to nuts, 12 vegetarians.\nThe list is with the chef.",
        "Le photographe arrive une heure avant. Discours à 19 h 30, pas plus de dix minutes.",
        "Fleuriste : livraison à 8 h. La famille garde les compositions après la fête.",
        "The band plays until 1:00; after that, low volume only (neighbours, town by-law).",
        "Surprise for the grandparents at dessert: the film is on our laptop. Not a word before!",
    ),
    _COMPANY: (
        "Accès livraisons par la cour, avant 10 h.\nPrévoir deux diables et une rallonge de 25 m.",
        "Sound check two hours before the doors open. The house PA has no wireless microphone: bring two.",
        "Badges printed by us, in order of surname. Two hostesses at the door, one speaks German.",
        "Interprétation français-anglais : cabine au fond de la salle, 40 casques réservés.",
        "Logo on both screens from the first minute; the slides arrive on a USB key the evening before.",
        "Traiteur : 12 végétariens, 2 sans porc, 1 sans gluten. La liste est chez le chef.",
    ),
    _PUBLIC: (
        "Repli en salle si la pluie est annoncée la veille à 18 h ; le traiteur est prévenu.",
        "Parking for 40 cars behind the barn; stewards from 17:00. Two places kept for wheelchairs.",
        "Interprète en langue des signes au premier rang, côté jardin.",
        "Autorisation de la mairie reçue. Buvette sans alcool fort ; fermeture des stands à l'heure dite.",
    ),
}  # fmt: skip
REPORTS: Final = (
    "Everything on time. The client would book the same place again.",
    "Une heure de plus demandée sur place, à facturer : accord écrit du client.",
    "12 chairs short at the start; borrowed from the next room. Next time, count them the day before.",
    "Très bon retour du client ; il recommande le traiteur.",
    "Left a clean hall, keys given back the same night. One broken vase, on us.",
)
